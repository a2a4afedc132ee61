"""Many rooms at once, each at one moment: what a request would tell of it, and what it does not.

A simple room: air and walls as two thermal nodes, moisture, CO2 and noise. Sources: air through an opening as in
EN 16798-7 (de Gids and Phaff, 1982); people's CO2 about 12 l/h asleep and 18 awake; an open window takes about 8 dB
from the street's noise, a closed one 28 to 38. The ranges are ours.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from ..inputs import humidity_ratio, relative_humidity
from .sounds import FULL_SCALE_DB

_DAY_H = 24.0


@dataclass(frozen=True, slots=True)
class Rooms:
    """All tensors are (rooms,)."""

    # what a request may tell
    temperature: Tensor  # °C
    humidity: Tensor  # %
    outdoor_temperature: Tensor  # °C
    outdoor_humidity: Tensor  # %
    wind: Tensor  # m/s
    rain: Tensor  # 0 or 1
    hour: Tensor
    position: Tensor  # %
    clip: Tensor  # which clip is heard
    # what it does not tell
    mean_outdoors: Tensor  # °C, of the last days
    street_level: Tensor  # dB(A) in front of the window
    walls: Tensor  # °C
    co2: Tensor  # ppm
    volume: Tensor  # m³
    air_capacity: Tensor  # J/K
    wall_capacity: Tensor  # J/K
    wall_exchange: Tensor  # W/K between air and walls
    loss: Tensor  # W/K to the outside, window closed
    opening: Tensor  # m² at 100 %
    opening_height: Tensor  # m
    sun: Tensor  # W
    people: Tensor
    present: Tensor  # 0 … 1, how much people's comfort counts now
    asleep: Tensor  # 0 or 1
    setpoint: Tensor  # °C of the heating
    heating: Tensor  # W at most
    mould_factor: Tensor  # surface temperature factor f_Rsi
    closed_loss: Tensor  # dB
    open_loss: Tensor  # dB

    def scalars(self) -> Tensor:
        """Return (rooms, 8) in the order of inputs.Known."""
        return torch.stack(
            (
                self.temperature,
                self.humidity,
                self.outdoor_temperature,
                self.outdoor_humidity,
                self.wind,
                self.rain,
                self.hour,
                self.position,
            ),
            1,
        )


class _Draw:
    def __init__(self, count: int, generator: torch.Generator) -> None:
        self.count = count
        self.generator = generator

    def uniform(self, low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(self.count, generator=self.generator)

    def normal(self, sigma: float) -> Tensor:
        return sigma * torch.randn(self.count, generator=self.generator)

    def chance(self, probability: Tensor | float) -> Tensor:
        return (torch.rand(self.count, generator=self.generator) < probability).float()


def draw_rooms(count: int, clip_levels: Tensor, generator: torch.Generator) -> Rooms:
    """Draw rooms, each with one of the clips; `clip_levels` are the streets' levels in dB(A) re full scale."""
    d = _Draw(count, generator)
    hour = d.uniform(0, _DAY_H)
    mean_outdoors = d.uniform(6, 19) + d.uniform(4, 12) * torch.cos(2 * math.pi * d.uniform(0, 1)) + d.normal(2)
    afternoon = torch.cos(2 * math.pi * (hour - 15) / _DAY_H)
    t_out = (mean_outdoors + d.uniform(1, 7) * afternoon + d.normal(1)).clamp(-25, 42)
    rh_out = (72 - 15 * afternoon + d.normal(13)).clamp(15, 100)
    rain = d.chance(0.12 * (rh_out > 60))  # noqa: PLR2004  it rarely rains from dry air

    area = d.uniform(9, 35)
    glass = area * d.uniform(0.1, 0.25)
    volume = area * d.uniform(2.4, 3.0)
    setpoint = d.uniform(18.5, 22.5)
    daylight = torch.sin(math.pi * (hour - 6) / 12).clamp_min(0)
    sun = glass * d.uniform(0.1, 0.5) * daylight * d.uniform(0, 500)
    t_in = torch.maximum(setpoint + d.normal(0.7), mean_outdoors + d.uniform(0.5, 7)) + 0.003 * sun + d.normal(0.7)

    bedroom = d.chance(0.5)
    night = ((hour > 22.5) | (hour < 7)).float()  # noqa: PLR2004  the usual night
    asleep = bedroom * night * d.chance(0.9)
    present = torch.where(d.chance(0.75) > 0, 1.0, 0.25)  # who is out comes back
    people = d.uniform(1, 3.99).floor()
    was_open = d.chance(0.6)
    position = torch.where(was_open > 0, 5 * (20 * d.uniform(0, 1) ** 2).ceil(), 0.0)
    stale = 450 + d.uniform(0, 1) ** 2 * 1400 * torch.where(position > 0, 0.35, 1.0) * (0.4 + 0.6 * present)
    indoor_ratio = humidity_ratio(t_out, rh_out) + d.uniform(0, 1) ** 2 * torch.where(position > 0, 0.003, 0.006)

    clip = torch.randint(len(clip_levels), (count,), generator=generator)
    level = FULL_SCALE_DB + clip_levels[clip] + d.normal(2.5)  # microphones differ
    return Rooms(
        temperature=t_in + d.normal(0.2),
        humidity=(relative_humidity(t_in, indoor_ratio).clamp(12, 95) + d.normal(2)).clamp(0, 100),
        outdoor_temperature=t_out,
        outdoor_humidity=rh_out,
        wind=(-3.5 * torch.log(d.uniform(1e-3, 1))).clamp_max(20),
        rain=rain,
        hour=hour,
        position=position,
        clip=clip,
        mean_outdoors=mean_outdoors,
        street_level=level,
        walls=t_in + d.normal(0.6),
        co2=stale,
        volume=volume,
        air_capacity=volume * 1206 * d.uniform(3, 6),
        wall_capacity=area * d.uniform(60e3, 300e3),
        wall_exchange=area * d.uniform(8, 14),
        loss=glass * d.uniform(0.8, 2.8) + area * d.uniform(0.2, 1.2) + 1206 * volume * d.uniform(0.05, 0.4) / 3600,
        opening=glass.clamp_max(1.5) * d.uniform(0.1, 0.5),  # a chain drive does not open the sash wide
        opening_height=d.uniform(0.8, 1.6),
        sun=sun,
        people=people,
        present=present,
        asleep=asleep,
        setpoint=setpoint,
        heating=area * d.uniform(50, 100),
        mould_factor=d.uniform(0.6, 0.85),
        closed_loss=d.uniform(28, 38),
        open_loss=d.uniform(6, 10),
    )
