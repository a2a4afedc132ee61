"""Weather and street noise around the simulated house. Pure."""

from math import pi, sin

from simulator.room import Air

DAY_S = 86_400.0
_HOUR_S = 3_600.0
_COLDEST_AT_S = 5 * _HOUR_S  # before sunrise
_RAIN = ((1, 14.0, 16.5), (4, 3.0, 5.0), (7, 17.0, 18.0))  # day, from and to, in hours


def air(elapsed_s: float) -> Air:
    """Outdoors, so long after a midnight: warm days of early autumn, each a little warmer than the one before."""
    swing = sin(2 * pi * ((elapsed_s - _COLDEST_AT_S) / DAY_S - 0.25))
    temperature = 15.0 + 6.0 * swing + 0.4 * elapsed_s / DAY_S
    return Air(temperature, 92.0 if rains(elapsed_s) else 66.0 - 14.0 * swing)


def rains(elapsed_s: float) -> bool:
    """Whether it rains."""
    day, rest = divmod(elapsed_s, DAY_S)
    return any(day == on and begin <= rest / _HOUR_S < end for on, begin, end in _RAIN)


def is_night(elapsed_s: float) -> bool:
    """Between 22 and 7 o'clock."""
    hour = elapsed_s % DAY_S / _HOUR_S
    return not 7 <= hour < 22  # noqa: PLR2004  # as the docstring says


def street_dba(elapsed_s: float, busy: float) -> float:
    """Loudness at a façade in dB(A); `busy` is 0 for a yard, 1 for a main road."""
    hour = elapsed_s % DAY_S / _HOUR_S
    rush = max(0.0, sin(pi * (hour - 6) / 15)) if 6 <= hour < 21 else 0.0  # noqa: PLR2004  # hours of traffic
    return 34.0 + busy * (6.0 + 16.0 * rush)


def neighbours(elapsed_s: float) -> float:
    """How busy the air is with the Wi-Fi of others (0 to 1): most in the evening."""
    return max(0.0, sin(2 * pi * (elapsed_s / DAY_S - 0.55)))
