"""What the model is told, once more, for answers: inputs.py and layer.py in numpy, where a call costs far less.

inputs.py, air.py and layer.py are the definitions, and train; the tests hold the two to the same numbers. All of it is
float32, rows first, NaN where something is absent.
"""

import numpy as np
from numpy.typing import NDArray

from .inputs import HEARD_COLUMNS, JUST_MOVED, Known
from .layer import TASTE_BOUND, TASTES, TIMES, TIMES_BEGIN
from .model import POSITIONS

Floats = NDArray[np.float32]

_HEARD = HEARD_COLUMNS.numpy()
_TASTE_BOUND: Floats = TASTE_BOUND.numpy()
_TOWARDS_OPEN = np.linspace(-2, 2, POSITIONS, dtype=np.float32)
_SATURDAY = 5


def to_inputs(scalars: Floats, likings: Floats, sound: Floats) -> Floats:
    """(rows, 18), (rows, 5) and (rows, features) → (rows, inputs); as inputs.to_inputs."""
    columns = scalars.T
    (t_in, rh_in, t_out, rh_out, wind, rain, hour, position) = columns[: Known.CO2]
    (co2, occupied, mean, weekday, bedroom) = columns[Known.CO2 : Known.ROOM_VOLUME]
    (volume, opening, trend, humidity_trend, still) = columns[Known.ROOM_VOLUME :]
    trend = _between(trend, -6, 6)
    indoors, outdoors = _humidity_ratio(t_in, rh_in), _humidity_ratio(t_out, rh_out)
    before = _humidity_ratio(t_in - trend / 2, _between(rh_in - _between(humidity_trend, -60, 60) / 2, 0, 100))
    angle = hour * np.float32(2 * np.pi / 24)
    readings = (
        t_in,
        rh_in,
        t_out,
        rh_out,
        _between(wind, 0, 20),
        rain,
        np.sin(angle),
        np.cos(angle),
        np.sin(2 * angle),
        np.cos(2 * angle),
        position,
        np.log(_between(co2, 300, 5000) / 1000),
        occupied,
        mean,
        np.where(np.isnan(weekday), weekday, (weekday >= _SATURDAY).astype(np.float32)),
        bedroom,
        np.log(_between(volume, 1, 10_000)),
        np.log(_between(opening, 0.01, 50)),
        trend,
        _between(2000 * (indoors - before), -6, 6),
        np.log(_between(still, JUST_MOVED, 24) + np.float32(0.25)),
        t_out - t_in,
        1000 * (outdoors - indoors),
        t_in - (np.float32(0.33) * _between(mean, 10, 30) + np.float32(18.8)),
    )
    told: Floats = np.concatenate((np.stack(readings, 1), likings, sound[:, _HEARD]), 1)
    return told


def told_taste(likings: Floats, shift: Floats) -> Floats:
    """(rows, 5) and (rows, SIZE) → (rows, 5); as layer.told_taste."""
    told: Floats = np.clip(likings + shift[:, :TASTES], -_TASTE_BOUND, _TASTE_BOUND)
    return told


def lean(scalars: Floats, shift: Floats) -> Floats:
    """(rows, 18) and (rows, SIZE) → (rows, 21); as layer.lean."""
    hour = scalars[:, Known.HOUR]
    slot = ((hour[:, None] >= TIMES_BEGIN).sum(1) - 1) % TIMES
    slope = np.where(np.isnan(hour), np.float32(0), shift[np.arange(len(shift)), TASTES + slot])
    leaning: Floats = slope[:, None] * _TOWARDS_OPEN
    return leaning


def _between(values: Floats, low: float, high: float) -> Floats:
    """Clamped; what is absent stays so."""
    found: Floats = np.minimum(np.maximum(values, np.float32(low)), np.float32(high))
    return found


def _humidity_ratio(temperature: Floats, humidity: Floats) -> Floats:
    saturated = np.float32(611.2) * np.exp(np.float32(17.62) * temperature / (temperature + np.float32(243.12)))
    vapour = humidity * saturated / np.float32(100)
    ratio: Floats = np.divide(np.float32(0.622) * vapour, np.float32(101_325.0) - vapour, dtype=np.float32)
    return ratio
