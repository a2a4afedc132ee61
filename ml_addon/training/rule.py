"""The plain rule of the integration for many rooms at once: the rival. contract/vectors/fallback tries both.

custom_components/smart_window/fallback.py is the definition, contract/fallback.yaml holds the thresholds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from ..inputs import Known
from .world import Seen

# Each a number, or (n,) to try many at once.
Thresholds = Mapping[str, Tensor]
BALANCED, QUIET, FRESH = 0, 1, 2
_NIGHT_BEGINS, _NIGHT_ENDS = 22, 7  # the integration's defaults
SMALLEST_CHANGE = 0.05  # a smaller move is none (settings.smallest_change)


@dataclass(frozen=True, slots=True)
class Air:
    """(n,) each; NaN is not known. °C, %, ppm, µg/m³, dB(A)."""

    indoor_temperature: Tensor
    indoor_humidity: Tensor
    outdoor_temperature: Tensor
    outdoor_humidity: Tensor
    running_mean: Tensor
    co2: Tensor
    voc: Tensor
    noise: Tensor
    night: Tensor  # bool
    taste: Tensor  # BALANCED, QUIET or FRESH


def advise(air: Air, t: Thresholds) -> tuple[Tensor, Tensor]:
    """At least and at most so open, percent, (n,) each."""
    fresh = torch.where(air.taste == FRESH, t["fresh_shift_ppm"], 0.0)
    inside, outside = air.indoor_temperature, air.outdoor_temperature
    both = ~(inside.isnan() | outside.isnan())
    mean = torch.where(air.running_mean.isnan(), outside, air.running_mean)
    mean = torch.where(mean.isnan(), t["assumed_running_mean"], mean)
    within = torch.minimum(torch.maximum(mean, t["running_mean_min"]), t["running_mean_max"])
    middle = t["comfort_slope"] * within + t["comfort_base"]
    upper = middle + t["above_comfort"]
    water = _absolute(inside, air.indoor_humidity)
    dries = _absolute(outside, air.outdoor_humidity) <= water - t["drier_outside"]  # NaN: no
    cooler = outside <= inside - t["cooler_outside"]
    need = torch.stack(
        (
            _share(air.co2, t["co2_begin"] - fresh, t["co2_full"] - fresh),
            _share(air.voc, t["voc_begin"], t["voc_full"]),
            torch.where(dries, _share(air.indoor_humidity, t["humidity_begin"], t["humidity_full"]), 0.0),
            torch.where(cooler, _share(inside, upper, upper + t["warm_full"]), 0.0),
        )
    ).amax(0)
    shift = t["quiet_shift_db"] * ((air.taste == FRESH).float() - (air.taste == QUIET).float())
    begin = torch.where(air.night, t["noise_night"], t["noise_day"]) + shift
    high = 100 - _share(air.noise, begin, begin + t["noise_range"]) * (100 - t["noise_position"])
    tilt = torch.where(need > 0, t["tilt"], 0.0)
    cold = (outside < inside) & (inside < middle - t["below_comfort"])
    heat = (outside >= inside) & (inside > upper)
    idle = need == 0
    shut = ~cold & ~heat & idle & (((outside < inside) & (inside < middle)) | ((outside > inside) & (inside > middle)))
    cap = torch.where(cold | heat, tilt, torch.where(shut, 0.0, 100.0))
    high = torch.where(both, torch.minimum(high, cap), high)
    return torch.minimum(100 * need, high), high


def drive(seen: Seen, t: Thresholds) -> Tensor:
    """Where the rule would have the window, 0 … 1, in the device's steps of 5 %. Who is near enough stays."""
    scalars = seen.scalars
    hour = scalars[:, Known.HOUR]
    nothing = torch.full_like(hour, torch.nan)
    air = Air(
        indoor_temperature=scalars[:, Known.TEMPERATURE],
        indoor_humidity=scalars[:, Known.HUMIDITY],
        outdoor_temperature=scalars[:, Known.OUTDOOR_TEMPERATURE],
        outdoor_humidity=scalars[:, Known.OUTDOOR_HUMIDITY],
        running_mean=scalars[:, Known.RUNNING_MEAN],
        co2=scalars[:, Known.CO2],
        voc=nothing,
        noise=seen.level,
        night=(hour >= _NIGHT_BEGINS) | (hour < _NIGHT_ENDS),
        taste=torch.zeros_like(hour, dtype=torch.long),
    )
    low, high = advise(air, t)
    before = scalars[:, Known.POSITION].nan_to_num(0) / 100
    wanted = torch.minimum(torch.maximum(before, low / 100), high / 100)
    return torch.where((wanted - before).abs() < SMALLEST_CHANGE, before, wanted)


def _share(value: Tensor, begin: Tensor, full: Tensor) -> Tensor:
    return ((value - begin) / (full - begin)).clamp(0, 1).nan_to_num(0)


def _absolute(celsius: Tensor, percent: Tensor) -> Tensor:
    """g/m³, as the integration's fallback computes it."""
    pressure = percent / 100 * 6.112 * torch.exp(17.62 * celsius / (243.12 + celsius))
    return 216.7 * pressure / (273.15 + celsius)
