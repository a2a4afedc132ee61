"""Why this position: each part of what is known is taken away, and the position looked at again.

So a reason can be checked by asking again without that part: the position moves back by the effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .inputs import LIKINGS, READS, SOUND, Known
from .model import STEP
from .prediction import Reason
from .swift import HANGS_ON, Swift
from .swift_inputs import Floats, lean, to_inputs, told_taste

NOISE, TASTE, LEARNT = "noise", "taste", "learnt"
_A_CHANCE = 0.02
LEAST_EFFECT = 0.5  # points of position; less is no reason
_UNHEARD = np.full(len(READS), np.nan, np.float32)
_CODES = tuple(known.name.lower() for known in Known)


@dataclass(frozen=True, slots=True)
class Question:
    """What is known: (18,) and (5,) numbers, the features that the network reads or None, the layer's shift (SIZE,).

    `allowed` is (21,): the levels that may be answered.
    """

    scalars: Floats
    likings: Floats
    sound: Floats | None
    shift: Floats
    allowed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answer:
    """The best position among those allowed; the reasons, strongest first; how unlike the training the question is."""

    position: float
    free: float  # the best of all
    confidence: float
    strangeness: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    """A question and, below it, the question without each part that `codes` names; what is added to its logits."""

    codes: tuple[str, ...]
    inputs: Floats
    lean: Floats


def ask(network: Swift, question: Question, *, why: bool = True) -> Answer:
    """Ask one question; see ask_all."""
    (answer,) = ask_all(network, (question,), why=why)
    return answer


def ask_all(network: Swift, questions: Sequence[Question], *, why: bool = True) -> list[Answer]:
    """Ask each once with all that is known and once without each part of it, all in one pass through the network.

    Without `why` only the first: there are no reasons then.

    The neutral value of a reading is its absence: the model then expects what is usual. That of a taste is the usual
    one, that of a layer none. The sound has two, an ordinary quiet street and absence, and the one that tells more
    counts: a loud street closes compared with a quiet one, a quiet street opens compared with none heard.
    """
    scalars = np.stack([q.scalars for q in questions])
    shift = np.stack([q.shift for q in questions])
    told = _told(questions, scalars, shift)
    leans = lean(scalars, shift)
    asked = [
        _without_each(network, *each) if why else _Rows((), each[1][:1], each[2][None])
        for each in zip(questions, told, leans, strict=True)
    ]
    whole = np.concatenate([rows.inputs for rows in asked])
    logits, good = network.logits(whole)
    first = np.cumsum([0, *(len(rows.inputs) for rows in asked)])
    strangeness = network.strangeness(whole[first[:-1]])
    answers = []
    for place, (question, rows) in enumerate(zip(questions, asked, strict=True)):
        own = slice(first[place], first[place + 1])
        leaning = logits[own] + rows.lean
        levels = _inside(leaning, question.allowed)
        sure = network.calibrated(float(good[own.start, levels[0]]), float(strangeness[place]))
        position, *others = (levels * STEP).tolist()
        reasons = _strongest(rows.codes, [position - other for other in others])
        answers.append(Answer(position, int(leaning[0].argmax()) * STEP, sure, float(strangeness[place]), reasons))
    return answers


def _told(questions: Sequence[Question], scalars: Floats, shift: Floats) -> Floats:
    """(questions, 3, inputs): as they are, with the usual taste, and with nothing learnt."""
    likings = np.stack([q.likings for q in questions])
    sound = np.stack([_UNHEARD if q.sound is None else q.sound for q in questions])
    three = np.repeat(to_inputs(scalars, told_taste(likings, shift), sound)[:, None], 3, 1)
    three[:, 1, LIKINGS] = told_taste(np.zeros_like(likings), shift)
    three[:, 2, LIKINGS] = told_taste(likings, np.zeros_like(shift))
    return three


def _without_each(network: Swift, q: Question, told: Floats, leaning: Floats) -> _Rows:
    """The question as a row, and below it one for each part that is known, without that part."""
    whole, usual_taste, unlearnt = told
    known = np.flatnonzero(~np.isnan(q.scalars))
    codes = [_CODES[place] for place in known]
    inputs = [whole[None], np.where(HANGS_ON[known], np.float32(np.nan), whole)]
    if q.sound is not None:
        codes += [NOISE, NOISE]
        heard = np.repeat(whole[None], 2, 0)
        heard[0, SOUND], heard[1, SOUND] = network.heard_when_quiet, np.nan
        inputs.append(heard)
    taste, learnt = bool((q.likings != 0).any()), bool((q.shift != 0).any())
    if taste:
        codes.append(TASTE)
        inputs.append(usual_taste[None])
    if learnt:
        codes.append(LEARNT)
        inputs.append(unlearnt[None])
    leans = np.repeat(leaning[None], 1 + len(codes), 0)
    # Without the hour, or without the layer, nothing leans.
    if not np.isnan(q.scalars[Known.HOUR]):
        leans[1 + codes.index("hour")] = 0
    if learnt:
        leans[-1] = 0
    return _Rows(tuple(codes), np.concatenate(inputs), leans)


def _strongest(codes: Sequence[str], moved: Sequence[float]) -> tuple[Reason, ...]:
    """What moved the position, the strongest first; of two ways to take the same away the one that tells more."""
    effects: dict[str, float] = {}
    for code, effect in zip(codes, moved, strict=True):
        if abs(effect) > abs(effects.get(code, 0.0)):
            effects[code] = effect
    strong = (Reason(code, effect) for code, effect in effects.items() if abs(effect) >= LEAST_EFFECT)
    return tuple(sorted(strong, key=lambda reason: -abs(reason.effect)))


def _inside(logits: Floats, allowed: NDArray[np.bool_]) -> NDArray[np.intp]:
    """(rows,): the best allowed level where the model gives it a chance, else the one nearest to its best of all.

    Among positions that it would never choose, the model's order means nothing.
    """
    best = np.where(allowed, logits, -np.inf).argmax(1)
    free = logits.argmax(1)
    rows = np.arange(len(logits))
    # The softmax's share of the best allowed one.
    chance = np.exp(logits[rows, best] - logits[rows, free]) / np.exp(logits - logits[rows, free, None]).sum(1)
    levels = np.flatnonzero(allowed)
    nearest = levels[np.abs(levels - free[:, None]).argmin(1)]
    inside: NDArray[np.intp] = np.where(chance >= _A_CHANCE, best, nearest)
    return inside
