"""One step of many rooms: heat in air and walls, moisture, CO2, by backward Euler: stable with a wide open window.

Against EnergyPlus over a summer such a room, fitted, was within 1.1 K; see the model card.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..air import AIR_HEAT, OUTDOOR_CO2, draught, humidity_ratio
from .cost import Hour, Taste, cost_parts
from .rooms import Rooms, indoor_level, occupancy, street_level
from .weather import Column

_LEAKAGE = 0.2 / 3600  # air changes per second that carry moisture and CO2, window closed
_AIR_DENSITY = 1.2  # kg/m³


@dataclass(frozen=True, slots=True)
class State:
    """Of each room; may have candidates before the rooms: (…, n)."""

    air: Tensor  # °C
    walls: Tensor  # °C
    vapour: Tensor  # kg/kg
    co2: Tensor  # ppm
    share: Tensor  # 0 … 1, the opening

    def expand(self, candidates: int) -> "State":
        """The same state for each of several candidates."""
        return State(*(t.expand(candidates, -1) for t in (self.air, self.walls, self.vapour, self.co2, self.share)))


def start(count: int) -> State:
    """An ordinary room."""
    one = torch.ones(count)
    return State(22 * one, 22 * one, 0.008 * one, 700 * one, 0 * one)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What comes from outside in a step, (n,) or (n, columns)."""

    weather: Tensor
    minute: Tensor
    noise: Tensor


def step(
    r: Rooms, taste: Taste, state: State, share: Tensor, around: Surroundings, seconds: float
) -> tuple[State, dict[str, Tensor]]:
    """Return the state after the step and its cost by part, points per hour. `share`, `state` may have candidates."""
    weather = around.weather
    outdoors, wind = weather[:, Column.TEMPERATURE], weather[:, Column.WIND]
    present, asleep = occupancy(r, around.minute)
    sun = weather[:, Column.NORTH : Column.WEST + 1].gather(1, r.facade[:, None])[:, 0] * r.aperture
    # People: 70 W asleep, 90 W awake, sensible (EN 16798-1 and ISO 7730 give 1.0 and 1.2 met).
    warmth = present * r.people * torch.where(asleep > 0, 70.0, 90.0)
    gain = warmth + r.appliances * (0.3 + 0.7 * present * (1 - asleep))
    flow = r.opening * share * draught(wind, r.height, state.air - outdoors)
    air, walls, heat = _heat(r, state, outdoors, flow, gain, sun, seconds)
    # Breath: 40 g/h of water and 12 l/h of CO2 asleep, 60 g/h and 18 l/h awake.
    change = flow / r.volume + _LEAKAGE
    water = present * r.people * torch.where(asleep > 0, 40.0, 60.0) / 3.6e6 + r.steam
    slow = seconds / r.moisture_buffer
    outside = humidity_ratio(outdoors, weather[:, Column.HUMIDITY])
    vapour = (state.vapour + slow * (change * outside + water / (_AIR_DENSITY * r.volume))) / (1 + slow * change)
    vapour = torch.minimum(vapour, humidity_ratio(air, torch.tensor(100.0)))
    breath = present * r.people * torch.where(asleep > 0, 12.0, 18.0) / 3.6 / r.volume  # ppm per second
    co2 = (state.co2 + seconds * (change * OUTDOOR_CO2 + breath)) / (1 + seconds * change)
    hour = Hour(
        air=air,
        walls=walls,
        vapour=vapour,
        co2=co2,
        heat=heat,
        street_indoors=indoor_level(r, street_level(r, around.minute, around.noise), share),
        share=share,
        moved=(share - state.share).abs(),
        outdoors=outdoors,
        running_mean=weather[:, Column.RUNNING_MEAN],
        rain=weather[:, Column.RAIN],
        present=present,
        asleep=asleep,
        mould_factor=r.mould_factor,
        hours=seconds / 3600,
    )
    return State(air, walls, vapour, co2, share.expand_as(air)), cost_parts(hour, taste)


def _heat(
    r: Rooms, state: State, outdoors: Tensor, flow: Tensor, gain: Tensor, sun: Tensor, seconds: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Two nodes, solved exactly; the heater gives what the setpoint needs, as far as it can."""
    to_air, to_walls, exchange = seconds / r.air_capacity, seconds / r.wall_capacity, r.wall_exchange
    loss = r.window_loss + AIR_HEAT * flow
    a11, a12 = 1 + to_air * (loss + exchange), -to_air * exchange
    a21, a22 = -to_walls * exchange, 1 + to_walls * (exchange + r.wall_loss)
    determinant = a11 * a22 - a12 * a21
    b_air = state.air + to_air * (loss * outdoors + 0.6 * gain + 0.3 * sun)
    b_walls = state.walls + to_walls * (r.wall_loss * outdoors + 0.4 * gain + 0.7 * sun)
    free = (b_air * a22 - a12 * b_walls) / determinant
    heat = ((r.setpoint - free) * determinant / (to_air * a22)).clamp_min(0).minimum(r.heating)
    b_air = b_air + to_air * heat
    return (b_air * a22 - a12 * b_walls) / determinant, (a11 * b_walls - a21 * b_air) / determinant, heat


def moved_to(state: State, share: Tensor) -> State:
    """The state with the window at another place, for nothing."""
    return replace(state, share=share)
