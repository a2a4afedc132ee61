"""Rooms are driven, by rules at first and then by the student itself (DAgger), and the teacher labels what was met."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..model import WindowModel
from . import rule
from .cost import Taste
from .dataset import Bank, Rows, asked, hide, joined, likings
from .follow import regret_followed
from .rooms import draw_rooms
from .teacher import regret
from .weather import Weather
from .world import DECISIONS_PER_DAY, Seen, World, any_week

_WARM_UP = 24  # decisions before the rooms are what their windows made of them
_LABELLED = 0.25  # of the decisions; neighbours in time tell the same
_JUMPS = 0.15  # how often who opens at random does so
_DRIVERS = 8
_EXPLORES = 0.1


@dataclass(frozen=True, slots=True)
class Setting:
    """What every round has in common; `generator` draws all that is random in it."""

    weather: Weather
    bank: Bank
    generator: torch.Generator
    thresholds: rule.Thresholds


def collect(
    setting: Setting,
    count: int,
    days: int,
    student: WindowModel | None,
    progress: Callable[[int], None],
    futures: torch.Generator | None = None,
) -> Rows:
    """Drive `count` rooms for some days. With a student, it drives three of four, and errs now and then on purpose.

    With `futures`, the noise of what may come, each position is followed as well.
    """
    weather, bank, generator = setting.weather, setting.bank, setting.generator
    rooms, taste = draw_rooms(count, len(weather.names), generator), Taste.draw(count, generator)
    world = World(rooms, taste, weather, generator, any_week(count, generator))
    tastes = likings(taste)
    driver = torch.randint(0, _DRIVERS, (count,), generator=generator)
    wandering = torch.rand(count, generator=generator)
    parts: list[Rows] = []
    for k in range(days * DECISIONS_PER_DAY):
        seen = world.look()
        sound = bank.hear(seen, generator)
        if k >= _WARM_UP and torch.rand(1, generator=generator) < _LABELLED:
            lost = regret(world)
            followed = lost
            if student is not None and futures is not None:
                followed = regret_followed(world, student, bank, futures)
            parts.append(Rows(seen.scalars, tastes, sound, lost, followed))
        jumps = torch.rand(count, generator=generator) < _JUMPS
        wandering = torch.where(jumps, torch.rand(count, generator=generator) ** 2, wandering)
        share = _by_rules(driver, wandering, seen, setting.thresholds)
        if student is not None:
            own = asked(student, *_told(seen, tastes, sound, generator))
            curious = torch.rand(count, generator=generator) < _EXPLORES
            share = torch.where((driver < 6) & ~curious, own, share)  # noqa: PLR2004
        world.advance((share * 20).round() / 20)
        progress(k + 1)
    return joined(parts)


def _told(seen: Seen, tastes: Tensor, sound: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    scalars, heard = hide(seen.scalars, sound, generator)
    return scalars, tastes, heard


def _by_rules(driver: Tensor, wandering: Tensor, seen: Seen, thresholds: rule.Thresholds) -> Tensor:
    """Closed, ajar, the plain rule, a window that somebody opens and closes at random."""
    ruled = rule.drive(seen, thresholds)
    share = torch.where(driver == 0, 0.0, torch.where(driver == 1, 0.1, ruled))
    share = torch.where(driver >= 4, wandering, share)  # noqa: PLR2004
    return torch.where(driver >= 6, wandering * (wandering > 0.1), share)  # noqa: PLR2004
