"""What was learnt of one window's owner, and what it does to a question. A few dozen numbers that Home Assistant keeps.

The layer shifts the taste that the model is told (five numbers), and leans the choice of a position towards open or
shut at four times of the day. Beside each number lies how sure it is.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .inputs import Known, Liking
from .messages import Layer
from .model import POSITIONS
from .strict_json import ContractError, Kind

SCHEMA = "smart-window-layer.v1"
TASTES, TIMES = len(Liking), 4
SIZE = TASTES + TIMES
ENOUGH = 3.0  # corrections; with fewer the layer learns, and changes nothing
# How far owners are believed to differ, one standard deviation. They differ by ten times as much; but who corrects does
# so where the model erred, and a layer that takes each correction at its word serves most owners worse than none.
PRIOR = torch.full((SIZE,), 0.1)
BOUND = 2.5 * PRIOR  # no owner is believed to be further off than that
TASTE_BOUND = torch.tensor([3.0, 2.0, 2.0, 2.0, 2.0])  # what the model was trained for
TIMES_BEGIN = (6.0, 10.0, 17.0, 22.0)  # morning, day, evening, night


@dataclass(frozen=True, slots=True)
class Learnt:
    """`shift` and `sure` (1 / variance) are (SIZE,); `evidence` is how many corrections still count."""

    shift: Tensor
    sure: Tensor
    evidence: float
    version: int

    @property
    def in_force(self) -> Tensor:
        """What of the shift is applied: nothing before there is enough evidence, and never more than its bound."""
        if self.evidence < ENOUGH:
            return torch.zeros(SIZE)
        return torch.minimum(torch.maximum(self.shift, -BOUND), BOUND)


def unlearnt() -> Learnt:
    """Of an owner who never corrected anything."""
    return Learnt(torch.zeros(SIZE), PRIOR.pow(-2), 0.0, 0)


def read_layer(layer: Layer | None) -> Learnt:
    """Return what a request's layer says. ContractError when it is of another schema."""
    if layer is None:
        return unlearnt()
    if layer.schema != SCHEMA or len(layer.values) != 2 * SIZE:
        raise ContractError(
            Kind.FIELDS,
            f"layer: {len(layer.values)} values of {layer.schema}; expected {2 * SIZE} of {SCHEMA}. Reset it",
        )
    values = torch.tensor(layer.values)
    return Learnt(values[:SIZE], values[SIZE:].clamp_min(1e-3), layer.evidence, layer.version)


def write_layer(learnt: Learnt) -> Layer:
    """As a message carries it."""
    values = (*learnt.shift.tolist(), *learnt.sure.clamp_max(1e3).tolist())
    return Layer(SCHEMA, learnt.version, round(learnt.evidence, 4), tuple(round(value, 5) for value in values))


def told_taste(likings: Tensor, shift: Tensor) -> Tensor:
    """The taste that the model is told: (…, 5), what the owner set and what was learnt."""
    told = likings + shift[..., :TASTES]
    return torch.minimum(torch.maximum(told, -TASTE_BOUND), TASTE_BOUND)


def lean(scalars: Tensor, shift: Tensor) -> Tensor:
    """(rows, 18) and (SIZE,) or (rows, SIZE) → (rows, 21): what is added to the logits. Without an hour, nothing."""
    hour = scalars[:, Known.HOUR]
    time = sum((hour >= begin).long() for begin in TIMES_BEGIN)
    slot = (torch.as_tensor(time) - 1) % TIMES
    each = shift[..., TASTES:].expand(len(scalars), TIMES)
    slope = torch.where(hour.isnan(), 0.0, each.gather(1, slot[:, None])[:, 0])
    return slope[:, None] * torch.linspace(-2, 2, POSITIONS)
