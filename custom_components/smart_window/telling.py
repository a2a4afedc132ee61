"""What a window tells the model beside its readings: its room, its trends, its owner's taste. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from .contract import Context, Taste as Minds
from .last_move import LastMove
from .settings import Taste, WindowSettings

MOST_STILL_HOURS: Final = 10_000.0
MOST_TREND_K: Final = 60.0
MOST_TREND_PERCENT: Final = 200.0
LEAST_WEIGHT: Final = 0.25
MOST_WEIGHT: Final = 4.0
"""What a request may hold (contract)."""

TASTES: Final[Mapping[Taste, Minds]] = {
    Taste.BALANCED: Minds(),
    Taste.QUIET: Minds(quiet=2.0),
    Taste.FRESH: Minds(fresh=2.0),
}
"""What the model is told of each word for a taste: that it counts twice."""

type Trends = tuple[float | None, float | None]
"""Of temperature, K/h, and humidity, %/h."""


def minds(own: WindowSettings) -> Minds:
    """The owner's taste in numbers: the sliders, and on top of them what the word says. Within the contract."""
    word = TASTES[own.taste]
    return Minds(
        warmth=own.taste_warmth,
        fresh=_weight(own.taste_fresh * word.fresh),
        quiet=_weight(own.taste_quiet * word.quiet),
        calm=_weight(own.taste_calm * word.calm),
        thrift=_weight(own.taste_thrift * word.thrift),
    )


def _weight(factor: float) -> float:
    return min(max(factor, LEAST_WEIGHT), MOST_WEIGHT)


def told(context: Context, own: WindowSettings, trends: Trends, moved: LastMove | None, wall: float) -> Context:
    """The home's context, and what the window knows itself. `wall`: Unix seconds."""
    warms, dampens = trends
    still = None if moved is None else min(max(wall - moved.wall, 0.0) / 3600, MOST_STILL_HOURS)
    return replace(
        context,
        room_volume=own.volume_m3,
        opening_area=own.opening_m2,
        temperature_trend=_within(warms, MOST_TREND_K),
        humidity_trend=_within(dampens, MOST_TREND_PERCENT),
        still_hours=still,
    )


def _within(value: float | None, most: float) -> float | None:
    return None if value is None else min(max(value, -most), most)
