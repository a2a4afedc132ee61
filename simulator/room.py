"""The air of a room: temperature and humidity that answer to the opening, to outdoors, and to who lives there.

One well-mixed zone. Both balances are linear, so each step is solved exactly and any length of step is stable.
"""

from dataclasses import dataclass
from math import exp, sqrt

_AIRFLOW = (0.001, 0.0035, 0.01)  # wind, stack, turbulence: see airflow()
_VAPOUR_CONSTANT = 461.5  # J/(kg K), specific gas constant of water vapour
_AIR_HEAT = 1.2 * 1005  # J/(m³ K), density times specific heat of air at 20 °C
_KELVIN = 273.15


@dataclass(frozen=True, slots=True)
class Air:
    """Temperature in °C and relative humidity in %."""

    temperature: float
    humidity: float


@dataclass(frozen=True, slots=True)
class RoomShape:
    """An ordinary bedroom with one tilting or sliding window.

    Gains are those of two people at rest and their things: some 80 W and 50 g of vapour an hour for each person
    (ASHRAE Handbook Fundamentals, chapter on cooling load, seated at rest). `heat_capacity` counts air, furniture and
    the surface of the walls, which is a few times the air alone. `leak` is the air change of a closed room per hour.
    """

    volume: float = 40.0  # m³
    window_area: float = 0.8  # m² when wholly open
    window_height: float = 1.2  # m
    heat_capacity: float = 250_000.0  # J/K
    loss: float = 15.0  # W/K through walls and panes
    heat: float = 200.0  # W
    vapour: float = 100.0  # g/h
    leak: float = 0.3  # 1/h


class Room:
    """Air that changes with time."""

    def __init__(self, air: Air, shape: RoomShape | None = None) -> None:
        self.air = air
        self._shape = shape or RoomShape()

    def advance(self, seconds: float, opening: float, outdoor: Air, wind: float) -> None:
        """Let time pass with the window open by `opening` percent and `wind` in m/s."""
        if seconds <= 0:
            return
        shape = self._shape
        flow = airflow(shape, opening, abs(self.air.temperature - outdoor.temperature), wind)  # m³/s
        conductance = flow * _AIR_HEAT + shape.loss
        rest = outdoor.temperature + shape.heat / conductance
        temperature = _towards(self.air.temperature, rest, seconds * conductance / shape.heat_capacity)
        before = vapour_density(self.air)
        balance = vapour_density(outdoor) + shape.vapour / 3600 / flow
        density = _towards(before, balance, seconds * flow / shape.volume)
        self.air = Air(temperature, relative_humidity(density, temperature))


def airflow(shape: RoomShape, opening: float, difference: float, wind: float) -> float:
    """Return the fresh air in m³/s: leaks, and single-sided exchange through the opening.

    Half of the open area is inlet; its mean speed is sqrt(0.001 v² + 0.0035 h ΔT + 0.01), v the wind in m/s, h the
    height of the opening in m (de Gids and Phaff 1982; the same form stands in EN 15242).
    """
    by_wind, by_stack, by_turbulence = _AIRFLOW
    speed = sqrt(by_wind * wind**2 + by_stack * shape.window_height * difference + by_turbulence)
    return shape.leak * shape.volume / 3600 + 0.5 * shape.window_area * opening / 100 * speed


def saturation_pressure(temperature: float) -> float:
    """Return the pressure of saturated vapour over water in Pa: Magnus form of Alduchov and Eskridge (1996)."""
    return 610.94 * exp(17.625 * temperature / (temperature + 243.04))


def vapour_density(air: Air) -> float:
    """Return the water in the air, in g/m³."""
    pressure = saturation_pressure(air.temperature) * air.humidity / 100
    return 1000 * pressure / (_VAPOUR_CONSTANT * (air.temperature + _KELVIN))


def relative_humidity(density: float, temperature: float) -> float:
    """Return relative humidity in % of air with `density` g/m³ of water; what is too much condenses."""
    saturated = 1000 * saturation_pressure(temperature) / (_VAPOUR_CONSTANT * (temperature + _KELVIN))
    return min(100.0, max(0.0, 100 * density / saturated))


def _towards(value: float, rest: float, time_constants: float) -> float:
    return rest + (value - rest) * exp(-time_constants)
