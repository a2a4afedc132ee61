"""Many rooms at once: what they are made of, who lives in them, and what stands in the street.

The ranges are ours. Tensors are (rooms,).
"""

import dataclasses
from dataclasses import dataclass

import torch
from torch import Tensor

from ..air import AIR_HEAT

_DAYS = 64  # how many days of being away are drawn; they repeat


class Draw:
    """Random numbers, one per room, from one generator."""

    def __init__(self, count: int, generator: torch.Generator) -> None:
        self.count = count
        self.generator = generator

    def uniform(self, low: float, high: float) -> Tensor:
        """Evenly spread."""
        return low + (high - low) * torch.rand(self.count, generator=self.generator)

    def normal(self, sigma: float) -> Tensor:
        """Gauss, around 0."""
        return sigma * torch.randn(self.count, generator=self.generator)

    def chance(self, probability: float) -> Tensor:
        """True with this probability."""
        return torch.rand(self.count, generator=self.generator) < probability

    def whole(self, low: int, high: int) -> Tensor:
        """From low to high - 1."""
        return torch.randint(low, high, (self.count,), generator=self.generator)


@dataclass(frozen=True, slots=True)
class Rooms:
    """What does not change."""

    climate: Tensor  # which place
    facade: Tensor  # 0 north, 1 east, 2 south, 3 west
    volume: Tensor  # m³
    air_capacity: Tensor  # J/K, air and what is near it
    wall_capacity: Tensor  # J/K
    wall_exchange: Tensor  # W/K between air and walls
    window_loss: Tensor  # W/K, closed
    wall_loss: Tensor  # W/K
    aperture: Tensor  # m² of sun that comes in: glass × g-value × shading
    opening: Tensor  # m² at 100 %
    height: Tensor  # m, of the opening
    people: Tensor
    bedroom: Tensor  # bool
    home_office: Tensor  # bool: somebody is in by day
    shift: Tensor  # h, how much later these people live
    away: Tensor  # (rooms, _DAYS) bool
    appliances: Tensor  # W
    steam: Tensor  # kg/s of water that is not people
    setpoint: Tensor  # °C of the heating
    heating: Tensor  # W at most
    moisture_buffer: Tensor  # how many times the air's moisture the room holds
    mould_factor: Tensor  # f_Rsi, DIN 4108-2 wants 0.7
    street: Tensor  # dB(A) by day in front of the window
    night_drop: Tensor  # dB
    closed_loss: Tensor  # dB
    open_loss: Tensor  # dB
    microphone: Tensor  # dB that it is wrong by
    tells_co2: Tensor  # bool: which sensors there are
    tells_presence: Tensor
    tells_mean: Tensor
    tells_use: Tensor
    tells_size: Tensor

    def __len__(self) -> int:
        return len(self.climate)

    def repeat(self, times: int) -> "Rooms":
        """The same rooms, several times one after the other."""
        return Rooms(**{name: torch.cat([value] * times) for name, value in _items(self)})


def _items(rooms: Rooms) -> list[tuple[str, Tensor]]:
    return [(field.name, getattr(rooms, field.name)) for field in dataclasses.fields(rooms)]


def draw_rooms(count: int, climates: int, generator: torch.Generator) -> Rooms:
    """Draw rooms."""
    d = Draw(count, generator)
    area = d.uniform(9, 35)
    volume = area * d.uniform(2.4, 3.0)
    glass = area * d.uniform(0.10, 0.25)
    return Rooms(
        climate=d.whole(0, climates),
        facade=d.whole(0, 4),
        volume=volume,
        air_capacity=volume * AIR_HEAT * d.uniform(3, 6),
        wall_capacity=area * d.uniform(60e3, 300e3),
        wall_exchange=area * d.uniform(8, 14),
        window_loss=glass * d.uniform(0.8, 2.8) + AIR_HEAT * volume * d.uniform(0.05, 0.4) / 3600,
        wall_loss=area * d.uniform(0.2, 1.2),
        aperture=glass * d.uniform(0.15, 0.5),
        opening=glass.clamp_max(2.0) * d.uniform(0.3, 0.9),
        height=d.uniform(0.8, 1.6),
        people=d.whole(1, 4).float(),
        bedroom=d.chance(0.5),
        home_office=d.chance(0.4),
        shift=d.uniform(-1.5, 1.5),
        away=torch.rand(count, _DAYS, generator=generator) < 0.1,  # noqa: PLR2004  one day in ten
        appliances=area * d.uniform(1, 5),
        steam=d.uniform(0, 60) / 3.6e6,
        setpoint=d.uniform(18, 22),
        heating=area * d.uniform(50, 100),
        moisture_buffer=d.uniform(1.5, 6),
        mould_factor=d.uniform(0.6, 0.85),
        street=d.uniform(42, 74),
        night_drop=d.uniform(3, 12),
        closed_loss=d.uniform(28, 38),
        open_loss=d.uniform(6, 10),
        microphone=d.normal(1.5),
        tells_co2=d.chance(0.3),
        tells_presence=d.chance(0.5),
        tells_mean=d.chance(0.8),
        tells_use=d.chance(0.6),
        tells_size=d.chance(0.5),
    )


def occupancy(r: Rooms, minute: Tensor) -> tuple[Tensor, Tensor]:
    """Who is there and who sleeps, 0 or 1 each, by the minute of the year (n,)."""
    hour = (minute / 60 + r.shift) % 24
    day = minute // 1440
    weekend = day % 7 >= 5  # noqa: PLR2004  the year begins on a Monday
    out = r.away.gather(1, (day % _DAYS)[:, None])[:, 0]
    asleep = r.bedroom & ((hour >= 22.5) | (hour < 7))  # noqa: PLR2004
    evening = ~r.bedroom & (((hour >= 17) & (hour < 23)) | ((hour >= 6.5) & (hour < 8)))  # noqa: PLR2004
    by_day = (hour >= 9) & (hour < 17) & torch.where(r.bedroom, r.home_office & ~weekend, r.home_office | weekend)  # noqa: PLR2004
    present = (asleep | evening | by_day) & ~out
    return present.float(), (asleep & ~out).float()


def street_level(r: Rooms, minute: Tensor, noise: Tensor) -> Tensor:
    """dB(A) in front of the window: quieter by night, louder when people drive to work, and `noise`."""
    hour = minute / 60 % 24
    night = torch.sigmoid((hour - 22) * 2) + torch.sigmoid((6 - hour) * 2)
    rush = torch.exp(-((hour - 8) ** 2) / 2) + torch.exp(-((hour - 17.5) ** 2) / 4)
    return r.street - r.night_drop * night + 2 * rush + noise


def indoor_level(r: Rooms, street: Tensor, share: Tensor) -> Tensor:
    """dB(A) of the street in the room. An open window takes `open_loss` away, a closed one `closed_loss`.

    DIN 4109 and the WHO's night noise guidelines (2009) give 5-10 dB for an open and 10-15 dB for an ajar window.
    """
    passed = 10 ** (-r.closed_loss / 10) + share.clamp_min(0) ** 0.7 * 10 ** (-r.open_loss / 10)
    return street + 10 * torch.log10(passed)
