"""What each position would cost a room over the next two hours, in points per hour. The search is over all 21.

One point is roughly: 2 K outside of comfort, 1000 ppm of CO2 above 800, 10 dB of noise above what one sleeps or lives
well with, or 2.5 kWh of heat. The weights are ours, and an owner may see it otherwise.
"""

import torch
from torch import Tensor

from ..inputs import humidity_ratio, relative_humidity
from ..model import POSITIONS
from .rooms import Rooms

GOOD_ENOUGH = 0.15  # points per hour: nobody notices the difference
_STEP_S, _STEPS = 600.0, 12
_AIR_HEAT = 1206.0  # J per m³ and K
_OUTDOOR_CO2 = 420.0
_LEAKAGE = 0.2 / 3600  # air changes per second, window closed
_NOISE_AWAKE, _NOISE_ASLEEP = 40.0, 32.0  # dB(A); WHO guidelines ask for 30 in bedrooms
_CO2_LIMIT = 800.0


def costs(rooms: Rooms) -> Tensor:
    """Return (rooms, 21)."""
    share = torch.linspace(0, 1, POSITIONS)[:, None]
    total = _run(rooms, share)
    moved = share - rooms.position / 100
    total = total + 0.05 * moved.abs() + 0.02 * (moved.abs() > 0.01)  # noqa: PLR2004  a percent
    total = total + noise_cost(rooms, share) + rooms.rain * (0.2 + share) * (share > 0)
    return total.T.contiguous()


def noise_cost(rooms: Rooms, share: Tensor) -> Tensor:
    """Noise indoors above the limit, per 10 dB."""
    passed = 10 ** (-rooms.closed_loss / 10) + share**0.7 * 10 ** (-rooms.open_loss / 10)
    indoors = rooms.street_level + 10 * torch.log10(passed)
    limit = torch.where(rooms.asleep > 0, _NOISE_ASLEEP, _NOISE_AWAKE)
    return rooms.present * ((indoors - limit) / 10).clamp(0, 4)


def _run(r: Rooms, share: Tensor) -> Tensor:
    """Heat, moisture and CO2, by backward Euler: stable also where the air changes faster than the step."""
    air, walls, co2 = r.temperature, r.walls, r.co2
    vapour = humidity_ratio(r.temperature, r.humidity)
    outside_vapour = humidity_ratio(r.outdoor_temperature, r.outdoor_humidity)
    breath = r.present * r.people * torch.where(r.asleep > 0, 12.0, 18.0) / 3.6  # ml CO2 per second
    steam = r.present * r.people * torch.where(r.asleep > 0, 40.0, 60.0) / 3.6e6  # kg per second
    comfort = (0.33 * r.mean_outdoors.clamp(10, 30) + 18.8).clamp_max(25)  # EN 16798-1, but no warmer than 25
    total = torch.zeros(())
    for _ in range(_STEPS):
        draught = 0.001 * r.wind**2 + 0.0035 * r.opening_height * (air - r.outdoor_temperature).abs() + 0.01
        flow = share * r.opening / 2 * draught.sqrt()  # m³/s
        air, walls, heat = _heat(r, air, walls, flow)
        change = _STEP_S * (flow / r.volume + _LEAKAGE)
        co2 = (co2 + change * _OUTDOOR_CO2 + _STEP_S * breath / r.volume) / (1 + change)
        # Furniture and walls hold about three times the moisture of the air.
        vapour = (vapour + (change * outside_vapour + _STEP_S * steam / (1.2 * r.volume)) / 3) / (1 + change / 3)
        felt = (air + walls) / 2
        off = ((felt - comfort - 1).clamp_min(0) + (comfort - 3 - felt).clamp_min(0)).clamp_max(6)
        surface = r.outdoor_temperature + r.mould_factor * (air - r.outdoor_temperature)
        mould = ((relative_humidity(surface, vapour) - 75) / 10).clamp(0, 3)
        damp = ((relative_humidity(air, vapour) - 65) / 10).clamp(0, 3)
        total = total + (
            r.present * (off.square() / 4 + ((co2 - _CO2_LIMIT) / 1000).clamp_min(0))
            + 0.5 * mould
            + 0.2 * damp
            + 0.4 * heat / 1000
        )
    return total / _STEPS


def _heat(r: Rooms, air: Tensor, walls: Tensor, flow: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """One step of the two nodes. The heater gives just what the setpoint needs, as far as it can."""
    to_air, to_walls = _STEP_S / r.air_capacity, _STEP_S / r.wall_capacity
    outside = r.loss + _AIR_HEAT * flow
    gain = 80 * r.people * r.present + r.sun
    a11, a12 = 1 + to_air * (outside + r.wall_exchange), -to_air * r.wall_exchange
    a21, a22 = -to_walls * r.wall_exchange, 1 + to_walls * r.wall_exchange
    determinant = a11 * a22 - a12 * a21
    b_air = air + to_air * (outside * r.outdoor_temperature + 0.5 * gain)
    b_walls = walls + to_walls * 0.5 * gain
    free = (b_air * a22 - a12 * b_walls) / determinant
    heat = ((r.setpoint - free) * determinant / (to_air * a22)).clamp_min(0).minimum(r.heating)
    b_air = b_air + to_air * heat
    return (b_air * a22 - a12 * b_walls) / determinant, (a11 * b_walls - a21 * b_air) / determinant, heat
