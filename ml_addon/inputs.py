"""What the model is told: a row of numbers, NaN where something is absent. The same code serves and trains."""

import math
from enum import IntEnum

import torch
from torch import Tensor

from .feature_schema import CURRENT, V1
from .messages import Request

SCHEMA = "smart-window-inputs.v1"
READS = V1
"""The features that the network reads; a model file that names others is refused."""
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


NAMES = (
    "temperature",
    "humidity",
    "outdoor_temperature",
    "outdoor_humidity",
    "wind",
    "rain",
    "position",
    "hour_sin",
    "hour_cos",
    "outdoor_excess",
    "vapour_excess",
    *READS.names,
)


def scalars_of(request: Request) -> Tensor:
    """Return (8,) in the order of Known."""
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
    )
    return torch.tensor([math.nan if value is None else float(value) for value in known])


def sound_of(heard: Tensor) -> Tensor:
    """(…, 57), all features of a clip → (…, len(READS)), those that the network reads."""
    return heard[..., _COLUMNS]


def to_inputs(scalars: Tensor, sound: Tensor) -> Tensor:
    """(rows, 8) and (rows, len(READS)), NaN where absent → (rows, len(NAMES)).

    What is derived from an absent value is absent.
    """
    t_in, rh_in, t_out, rh_out, wind, rain, hour, position = scalars.unbind(1)
    angle = hour * (2 * math.pi / 24)
    derived = (
        angle.sin(),
        angle.cos(),
        t_out - t_in,
        1000 * (humidity_ratio(t_out, rh_out) - humidity_ratio(t_in, rh_in)),
    )
    return torch.cat((torch.stack((t_in, rh_in, t_out, rh_out, wind, rain, position, *derived), 1), sound), 1)


def saturation_pressure(temperature: Tensor) -> Tensor:
    """°C → Pa, by the Magnus formula (WMO Guide No. 8, over water)."""
    return 611.2 * torch.exp(17.62 * temperature / (temperature + 243.12))


def humidity_ratio(temperature: Tensor, humidity: Tensor) -> Tensor:
    """°C and % → kg of water per kg of dry air, at sea level."""
    vapour = humidity / 100 * saturation_pressure(temperature)
    return 0.622 * vapour / (101_325.0 - vapour)


def relative_humidity(temperature: Tensor, ratio: Tensor) -> Tensor:
    """°C and kg/kg → %."""
    return 100 * ratio * 101_325.0 / (0.622 + ratio) / saturation_pressure(temperature)
