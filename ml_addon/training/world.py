"""A closed loop of many rooms: what a request would tell of each, and what follows from where its window stands."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..air import relative_humidity
from ..inputs import Known
from .cost import Taste
from .physics import State, Surroundings, start, step
from .rooms import Rooms, occupancy, street_level
from .weather import MINUTES_OF_A_DAY, Column, Weather

DECISION_MINUTES, STEP_MINUTES = 30, 10
STEPS = DECISION_MINUTES // STEP_MINUTES
DECISIONS_PER_DAY = MINUTES_OF_A_DAY // DECISION_MINUTES
NOISE_STAYS = 0.9  # of the street's deviation, per step
_NOISE_DRAWN = 1.3  # dB
_WEEKS = 52
_MOVED = 0.01


@dataclass(frozen=True, slots=True)
class Seen:
    """What a request holds, (n, 18); what the microphone hears, (n,): the street in dB(A), rain, somebody awake."""

    scalars: Tensor
    level: Tensor
    wet: Tensor
    awake: Tensor


class World:
    """n rooms, each at its own time of the year. The same seed gives the same rooms, people, weather and noise."""

    def __init__(
        self, rooms: Rooms, taste: Taste, weather: Weather, generator: torch.Generator, minute: Tensor, times: int = 1
    ) -> None:
        """`times`: so many copies of the same rooms lie one after the other, and meet the same noise."""
        self.rooms, self.taste, self.weather = rooms, taste, weather
        self.minute = minute
        self.state = start(len(rooms))
        self.noise = torch.zeros(len(rooms))
        self._generator, self._times = generator, times
        self._before = (self.state.air, self._humidity(self.state))
        self._still = torch.full((len(rooms),), 12.0)

    @staticmethod
    def _humidity(state: State) -> Tensor:
        return relative_humidity(state.air, state.vapour)

    def _normal(self) -> Tensor:
        return torch.randn(len(self.rooms) // self._times, generator=self._generator).repeat(self._times)

    def now(self) -> Tensor:
        """The weather, (n, columns)."""
        return self.weather.at(self.rooms.climate, self.minute)

    def look(self) -> Seen:
        """What can be known. Sensors err as their data sheets say: 0.2 K, 1.5 %, 40 ppm; a clip by 1 dB."""
        r, s, weather = self.rooms, self.state, self.now()
        present, asleep = occupancy(r, self.minute)
        nothing = torch.full_like(s.air, torch.nan)

        def told(whether: Tensor, value: Tensor) -> Tensor:
            return torch.where(whether, value, nothing)

        columns = {
            Known.TEMPERATURE: s.air + 0.2 * self._normal(),
            Known.HUMIDITY: (self._humidity(s) + 1.5 * self._normal()).clamp(0, 100),
            Known.OUTDOOR_TEMPERATURE: weather[:, Column.TEMPERATURE],
            Known.OUTDOOR_HUMIDITY: weather[:, Column.HUMIDITY],
            Known.WIND: weather[:, Column.WIND],
            Known.RAIN: weather[:, Column.RAIN],
            Known.HOUR: self.minute % MINUTES_OF_A_DAY / 60,
            Known.POSITION: 100 * s.share,
            Known.CO2: told(r.tells_co2, s.co2 + 40 * self._normal()),
            Known.OCCUPIED: told(r.tells_presence, present),
            Known.RUNNING_MEAN: told(r.tells_mean, weather[:, Column.RUNNING_MEAN]),
            Known.WEEKDAY: (self.minute // MINUTES_OF_A_DAY % 7).float(),
            Known.BEDROOM: told(r.tells_use, r.bedroom.float()),
            Known.ROOM_VOLUME: told(r.tells_size, r.volume),
            Known.OPENING_AREA: told(r.tells_size, r.opening),
            Known.TEMPERATURE_TREND: (s.air - self._before[0]) * (60 / DECISION_MINUTES) + 0.1 * self._normal(),
            Known.HUMIDITY_TREND: (self._humidity(s) - self._before[1]) * (60 / DECISION_MINUTES) + self._normal(),
            Known.STILL_HOURS: self._still,
        }
        level = street_level(r, self.minute, self.noise) + r.microphone + self._normal()
        return Seen(torch.stack([columns[k] for k in Known], 1), level, weather[:, Column.RAIN], present * (1 - asleep))

    def fork(self, times: int, generator: torch.Generator) -> "World":
        """So many copies of this moment, one after the other; what they meet from here on is the same for all."""

        def repeated(value: Tensor) -> Tensor:
            return value.repeat(times)

        s = self.state
        other = World(
            self.rooms.repeat(times), self.taste.repeat(times), self.weather, generator, repeated(self.minute), times
        )
        other.state = State(*(repeated(value) for value in (s.air, s.walls, s.vapour, s.co2, s.share)))
        other.noise, other._still = repeated(self.noise), repeated(self._still)
        other._before = (repeated(self._before[0]), repeated(self._before[1]))
        return other

    def advance_all(self, share: Tensor) -> Tensor:
        """Hold these openings (n,) for one decision; return the points that it cost, (n,)."""
        return torch.stack(list(self.advance(share).values())).sum(0)

    def advance(self, share: Tensor) -> dict[str, Tensor]:
        """Hold these openings (n,) for one decision; return the points that it cost, by part."""
        total: dict[str, Tensor] = {}
        self._before = (self.state.air, self._humidity(self.state))
        moved = (share - self.state.share).abs() > _MOVED
        self._still = torch.where(moved, 0.0, self._still) + DECISION_MINUTES / 60
        for _ in range(STEPS):
            self.noise = NOISE_STAYS * self.noise + _NOISE_DRAWN * self._normal()
            around = Surroundings(self.now(), self.minute, self.noise)
            self.state, parts = step(self.rooms, self.taste, self.state, share, around, 60.0 * STEP_MINUTES)
            for name, points in parts.items():
                total[name] = total.get(name, torch.zeros(())) + points * (STEP_MINUTES / 60)
            self.minute = self.minute + STEP_MINUTES
        return total


def any_week(count: int, generator: torch.Generator) -> Tensor:
    """A Monday's midnight for each room, in minutes of the year."""
    return torch.randint(0, _WEEKS, (count,), generator=generator) * 7 * MINUTES_OF_A_DAY


def four_seasons(count: int) -> Tensor:
    """The same, in the middle of each season in turn."""
    return (torch.arange(count) % 4 * 13 + 3) * 7 * MINUTES_OF_A_DAY


__all__ = ["DECISIONS_PER_DAY", "DECISION_MINUTES", "Seen", "State", "World", "any_week", "four_seasons"]
