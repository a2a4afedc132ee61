"""The plain rule for where the model is silent, unsure or absent. Pure: numbers in, a range of positions out.

Air, damp and warmth ask for at least `low`; noise, cold and heat allow at most `high`. A window within stays as it is,
so that nothing moves for little. Where both cannot be had, `high` wins. contract/fallback.yaml holds the thresholds
with their sources, contract/vectors/fallback/ what the rule says to given numbers.

Formulae:
- adaptive comfort, EN 16798-1:2019 annex B.2.2: 0.33 × running mean outdoors + 18.8 °C, for a running mean of
  10 to 30 °C; category II reaches from 4 K below to 3 K above;
- saturation vapour pressure, Magnus, with the coefficients of WMO-No. 8 (2018) annex 4.B: 6.112 hPa ×
  exp(17.62 t ÷ (243.12 + t));
- absolute humidity, ideal gas law with 461.5 J/(kg K) for water: 216.7 × e ÷ (273.15 + t) g/m³.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, unique
from math import exp

from .settings import Taste


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of contract/fallback.yaml, which a test holds equal to these."""

    comfort_slope: float = 0.33
    comfort_base: float = 18.8
    running_mean_min: float = 10.0
    running_mean_max: float = 30.0
    above_comfort: float = 1.3
    below_comfort: float = 5.5
    assumed_running_mean: float = 15.0
    warm_full: float = 0.7
    cooler_outside: float = 0.4
    co2_begin: float = 1390.0
    co2_full: float = 2500.0
    voc_begin: float = 300.0
    voc_full: float = 1000.0
    humidity_begin: float = 40.0
    humidity_full: float = 75.0
    drier_outside: float = 2.6
    noise_day: float = 74.0
    noise_night: float = 69.0
    noise_range: float = 27.0
    noise_position: float = 10.0
    tilt: float = 30.0
    quiet_shift_db: float = 5.0
    fresh_shift_ppm: float = 200.0


THRESHOLDS = Thresholds()


@unique
class Because(StrEnum):
    """What decided."""

    COMFORTABLE = "comfortable"
    """Nothing asks for a move."""
    CO2 = "co2"
    VOC = "voc"
    DAMP = "damp"
    TOO_WARM = "too_warm"
    """And cooler outdoors."""
    HEAT_OUTSIDE = "heat_outside"
    TOO_COLD = "too_cold"
    KEEP_WARM = "keep_warm"
    """Nothing asks for air, and it is cooler outdoors."""
    KEEP_COOL = "keep_cool"
    """Nothing asks for air, and it is warmer outdoors."""
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Air:
    """What the rule looks at: °C, %, ppm, µg/m³, dB(A). None: not known, and then it asks for nothing."""

    indoor_temperature: float | None = None
    indoor_humidity: float | None = None
    outdoor_temperature: float | None = None
    outdoor_humidity: float | None = None
    running_mean: float | None = None
    """Of the outdoor temperature over the last days; else the outdoor one, else 15 °C."""
    co2: float | None = None
    voc: float | None = None
    noise: float | None = None
    night: bool = False
    taste: Taste = Taste.BALANCED


@dataclass(frozen=True, slots=True)
class Advice:
    """At least `low`, at most `high` (percent, low ≤ high), and what each rests on."""

    low: float
    high: float
    opens: Because
    closes: Because

    def position(self, position: float) -> float:
        """Where a window at this position belongs."""
        return min(max(position, self.low), self.high)

    def because(self, position: float) -> Because:
        """What moves a window at this position."""
        if position < self.low:
            return self.opens
        return self.closes if position > self.high else Because.COMFORTABLE


def comfort_temperature(running_mean: float | None, limits: Thresholds = THRESHOLDS) -> float:
    """The middle of comfort indoors, °C, by the running mean outdoors, °C."""
    mean = limits.assumed_running_mean if running_mean is None else running_mean
    return limits.comfort_slope * min(max(mean, limits.running_mean_min), limits.running_mean_max) + limits.comfort_base


def absolute_humidity(celsius: float, percent: float) -> float:
    """Water in the air, g/m³, from °C (-45 … 60) and relative humidity in percent."""
    pressure_hpa = percent / 100 * 6.112 * exp(17.62 * celsius / (243.12 + celsius))
    return 216.7 * pressure_hpa / (273.15 + celsius)


def advise(air: Air, limits: Thresholds = THRESHOLDS) -> Advice:
    """What the plain rule says."""
    need, opens = 0.0, Because.COMFORTABLE
    for share, because in _needs(air, limits):
        if share > need:
            need, opens = share, because
    high, closes = 100.0, Because.COMFORTABLE
    for cap, because in _caps(air, need, limits):
        if cap < high:
            high, closes = cap, because
    return Advice(low=min(100 * need, high), high=high, opens=opens, closes=closes)


def _needs(air: Air, limits: Thresholds) -> Iterator[tuple[float, Because]]:
    """Shares of 0 … 1 that ask for an open window."""
    fresh = limits.fresh_shift_ppm if air.taste is Taste.FRESH else 0.0
    yield _share(air.co2, limits.co2_begin - fresh, limits.co2_full - fresh), Because.CO2
    yield _share(air.voc, limits.voc_begin, limits.voc_full), Because.VOC
    if _dries(air, limits):
        yield _share(air.indoor_humidity, limits.humidity_begin, limits.humidity_full), Because.DAMP
    inside, outside = air.indoor_temperature, air.outdoor_temperature
    if inside is not None and outside is not None and outside <= inside - limits.cooler_outside:
        upper = _comfort(air, limits) + limits.above_comfort
        yield _share(inside, upper, upper + limits.warm_full), Because.TOO_WARM


def _caps(air: Air, need: float, limits: Thresholds) -> Iterator[tuple[float, Because]]:
    """Positions that the window should not be open beyond. Who needs air gets a tilt of it at any temperature."""
    yield _noise_cap(air, limits), Because.NOISE
    inside, outside = air.indoor_temperature, air.outdoor_temperature
    if inside is None or outside is None:
        return
    middle, tilt = _comfort(air, limits), limits.tilt if need > 0 else 0.0
    if outside < inside < middle - limits.below_comfort:
        yield tilt, Because.TOO_COLD
    elif outside >= inside > middle + limits.above_comfort:
        yield tilt, Because.HEAT_OUTSIDE
    elif need == 0 and outside < inside < middle:
        yield 0.0, Because.KEEP_WARM
    elif need == 0 and outside > inside > middle:
        yield 0.0, Because.KEEP_COOL


def _noise_cap(air: Air, limits: Thresholds) -> float:
    begin = limits.noise_night if air.night else limits.noise_day
    if air.taste is Taste.QUIET:
        begin -= limits.quiet_shift_db
    elif air.taste is Taste.FRESH:
        begin += limits.quiet_shift_db
    loud = _share(air.noise, begin, begin + limits.noise_range)
    return 100 - loud * (100 - limits.noise_position)


def _comfort(air: Air, limits: Thresholds) -> float:
    return comfort_temperature(air.outdoor_temperature if air.running_mean is None else air.running_mean, limits)


def _dries(air: Air, limits: Thresholds) -> bool:
    """Whether the air outdoors holds less water, by a margin. Relative humidity alone says nothing about that."""
    inside, outside = (air.indoor_temperature, air.indoor_humidity), (air.outdoor_temperature, air.outdoor_humidity)
    if inside[0] is None or inside[1] is None or outside[0] is None or outside[1] is None:
        return False
    water = absolute_humidity(inside[0], inside[1])
    return absolute_humidity(outside[0], outside[1]) <= water - limits.drier_outside


def _share(value: float | None, begin: float, full: float) -> float:
    if value is None or value <= begin:
        return 0.0
    return (value - begin) / (full - begin) if value < full else 1.0
