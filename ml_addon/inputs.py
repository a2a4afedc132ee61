"""What the model is told: a row of numbers, NaN where something is absent. The same code serves and trains."""

import math
from enum import IntEnum

import torch
from torch import Tensor

from .air import comfort, humidity_ratio
from .feature_schema import CURRENT, V1
from .messages import Request

SCHEMA = "smart-window-inputs.v2"
READS = V1
"""The features that the network is given; a model file that names others is refused."""
_COLUMNS = torch.tensor(CURRENT.columns_of(READS))


class Known(IntEnum):
    """The columns of the scalars; their lower-case names are the codes of the reasons."""

    TEMPERATURE = 0  # °C
    HUMIDITY = 1  # %
    OUTDOOR_TEMPERATURE = 2  # °C
    OUTDOOR_HUMIDITY = 3  # %
    WIND = 4  # m/s
    RAIN = 5  # 0 or 1
    HOUR = 6  # of the home's local day
    POSITION = 7  # %
    CO2 = 8  # ppm
    OCCUPIED = 9  # 0 or 1
    RUNNING_MEAN = 10  # °C outdoors, of the last days
    WEEKDAY = 11  # 0 Monday … 6 Sunday
    BEDROOM = 12  # 0 or 1: the room's use
    ROOM_VOLUME = 13  # m³
    OPENING_AREA = 14  # m² when wide open
    TEMPERATURE_TREND = 15  # K/h, of the last half hour
    HUMIDITY_TREND = 16  # %/h, of the last half hour
    STILL_HOURS = 17  # since the window last moved


class Liking(IntEnum):
    """The columns of the taste. Never absent: 0 is as usual."""

    WARMTH = 0  # K that comfort is shifted by, -3 … 3
    FRESH = 1  # log2 of the weight of stale air, -2 … 2
    QUIET = 2  # of noise
    CALM = 3  # of moves
    THRIFT = 4  # of heat


HEARD = tuple(
    name
    for name in READS.names
    if name in {"la_eq", "la_10", "la_90", "centroid_mean", "rolloff_mean", "zcr_mean"}
    or (name.startswith("mfcc") and name.endswith("_mean") and int(name[4:-5]) <= 12)  # noqa: PLR2004
)
"""What it looks at among them: the levels, and the sound's colour."""
HEARD_COLUMNS = torch.tensor([READS.names.index(name) for name in HEARD])

JUST_MOVED = 0.5  # h: simulated windows are asked each half hour, so that a shorter rest was never learnt from

_READINGS = (
    "temperature",
    "humidity",
    "outdoor_temperature",
    "outdoor_humidity",
    "wind",
    "rain",
    "hour_sin",
    "hour_cos",
    "hour_2_sin",
    "hour_2_cos",
    "position",
    "co2",
    "occupied",
    "running_mean",
    "weekend",
    "bedroom",
    "room_volume",
    "opening_area",
    "temperature_trend",
    "vapour_trend",
    "still_hours",
    "outdoor_excess",
    "vapour_excess",
    "comfort_excess",
)
_LIKINGS = tuple(liking.name.lower() for liking in Liking)
NAMES = (*_READINGS, *_LIKINGS, *HEARD)
SOUND = slice(len(NAMES) - len(HEARD), len(NAMES))
"""Where the sound lies among the inputs."""
LIKINGS = slice(len(_READINGS), len(_READINGS) + len(_LIKINGS))
MASKED = (*range(len(_READINGS)), SOUND.start)
"""The inputs whose absence is told apart: each reading, and the sound as a whole."""


def scalars_of(request: Request) -> Tensor:
    """Return (18,) in the order of Known."""
    context = request.context
    known = (
        request.temperature,
        request.humidity,
        context.outdoor_temperature,
        context.outdoor_humidity,
        context.wind_speed,
        context.rain,
        context.hour,
        context.position,
        context.co2,
        context.occupied,
        context.running_mean,
        context.weekday,
        None if context.room is None else context.room == "bedroom",
        context.room_volume,
        context.opening_area,
        context.temperature_trend,
        context.humidity_trend,
        context.still_hours,
    )
    return torch.tensor([math.nan if value is None else float(value) for value in known])


def likings_of(request: Request) -> Tensor:
    """Return (5,) in the order of Liking."""
    taste = request.taste
    factors = (taste.fresh, taste.quiet, taste.calm, taste.thrift)
    return torch.tensor([taste.warmth, *(math.log2(factor) for factor in factors)])


def sound_of(heard: Tensor) -> Tensor:
    """(…, len(CURRENT)), all features of a clip → (…, len(READS)), those that the network is given."""
    return heard[..., _COLUMNS]


def to_inputs(scalars: Tensor, likings: Tensor, sound: Tensor) -> Tensor:
    """(rows, 18), (rows, 5) and (rows, len(READS)), NaN where absent → (rows, len(NAMES)).

    What is derived from an absent value is absent.
    """
    (t_in, rh_in, t_out, rh_out, wind, rain, hour, position) = scalars[:, : Known.CO2].unbind(1)
    (co2, occupied, mean, weekday, bedroom) = scalars[:, Known.CO2 : Known.ROOM_VOLUME].unbind(1)
    (volume, opening, trend, humidity_trend, still) = scalars[:, Known.ROOM_VOLUME :].unbind(1)
    trend = trend.clamp(-6, 6)
    before = humidity_ratio(t_in - trend / 2, (rh_in - humidity_trend.clamp(-60, 60) / 2).clamp(0, 100))
    angle = hour * (2 * math.pi / 24)
    readings = (
        t_in,
        rh_in,
        t_out,
        rh_out,
        wind.clamp(0, 20),
        rain,
        angle.sin(),
        angle.cos(),
        (2 * angle).sin(),
        (2 * angle).cos(),
        position,
        (co2.clamp(300, 5000) / 1000).log(),
        occupied,
        mean,
        torch.where(weekday.isnan(), weekday, (weekday >= 5).float()),  # noqa: PLR2004  Saturday
        bedroom,
        volume.clamp(1, 10_000).log(),
        opening.clamp(0.01, 50).log(),
        trend,
        (2000 * (humidity_ratio(t_in, rh_in) - before)).clamp(-6, 6),
        (still.clamp(JUST_MOVED, 24) + 0.25).log(),
        t_out - t_in,
        1000 * (humidity_ratio(t_out, rh_out) - humidity_ratio(t_in, rh_in)),
        t_in - comfort(mean),
    )
    return torch.cat((torch.stack(readings, 1), likings, sound[:, HEARD_COLUMNS]), 1)
