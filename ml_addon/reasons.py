"""Why this position: each part of what is known is taken away, and the position looked at again."""

from dataclasses import dataclass

import torch
from torch import Tensor

from .inputs import READS, Known, to_inputs
from .model import STEP, WindowModel
from .prediction import Reason

NOISE = "noise"
LEAST_EFFECT = 0.5  # points of position; less is no reason


@dataclass(frozen=True, slots=True)
class Answer:
    """The model's own position, before the grant; the reasons, strongest first."""

    position: float
    confidence: float
    reasons: tuple[Reason, ...]


def ask(network: WindowModel, scalars: Tensor, sound: Tensor | None) -> Answer:
    """Ask once with all that is known and once without each part of it, in one batch.

    `scalars` is (8,), NaN where absent; `sound` is (len(READS),). The neutral value of a reading is its absence: the
    model then expects what is usual. The sound has two, an ordinary quiet street and absence, and the one that tells
    more counts: a loud street closes compared with a quiet one, a quiet street opens compared with none heard. An
    effect is how far the position is from the neutral one.
    """
    known = [column for column in Known if not scalars[column].isnan()]
    rows = scalars.repeat(1 + len(known) + 2 * (sound is not None), 1)
    for row, column in enumerate(known, start=1):
        rows[row, column] = torch.nan
    absent = torch.full((len(READS),), torch.nan)
    heard = (absent if sound is None else sound).repeat(len(rows), 1)
    if sound is not None:
        heard[-2], heard[-1] = network.quiet, absent
    choice = network.choose(to_inputs(rows, heard))
    position, *others = (choice.level * STEP).tolist()
    effects = [Reason(column.name.lower(), position - other) for column, other in zip(known, others, strict=False)]
    if sound is not None:
        effects.append(Reason(NOISE, max((position - other for other in others[-2:]), key=abs)))
    strong = sorted((reason for reason in effects if abs(reason.effect) >= LEAST_EFFECT), key=lambda r: -abs(r.effect))
    return Answer(position, choice.confidence[0].item(), tuple(strong))
