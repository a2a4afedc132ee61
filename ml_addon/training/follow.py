"""What each position costs where the model itself decides all that follows: the labels of the last rounds.

The teacher knows what comes, and plans as only it can: what it would do next is no help to who does not know. So the
last rounds ask what becomes of a position in the hands of the model as it is, and the network learns to do better than
that: policy iteration. All 21 futures meet the same people, weather and noise, and err the same in what they read.
"""

import torch
from torch import Tensor

from ..model import POSITIONS, WindowModel
from .dataset import Bank, asked, likings
from .teacher import carried_on
from .world import Seen, World

_DECISIONS = 12  # six hours
_LEVELS = torch.linspace(0, 1, POSITIONS)


@torch.inference_mode()
def regret_followed(world: World, model: WindowModel, bank: Bank, generator: torch.Generator) -> Tensor:
    """(n, 21): points that each position costs above the best one, when the model decides from the next half hour on.

    `generator` gives the noise of these futures, so that the world's own stays what it was.
    """
    n = len(world.rooms)
    futures = world.fork(POSITIONS, generator)
    tastes = likings(futures.taste)
    total = futures.advance_all(_LEVELS.repeat_interleave(n))
    for _ in range(_DECISIONS - 1):
        seen = futures.look()
        wanted = asked(model, seen.scalars, tastes, _heard_by_all(seen, bank, generator, n))
        total = total + futures.advance_all(wanted * (1 - seen.wet))
    total = total + carried_on(futures, futures.state, futures.now())
    cost = total.view(POSITIONS, n).T
    return cost - cost.amin(1, keepdim=True)


def _heard_by_all(seen: Seen, bank: Bank, generator: torch.Generator, n: int) -> Tensor:
    """The street is the same in every future of a room."""
    one = Seen(seen.scalars[:n], seen.level[:n], seen.wet[:n], seen.awake[:n])
    return bank.hear(one, generator).repeat(POSITIONS, 1)
