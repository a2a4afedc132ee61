"""Policies in a closed loop, all on the same rooms, people, weather and noise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from ..inputs import Known
from ..model import POSITIONS, WindowModel
from . import rule
from .cost import PARTS, Taste
from .dataset import Bank, asked, drop, likings
from .rooms import Rooms, draw_rooms
from .teacher import regret
from .weather import Weather
from .world import DECISIONS_PER_DAY, Seen, World, four_seasons


@dataclass(frozen=True, slots=True)
class Moment:
    """What a policy may look at. Only the teacher looks at the world."""

    seen: Seen
    sound: Tensor  # (n, features)
    tastes: Tensor  # (n, 5)
    world: World


Policy = Callable[[Moment], Tensor]


@dataclass(frozen=True, slots=True)
class PlaySettings:
    """How much is played: rooms, days per season, of which the first ones are not judged."""

    rooms: int = 384
    days: int = 7
    settling_days: int = 1
    seed: int = 99


@dataclass(frozen=True, slots=True)
class Played:
    """Points per hour: `cost` (n,), `parts` each (n,)."""

    cost: Tensor
    parts: Mapping[str, Tensor]
    rooms: Rooms


@torch.inference_mode()
def play(policy: Policy, weather: Weather, bank: Bank, settings: PlaySettings, taste: Taste | None = None) -> Played:
    """Play it. In rain the window is shut, whatever the policy says: the house's rules do that."""
    n = settings.rooms
    generator = torch.Generator().manual_seed(settings.seed)
    rooms = draw_rooms(n, len(weather.names), generator)
    owners = Taste.usual(n) if taste is None else taste
    world = World(rooms, owners, weather, generator, four_seasons(n))
    ears = torch.Generator().manual_seed(settings.seed + 1)
    tastes = likings(owners)
    parts = {name: torch.zeros(n) for name in PARTS}
    for k in range(settings.days * DECISIONS_PER_DAY):
        seen = world.look()
        share = policy(Moment(seen, bank.hear(seen, ears), tastes, world)) * (1 - seen.wet)
        points = world.advance((share * (POSITIONS - 1)).round() / (POSITIONS - 1))
        if k >= settings.settling_days * DECISIONS_PER_DAY:
            parts = {name: parts[name] + points[name] for name in PARTS}
    hours = (settings.days - settings.settling_days) * 24
    parts = {name: value / hours for name, value in parts.items()}
    return Played(torch.stack(list(parts.values())).sum(0), parts, rooms)


def fixed(share: float) -> Policy:
    """A window that stays where it is."""
    return lambda moment: torch.full_like(moment.seen.level, share)


def by_rule(thresholds: rule.Thresholds) -> Policy:
    """The plain rule."""
    return lambda moment: rule.drive(moment.seen, thresholds)


def by_model(model: WindowModel, hidden: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]] | None = None) -> Policy:
    """The student; `hidden` takes away of (scalars, sound) what it shall not see."""

    def policy(moment: Moment) -> Tensor:
        scalars, sound = moment.seen.scalars, moment.sound
        if hidden is not None:
            scalars, sound = hidden(scalars.clone(), sound)
        return asked(model, scalars, moment.tastes, sound)

    return policy


def by_teacher() -> Policy:
    """Who knows everything."""
    return lambda moment: regret(moment.world).argmin(1) / (POSITIONS - 1)


def deaf(scalars: Tensor, sound: Tensor) -> tuple[Tensor, Tensor]:
    """Without sound."""
    return scalars, torch.full_like(sound, torch.nan)


def lacking(share: float, seed: int) -> Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Without so much of the optional fields, at random."""
    generator = torch.Generator().manual_seed(seed)
    return lambda scalars, sound: drop(scalars, sound, share, generator)


def without(*columns: Known) -> Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Without these readings."""

    def hidden(scalars: Tensor, sound: Tensor) -> tuple[Tensor, Tensor]:
        scalars[:, list(columns)] = torch.nan
        return scalars, sound

    return hidden


@dataclass(frozen=True, slots=True)
class Ratio:
    """One policy's mean cost over another's, with a 95 % interval from the paired differences over rooms."""

    value: float
    low: float
    high: float


def paired_ratio(cost: Tensor, rival: Tensor) -> Ratio:
    """(n,) each, of the same rooms. The interval is the delta method's: the spread of cost - ratio × rival."""
    ratio = (cost.mean() / rival.mean()).item()
    error = ((cost - ratio * rival).std() / len(cost) ** 0.5 / rival.mean()).item()
    return Ratio(ratio, ratio - 1.96 * error, ratio + 1.96 * error)
