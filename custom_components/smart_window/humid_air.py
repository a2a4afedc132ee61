"""What follows from temperature and relative humidity: water in the air, and where it condenses. Pure.

Dew point: the Magnus formula with the coefficients of WMO-No. 8 (2018) annex 4.B, solved for the temperature:
γ = ln(RH ÷ 100) + 17.62 t ÷ (243.12 + t), dew point = 243.12 γ ÷ (17.62 - γ) °C.
"""

from math import log

from .fallback import absolute_humidity

__all__ = ["absolute_humidity", "dew_point"]


def dew_point(celsius: float, percent: float) -> float | None:
    """Where the water in this air condenses, °C, from °C (-45 … 60) and relative humidity in percent; None: dry air."""
    if percent <= 0:
        return None
    gamma = log(percent / 100) + 17.62 * celsius / (243.12 + celsius)
    return 243.12 * gamma / (17.62 - gamma)
