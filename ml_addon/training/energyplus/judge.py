"""What a policy costs in EnergyPlus, by the same cost, in eight kinds of room."""

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from ...air import humidity_ratio
from ...inputs import Known
from ...model import POSITIONS
from ..cost import Hour, Taste, cost_parts
from ..dataset import Bank
from ..play import Moment, Policy
from ..rooms import Draw, Rooms, draw_rooms, indoor_level, occupancy, street_level
from ..weather import HOURS, Column, Weather, read_weather
from ..world import Seen, World
from .building import DAYS, OPENING, SETTLING_DAYS, VOLUME, Kind
from .loop import Api, Gains, simulate

_STEP_MINUTES, _EVERY = 10, 3
_PER_YEAR = HOURS * 60 // _STEP_MINUTES
_LOUD, _QUIET = 66.0, 50.0  # dB(A) by day
_NOISE = 2.5  # dB around the usual


@dataclass(frozen=True, slots=True)
class Room:
    """A kind of room somewhere: what drives EnergyPlus and judges afterwards. Schedules are of the year's steps."""

    rooms: Rooms
    minute: Tensor
    present: Tensor
    asleep: Tensor
    street: Tensor
    gains: Gains
    running_mean: Tensor
    rain: Tensor


def make_room(kind: Kind, weather: Weather, seed: int) -> Room:
    """One room with two people in it."""
    generator = torch.Generator().manual_seed(seed)
    one = torch.ones(1)
    rooms = replace(
        draw_rooms(1, 1, generator),
        climate=torch.zeros(1, dtype=torch.long),
        facade=torch.tensor([kind.facade]),
        volume=VOLUME * one,
        opening=OPENING * one,
        people=2 * one,
        bedroom=torch.tensor([kind.bedroom]),
        home_office=torch.tensor([False]),
        shift=0 * one,
        street=(_LOUD if kind.loud else _QUIET) * one,
        night_drop=8 * one,
        closed_loss=33 * one,
        open_loss=8 * one,
        mould_factor=0.75 * one,
        microphone=0 * one,
        steam=10 / 3.6e6 * one,
        tells_co2=torch.tensor([kind.heavy]),  # in half of the rooms, whatever else they are
        tells_presence=torch.tensor([not kind.heavy]),
        tells_mean=torch.tensor([True]),
        tells_use=torch.tensor([True]),
        tells_size=torch.tensor([True]),
    )
    minute = torch.arange(_PER_YEAR) * _STEP_MINUTES
    wide = rooms.repeat(_PER_YEAR)
    present, asleep = occupancy(wide, minute)
    noise = Draw(_PER_YEAR, generator).normal(_NOISE)
    gains = Gains(
        sensible=present * 2 * torch.where(asleep > 0, 70.0, 90.0) + 20,
        latent=present * 2 * torch.where(asleep > 0, 27.0, 41.0) + 7,  # 40 and 60 g/h of water
        co2=present * 2 * torch.where(asleep > 0, 12.0, 18.0) / 3.6e6,
    )
    now = weather.at(torch.zeros(_PER_YEAR, dtype=torch.long), minute)
    return Room(
        rooms=rooms,
        minute=minute,
        present=present,
        asleep=asleep,
        street=street_level(wide, minute, noise),
        gains=gains,
        running_mean=now[:, Column.RUNNING_MEAN],
        rain=now[:, Column.RAIN],
    )


class Agent:
    """EnergyPlus' sensors → what a request would hold → the policy, every half hour."""

    def __init__(self, room: Room, policy: Policy, bank: Bank, weather: Weather) -> None:
        self._room, self._policy, self._bank = room, policy, bank
        self._ears = torch.Generator().manual_seed(5)
        self._world = World(room.rooms, Taste.usual(1), weather, self._ears, torch.zeros(1, dtype=torch.long))
        self._calls, self._share = 0, 0.0
        self._before: list[tuple[float, float]] = []
        self._still = 12.0

    def __call__(self, sensed: dict[str, float], minute: int) -> float:
        """The opening of the step that begins."""
        self._before = [*self._before, (sensed["air"], sensed["humidity"])][-_EVERY - 1 :]
        if self._calls % _EVERY == 0:
            seen = self._look(sensed, minute)
            moment = Moment(seen, self._bank.hear(seen, self._ears), torch.zeros(1, 5), self._world)
            wanted = self._policy(moment).item() * (1 - seen.wet.item())
            share = round(wanted * (POSITIONS - 1)) / (POSITIONS - 1)
            self._still = (0.0 if share != self._share else self._still) + _EVERY * _STEP_MINUTES / 60
            self._share = share
        self._calls += 1
        return self._share

    def _look(self, sensed: dict[str, float], minute: int) -> Seen:
        r, k = self._room.rooms, minute // _STEP_MINUTES
        nan = torch.nan
        wet = self._room.rain[k : k + 1]
        awake = (self._room.present * (1 - self._room.asleep))[k : k + 1]
        known = {
            Known.TEMPERATURE: sensed["air"],
            Known.HUMIDITY: sensed["humidity"],
            Known.OUTDOOR_TEMPERATURE: sensed["outdoors"],
            Known.OUTDOOR_HUMIDITY: sensed["outdoor_humidity"],
            Known.WIND: sensed["wind"],
            Known.RAIN: wet.item(),
            Known.HOUR: minute % 1440 / 60,
            Known.POSITION: 100 * self._share,
            Known.CO2: sensed["co2"] if r.tells_co2.item() else nan,
            Known.OCCUPIED: self._room.present[k].item() if r.tells_presence.item() else nan,
            Known.RUNNING_MEAN: self._room.running_mean[k].item(),
            Known.WEEKDAY: float(minute // 1440 % 7),
            Known.BEDROOM: float(r.bedroom.item()),
            Known.ROOM_VOLUME: VOLUME,
            Known.OPENING_AREA: OPENING,
            Known.TEMPERATURE_TREND: 2 * (self._before[-1][0] - self._before[0][0]),
            Known.HUMIDITY_TREND: 2 * (self._before[-1][1] - self._before[0][1]),
            Known.STILL_HOURS: self._still,
        }
        return Seen(torch.tensor([[known[name] for name in Known]]), self._room.street[k : k + 1], wet, awake)


@torch.inference_mode()
def judge(api: Api, epw: Path, kind: Kind, policy: Policy, bank: Bank) -> dict[str, float]:
    """Points per hour of each part over a fortnight of each season."""
    weather = read_weather([epw])
    room = make_room(kind, weather, seed=3)
    ran = simulate(api, epw, kind, Agent(room, policy, bank, weather), room.gains)
    return _judged(room, ran)


def _judged(room: Room, ran: dict[str, Tensor]) -> dict[str, float]:
    """The sensors of a row are those that its opening of the row before led to."""
    share, minute = ran["share"][:-1].float(), ran["minute"][:-1].long()
    after = {name: values[1:].float() for name, values in ran.items()}
    before = torch.cat((share[:1], share[:-1]))
    k = minute // _STEP_MINUTES
    wide = room.rooms.repeat(len(k))
    hour = Hour(
        air=after["air"],
        walls=2 * after["felt"] - after["air"],
        vapour=humidity_ratio(after["air"], after["humidity"]),
        co2=after["co2"],
        heat=after["heat"],
        street_indoors=indoor_level(wide, room.street[k], share),
        share=share,
        moved=(share - before).abs(),
        outdoors=after["outdoors"],
        running_mean=room.running_mean[k],
        rain=room.rain[k],
        present=room.present[k],
        asleep=room.asleep[k],
        mould_factor=wide.mould_factor,
        hours=_STEP_MINUTES / 60,
    )
    per_day = 1440 // _STEP_MINUTES
    judged = torch.arange(len(share)) % (DAYS * per_day) >= SETTLING_DAYS * per_day
    return {name: points[judged].mean().item() for name, points in cost_parts(hour, Taste.usual(len(k))).items()}
