"""What is set for one window, with defaults and bounds. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from custom_components.smart_window.contract import Lock

from .bounds import Bounds, SettingsError, check_bounds, read_settings
from .choices import AiringRule, QuietRule, Taste

_NAMED = {
    "wind": ("wind_limit", "wind_hysteresis"),
    "gust": ("gust_limit", "gust_hysteresis"),
}


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """What is set for one window. SettingsError when a value is out of bounds or two contradict each other.

    Limits of hazards are in m/s, °C and minutes, positions in percent: where the window goes, or how far it may open.
    100 as a position ends a rule for this window. The mode is chosen at its own entity and kept by the store.
    """

    band_min: float = 0.0
    band_max: float = 100.0
    """The window's own band; machines keep within it and the house's."""
    lock: Lock = Lock.NONE
    """child: the buttons do nothing. full: nothing moves it but hazards, and they only close it."""

    min_confidence: float | None = None
    """How sure the model must be to move it, 0–1. None: as the house."""
    quiet: QuietRule = QuietRule.HOUSE
    microphone: bool = True
    """The window may listen, where the house lets its windows listen."""

    rain_position: float | None = None
    """None: the house's."""
    rain_soon_minutes: float = 30.0
    """A forecast of rain within this time is a hazard."""
    rain_soon_position: float = 0.0
    wind_limit: float = 11.0
    """m/s. 10.8 m/s is where force 6 of the Beaufort scale begins (strong breeze)."""
    wind_hysteresis: float = 2.0
    wind_position: float = 0.0
    gust_limit: float = 17.0
    """m/s. 17.2 m/s is where force 8 begins (gale)."""
    gust_hysteresis: float = 3.0
    gust_position: float = 0.0
    hail_position: float = 0.0
    frost_limit: float = -5.0
    """°C outdoors."""
    frost_hysteresis: float = 1.0
    frost_position: float = 10.0
    alarm_position: float = 0.0

    away_position: float = 10.0
    """Nobody is at home: at most a tilt."""
    night_position: float = 100.0
    """At night it opens no further. Cooling by night is a window's best hour, so that this begins unlimited."""
    airing: AiringRule = AiringRule.BURSTS
    burst_minutes: float = 10.0
    burst_pause_minutes: float = 60.0

    volume_m3: float | None = None
    """The room's."""
    opening_m2: float | None = None
    """What is free when the window is wide open."""
    taste: Taste = Taste.BALANCED
    taste_warmth: float = 0.0
    """K that the model's comfort is shifted by; above 0 it likes the room warmer."""
    taste_fresh: float = 1.0
    """How much stale air counts for the model, 1 as usual; the taste's word counts on top. So with the next three."""
    taste_quiet: float = 1.0
    taste_calm: float = 1.0
    """Moves of the window."""
    taste_thrift: float = 1.0
    """Heat that is lost."""

    def __post_init__(self) -> None:
        check_bounds(self, WINDOW_BOUNDS)
        if self.band_min > self.band_max:
            raise SettingsError("band_max", f"{self.band_max:g} is below the band's lower end, {self.band_min:g}")
        for limit, hysteresis in _NAMED.values():
            if getattr(self, hysteresis) >= getattr(self, limit):
                raise SettingsError(hysteresis, f"is not below its limit, {getattr(self, limit):g}")

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> WindowSettings:
        """Settings from a subentry: names that are no setting are ignored, absent ones have their default.

        SettingsError when a value is of the wrong type or does not fit.
        """
        return cls(**read_settings(cls, values))


WINDOW_BOUNDS: Mapping[str, Bounds] = {
    "band_min": Bounds(0, 100),
    "band_max": Bounds(0, 100),
    "min_confidence": Bounds(0, 1),
    "rain_position": Bounds(0, 100),
    "rain_soon_minutes": Bounds(0, 360),
    "rain_soon_position": Bounds(0, 100),
    "wind_limit": Bounds(1, 60),
    "wind_hysteresis": Bounds(0, 30),
    "wind_position": Bounds(0, 100),
    "gust_limit": Bounds(1, 80),
    "gust_hysteresis": Bounds(0, 40),
    "gust_position": Bounds(0, 100),
    "hail_position": Bounds(0, 100),
    "frost_limit": Bounds(-40, 15),
    "frost_hysteresis": Bounds(0, 10),
    "frost_position": Bounds(0, 100),
    "alarm_position": Bounds(0, 100),
    "away_position": Bounds(0, 100),
    "night_position": Bounds(0, 100),
    "burst_minutes": Bounds(1, 60),
    "burst_pause_minutes": Bounds(1, 720),
    "volume_m3": Bounds(1, 10_000),
    "opening_m2": Bounds(0.01, 50),
    "taste_warmth": Bounds(-3, 3),
    "taste_fresh": Bounds(0.25, 4),
    "taste_quiet": Bounds(0.25, 4),
    "taste_calm": Bounds(0.25, 4),
    "taste_thrift": Bounds(0.25, 4),
}
