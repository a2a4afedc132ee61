"""What the owner's hand says of the model's last word: it undid a move, refused a suggestion, or agreed. Pure.

A hand is a press or a person's command; presses that follow each other are one. It is told of when the window stands
still. A hand in a hazard, at a locked window or while nobody is at home says nothing about comfort, and is none.
"""

from dataclasses import dataclass
from typing import Final

from .changes import Prediction
from .contract import Operation, State
from .decision import Why
from .question import Ended
from .recorder.rows import CorrectionKind
from .trigger import Cause

WITHIN_S: Final = 1800.0
"""A hand later than this after the model's word answers to something else."""
SAME: Final = 10.0
"""Points of position: nobody sets a window to the percent."""
RESTS_S: Final = 90.0
"""A hand is over by then, whatever the window says."""

_SUGGESTED: Final = frozenset({Why.ADVISED, Why.LOW_CONFIDENCE, Why.UNCHANGED, Why.NOT_ACTED})
_MOVED: Final = frozenset({Why.MOVED_BY_MODEL})


@dataclass(frozen=True, slots=True)
class Correction:
    """One hand and the word of the model that it answers. Percent and seconds."""

    kind: CorrectionKind
    correlation_id: str
    cause: Cause
    position_model: float
    position_owner: float
    after_s: float
    confidence: float | None
    model_version: str | None


@dataclass(frozen=True, slots=True)
class _Word:
    ended: Ended
    at: float
    moved: bool


class Corrections:
    """Of one window. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._word: _Word | None = None
        self._hand_at: float | None = None

    def ended(self, ended: Ended, now: float) -> None:
        """A question ended: if the model said a position, that is its last word."""
        if ended.why in _MOVED | _SUGGESTED and self._hand_at is None:
            self._word = _Word(ended, now, ended.why in _MOVED)

    def hand(self, now: float, *, counts: bool) -> None:
        """A hand. `counts` False: it has another cause than comfort."""
        if not counts:
            self._word = self._hand_at = None
        elif self._hand_at is None:
            self._hand_at = now

    def state(self, state: State, answer: Prediction | None, now: float) -> Correction | None:
        """After a state: the correction, once the window stands still after a hand. `answer` is the latest one."""
        if self._hand_at is None:
            return None
        still = state.operation is Operation.IDLE and state.position is not None
        if not still and now - self._hand_at < RESTS_S:
            return None
        hand_at, word = self._hand_at, self._word
        self._hand_at = self._word = None
        if word is None or answer is None or state.position is None or hand_at - word.at > WITHIN_S:
            return None
        # The window's result may have overtaken the answer, so that the word itself came without it.
        if answer.question.correlation_id != word.ended.question.correlation_id:
            return None
        return _correction(word, answer, state.position, hand_at - word.at)


def _correction(word: _Word, answer: Prediction, owner: float, after_s: float) -> Correction | None:
    response, question = answer.response, answer.question
    if response.position is None:
        return None
    if abs(owner - response.position) <= SAME:
        kind = CorrectionKind.AGREED
    else:
        kind = CorrectionKind.UNDONE if word.moved else CorrectionKind.REFUSED
    return Correction(
        kind=kind,
        correlation_id=question.correlation_id,
        cause=question.cause,
        position_model=response.position,
        position_owner=owner,
        after_s=after_s,
        confidence=response.confidence,
        model_version=response.model_version,
    )
