"""Why this position: each part of what is known is taken away, and the position looked at again.

So a reason can be checked by asking again without that part: the position moves back by the effect.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .inputs import READS, Known, Liking, to_inputs
from .layer import SIZE, lean, told_taste
from .model import STEP, WindowModel
from .prediction import Reason

NOISE, TASTE, LEARNT = "noise", "taste", "learnt"
_A_CHANCE = 0.02
LEAST_EFFECT = 0.5  # points of position; less is no reason


@dataclass(frozen=True, slots=True)
class Question:
    """What is known: (18,) and (5,) numbers, the features that the network reads or None, the layer's shift (SIZE,)."""

    scalars: Tensor
    likings: Tensor
    sound: Tensor | None
    shift: Tensor


@dataclass(frozen=True, slots=True)
class Answer:
    """The best position among those allowed; the reasons, strongest first; how unlike the training the question is."""

    position: float
    free: float  # the best of all
    confidence: float
    strangeness: float
    reasons: tuple[Reason, ...]


def ask(network: WindowModel, question: Question, allowed: Tensor, *, why: bool = True) -> Answer:
    """Ask once with all that is known and once without each part of it, in one batch. `allowed` is (21,) bool.

    Without `why` only the first: there are no reasons then.

    The neutral value of a reading is its absence: the model then expects what is usual. That of a taste is the usual
    one, that of a layer none. The sound has two, an ordinary quiet street and absence, and the one that tells more
    counts: a loud street closes compared with a quiet one, a quiet street opens compared with none heard.
    """
    codes, rows = _variants(network, question) if why else ([], _alone(question))
    told = told_taste(rows.likings, rows.shift)
    inputs = to_inputs(rows.scalars, told, rows.sound)
    logits, good = network(inputs)
    logits = logits + lean(rows.scalars, rows.shift)
    free = int(logits[0].argmax())
    level = _inside(logits, allowed)
    strangeness = network.strangeness(inputs[:1])
    confidence = network.calibrated(good[0, level[0]], strangeness[0])
    position, *others = (level * STEP).tolist()
    effects: dict[str, float] = {}
    for code, other in zip(codes, others, strict=True):
        effect = position - other
        if abs(effect) > abs(effects.get(code, 0.0)):
            effects[code] = effect
    strong = sorted(
        (Reason(code, effect) for code, effect in effects.items() if abs(effect) >= LEAST_EFFECT),
        key=lambda reason: -abs(reason.effect),
    )
    return Answer(position, free * STEP, confidence.item(), strangeness.item(), tuple(strong))


def _inside(logits: Tensor, allowed: Tensor) -> Tensor:
    """(rows,): the best allowed level where the model gives it a chance, else the one nearest to its best of all.

    Among positions that it would never choose, the model's order means nothing.
    """
    best = logits.masked_fill(~allowed, -torch.inf).argmax(1)
    chance = logits.softmax(1).gather(1, best[:, None])[:, 0]
    levels = allowed.nonzero()[:, 0]
    nearest = levels[(levels - logits.argmax(1, keepdim=True)).abs().argmin(1)]
    return torch.where(chance >= _A_CHANCE, best, nearest)


@dataclass(frozen=True, slots=True)
class _Rows:
    scalars: Tensor
    likings: Tensor
    sound: Tensor
    shift: Tensor


def _variants(network: WindowModel, q: Question) -> tuple[list[str], _Rows]:
    """The question, and after it the question without each of the parts that the codes name."""
    known = [column for column in Known if not q.scalars[column].isnan()]
    codes = [column.name.lower() for column in known]
    codes += [NOISE, NOISE] if q.sound is not None else []
    codes += [TASTE] if (q.likings != 0).any() else []
    codes += [LEARNT] if (q.shift != 0).any() else []
    count = 1 + len(codes)
    absent = torch.full((len(READS),), torch.nan)
    rows = _alone(q, count)
    quiet = network.quiet
    for row, code in enumerate(codes, start=1):
        match code:
            case "noise":
                rows.sound[row], quiet = quiet, absent
            case "taste":
                rows.likings[row] = torch.zeros(len(Liking))
            case "learnt":
                rows.shift[row] = torch.zeros(SIZE)
            case _:
                rows.scalars[row, known[row - 1]] = torch.nan
    return codes, rows


def _alone(q: Question, count: int = 1) -> _Rows:
    """The question, so many times."""
    sound = torch.full((len(READS),), torch.nan) if q.sound is None else q.sound
    return _Rows(
        q.scalars.repeat(count, 1), q.likings.repeat(count, 1), sound.repeat(count, 1), q.shift.repeat(count, 1)
    )
