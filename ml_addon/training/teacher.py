"""Who knows everything: the cost of each of 21 positions over six hours, with the true room, people and weather.

A position is held for half an hour; then the window goes to one of a few positions for an hour and a half, and to one
of a few for the rest. The best of these ways to go on counts.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..air import comfort
from ..model import POSITIONS
from .physics import State, Surroundings, step
from .weather import Column
from .world import NOISE_STAYS, STEP_MINUTES, STEPS, World

_LONG_MINUTES, _SOON, _LATER = 30, 3, 8  # minutes of a long step, and how many of them each stretch has
_LEVELS = torch.linspace(0, 1, POSITIONS)
_THEN = (0.0, 0.1, 0.3, 1.0)  # and staying
_AT_LAST = (0.0, 0.1, 1.0)  # and staying


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Which plan of the stretch before each plan goes on from, and where the window stands; both (plans,)."""

    parent: Tensor
    share: Tensor


def _branch(shares: Tensor, then: tuple[float, ...]) -> _Stretch:
    pairs = [
        (k, share)
        for k, own in enumerate(shares.tolist())
        for share in (own, *(other for other in then if abs(other - own) > 1e-6))  # noqa: PLR2004
    ]
    return _Stretch(torch.tensor([k for k, _ in pairs]), torch.tensor([share for _, share in pairs]))


_SOON_PLANS = _branch(_LEVELS, _THEN)
_LATE_PLANS = _branch(_SOON_PLANS.share, _AT_LAST)
# How many plans begin with each level; they lie together.
_PLANS_OF = torch.bincount(_SOON_PLANS.parent[_LATE_PLANS.parent]).tolist()


@torch.inference_mode()
def regret(world: World) -> Tensor:
    """(n, 21): points that each position costs above the best one."""
    n = len(world.rooms)
    run = _Run(world, world.state.expand(POSITIONS), torch.zeros(POSITIONS, n), world.minute, world.noise)
    run.hold(_LEVELS, STEPS, STEP_MINUTES)
    for plans, steps in ((_SOON_PLANS, _SOON), (_LATE_PLANS, _LATER)):
        run.branch(plans.parent)
        run.hold(plans.share, steps, _LONG_MINUTES)
    total = run.total + carried_on(run.world, run.state, run.weather)
    best = torch.stack([plans.amin(0) for plans in torch.split(total, _PLANS_OF)], 1)
    return best - best.amin(1, keepdim=True)


class _Run:
    """Plans under way: (plans, n)."""

    def __init__(self, world: World, state: State, total: Tensor, minute: Tensor, noise: Tensor) -> None:
        self.world, self.state, self.total = world, state, total
        self.minute, self.noise = minute, noise
        self.weather = world.now()

    def branch(self, parent: Tensor) -> None:
        s = self.state
        self.state = State(s.air[parent], s.walls[parent], s.vapour[parent], s.co2[parent], s.share[parent])
        self.total = self.total[parent]

    def hold(self, share: Tensor, steps: int, minutes: int) -> None:
        world = self.world
        for _ in range(steps):
            self.noise = self.noise * NOISE_STAYS ** (minutes / STEP_MINUTES)
            # A long step has the weather of a moment within it.
            self.weather = world.weather.at(world.rooms.climate, self.minute + (minutes - STEP_MINUTES) // 2)
            around = Surroundings(self.weather, self.minute, self.noise)
            self.state, parts = step(world.rooms, world.taste, self.state, share[:, None], around, 60.0 * minutes)
            for points in parts.values():
                self.total = self.total + points * (minutes / 60)
            self.minute = self.minute + minutes


def carried_on(world: World, state: State, weather: Tensor) -> Tensor:
    """What the walls carry on, in points: as if the room stayed so for four more hours with somebody in."""
    middle = comfort(weather[:, Column.RUNNING_MEAN]) + world.taste.warmth
    off = (state.walls - middle - 1.5).clamp_min(0) + (middle - 3 - state.walls).clamp_min(0)
    return off.clamp_max(6).square()
