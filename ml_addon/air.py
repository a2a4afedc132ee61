"""Formulae of air: water, draught, comfort. All of them broadcast. Shared by what serves and what trains."""

import torch
from torch import Tensor

AIR_HEAT = 1206.0  # J per m³ and K, at 20 °C
OUTDOOR_CO2 = 420.0  # ppm


def draught(wind: Tensor, height: Tensor, difference: Tensor) -> Tensor:
    """Air through one square metre of a window on one side of a room, m³/s.

    `wind` in m/s, the opening's `height` in m, indoors less outdoors in K. De Gids and Phaff (1982), as in EN 15242 and
    EN 16798-7: Q = A/2 · √(0.001 u² + 0.0035 h |ΔT| + 0.01).
    """
    return 0.5 * (0.001 * wind.square() + 0.0035 * height * difference.abs() + 0.01).sqrt()


def comfort(running_mean: Tensor) -> Tensor:
    """The middle of comfort, °C. EN 16798-1:2019 annex B.2.2: 0.33 × running mean outdoors (10 … 30 °C) + 18.8."""
    return 0.33 * running_mean.clamp(10, 30) + 18.8


def saturation_pressure(temperature: Tensor) -> Tensor:
    """°C → Pa, by the Magnus formula (WMO-No. 8, 2018, annex 4.B: 6.112 hPa, 17.62, 243.12 °C, over water)."""
    return 611.2 * torch.exp(17.62 * temperature / (temperature + 243.12))


def humidity_ratio(temperature: Tensor, humidity: Tensor) -> Tensor:
    """°C and % → kg of water per kg of dry air, at sea level."""
    vapour = humidity / 100 * saturation_pressure(temperature)
    return 0.622 * vapour / (101_325.0 - vapour)


def relative_humidity(temperature: Tensor, ratio: Tensor) -> Tensor:
    """°C and kg/kg → %."""
    return 100 * ratio * 101_325.0 / (0.622 + ratio) / saturation_pressure(temperature)
