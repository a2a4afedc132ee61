"""What an hour costs, in points, and what an owner's taste makes of it.

One point is 2 K outside of comfort, 1000 ppm of CO2 above 1000, 10 dB of street above what one sleeps or lives well
with, or 2 kWh of heat, each for an hour. The weights are ours; `Taste` changes them.
"""

import dataclasses
from dataclasses import dataclass

import torch
from torch import Tensor

from ..air import comfort, relative_humidity

GOOD_ENOUGH = 0.1  # points over the hours that the teacher looks ahead: nobody notices the difference
PARTS = ("thermal", "air", "damp", "noise", "energy", "moves", "rain")
_NOISE_AWAKE, _NOISE_ASLEEP = 40.0, 32.0  # dB(A); WHO (1999) asks for 30 in bedrooms
_CO2_LIMIT = 1000.0  # ppm, Pettenkofer
_ABOVE, _BELOW = 2.0, 3.0  # K around the middle of comfort


@dataclass(frozen=True, slots=True)
class Taste:
    """(n,) each. `warmth` in K shifts comfort; the others multiply the weight of a part, 1 as usual."""

    warmth: Tensor
    fresh: Tensor
    quiet: Tensor
    calm: Tensor
    thrift: Tensor

    @classmethod
    def usual(cls, count: int) -> "Taste":
        """Nobody's in particular."""
        one = torch.ones(count)
        return cls(0 * one, one, one, one, one)

    @classmethod
    def draw(cls, count: int, generator: torch.Generator) -> "Taste":
        """Half of the owners are as usual; the others differ, most of them in one or two things."""

        def normal() -> Tensor:
            return torch.randn(count, generator=generator) * (torch.rand(count, generator=generator) < 0.5)  # noqa: PLR2004

        odd = (torch.rand(count, generator=generator) < 0.5).float()  # noqa: PLR2004
        factors = [(odd * normal()).clamp(-2, 2).exp2() for _ in range(4)]
        return cls((odd * 1.5 * normal()).clamp(-3, 3), *factors)

    def repeat(self, times: int) -> "Taste":
        """The same owners, several times one after the other."""
        return Taste(*(torch.cat([getattr(self, f.name)] * times) for f in dataclasses.fields(self)))


@dataclass(frozen=True, slots=True)
class Hour:
    """What is needed to judge a step; all broadcast."""

    air: Tensor  # °C
    walls: Tensor  # °C
    vapour: Tensor  # kg/kg
    co2: Tensor  # ppm
    heat: Tensor  # W
    street_indoors: Tensor  # dB(A)
    share: Tensor  # 0 … 1, the opening
    moved: Tensor  # how far it moved for this step, 0 … 1
    outdoors: Tensor  # °C
    running_mean: Tensor  # °C
    rain: Tensor
    present: Tensor
    asleep: Tensor
    mould_factor: Tensor
    hours: float  # of the step; a move is paid once


def cost_parts(h: Hour, taste: Taste) -> dict[str, Tensor]:
    """Points per hour of each part."""
    felt = 0.5 * (h.air + h.walls)
    middle = comfort(h.running_mean) + taste.warmth
    off = ((felt - middle - _ABOVE).clamp_min(0) + (middle - _BELOW - felt).clamp_min(0)).clamp_max(6)
    surface = h.outdoors + h.mould_factor * (h.air - h.outdoors)
    mould = ((relative_humidity(surface, h.vapour) - 75) / 10).clamp(0, 3)
    damp = ((relative_humidity(h.air, h.vapour) - 65) / 10).clamp(0, 3)
    limit = torch.where(h.asleep > 0, _NOISE_ASLEEP, _NOISE_AWAKE)
    return {
        "thermal": h.present * off.square() / 4,
        "air": taste.fresh * h.present * ((h.co2 - _CO2_LIMIT) / 1000).clamp_min(0),
        "damp": 0.5 * mould + 0.2 * damp,
        "noise": taste.quiet * h.present * ((h.street_indoors - limit) / 10).clamp_min(0),
        "energy": taste.thrift * 0.5 * h.heat / 1000,
        "moves": taste.calm * (0.02 * (h.moved > 0.01) + 0.1 * h.moved) / h.hours,  # noqa: PLR2004  a percent
        "rain": h.rain * (0.5 + 2 * h.share) * (h.share > 0),
    }
