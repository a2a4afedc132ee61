"""The one question out per window, from asking to its end. Pure.

An answer or a result that belongs to no question that is out ends nothing. A question that was lost is asked again
under its own id while fence and grant are the same: whichever answer comes, a doubled one too, is an answer to it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum, unique

from .contract import AnswerError, ControlResult, Grant, Response, Result, State
from .decision import Decision, Why
from .decision.snapshot import SAME_POSITION
from .trigger import Cause, Fence, Values


@unique
class How(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    """The service answered and did not act."""
    ERROR = "error"
    """The service answered that it could not."""
    RESULT = "result"
    """The service acted and the window said what it made of it."""
    NO_ANSWER = "no_answer"
    """Neither answer nor result came in time."""
    NO_RESULT = "no_result"
    """The service acted, and the window said nothing in time."""


@unique
class Wish(StrEnum):
    """What a person wants who asks the model."""

    ACT = "act"
    """As if something had changed: it acts where it may."""
    ADVICE = "advice"
    """It says what it would do."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is out. Its `correlation_id` is the command_id of what the model does.

    `asked_at` and `deadline` are monotonic, `asked_wall` is Unix seconds. `position` is where the window was bound for
    (its target, else its position), percent. `values` are those of its first asking: an answer may be the one to that.
    """

    correlation_id: str
    cause: Cause
    decision: Decision
    fence: Fence | None
    position: float | None
    values: Values
    asked_at: float
    asked_wall: float
    deadline: float
    advice: bool = False
    """A person asked for advice alone: the model may not act, and no change counts as answered by it."""
    times: int = 1
    """How often it was asked by now: what was lost is asked again."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A question's end. `result` is set for How.RESULT alone; `response` may be missing then, since it comes later."""

    question: Question
    how: How
    response: Response | None = None
    result: Result | None = None

    @property
    def why(self) -> Why:
        """The end as a code."""
        if self.result is not None:
            return self._moved() if self.result in _APPLIED else _REFUSED[self.result]
        if self.how is How.NO_RESULT:
            return Why.NO_RESULT
        return Why.NO_ANSWER if self.response is None else self._not_acted(self.response)

    def _moved(self) -> Why:
        return Why.UNCHANGED if self._same_position() else Why.MOVED_BY_MODEL

    def _not_acted(self, response: Response) -> Why:
        if response.error is not None:
            return Why.NO_MODEL if response.error.code.is_of_the_model else Why.ANSWER_ERROR
        grant = self.question.decision.grant
        if not grant.act:
            return Why.ADVISED
        if response.confidence is not None and response.confidence < grant.min_confidence:
            return Why.LOW_CONFIDENCE
        return Why.UNCHANGED if self._same_position() else Why.NOT_ACTED

    def _same_position(self) -> bool:
        before = self.question.position
        wanted = None if self.response is None else self.response.position
        return before is not None and wanted is not None and abs(wanted - before) < SAME_POSITION


_LOST = frozenset({How.NO_ANSWER, How.NO_RESULT})
_APPLIED = frozenset({Result.ACCEPTED, Result.DUPLICATE})
_REFUSED = {
    Result.STALE: Why.REFUSED_STALE,
    Result.GUARD: Why.REFUSED_GUARD,
    Result.LOCKED: Why.REFUSED_LOCKED,
    Result.RAIN: Why.REFUSED_RAIN,
    Result.FAULT: Why.REFUSED_FAULT,
    Result.INVALID: Why.REFUSED_INVALID,
}


class Questions:
    """The question that is out, if any, and how the last one ended."""

    def __init__(self) -> None:
        self.out: Question | None = None
        self.last: Ended | None = None
        self._response: Response | None = None

    def ask(self, question: Question) -> None:
        """The question leaves. ValueError when one is out already."""
        if self.out is not None:
            raise ValueError(f"question {self.out.correlation_id} is still out")
        self.out, self._response = question, None

    def lost_as(self, fence: Fence | None, grant: Grant) -> Question | None:
        """The last question, where it was lost and asking now would be asking it again; None: this is another one.

        Another fence or grant makes another question: the window may have obeyed the id under the old ones.
        """
        last = self.last
        if last is None or last.how not in _LOST or last.question.advice:
            return None
        question = last.question
        return question if (question.fence, question.decision.grant) == (fence, grant) else None

    def belongs_to(self, response: Response) -> Question | None:
        """The question that this answers: the one out, or the last one when the window's result overtook the answer."""
        last = self.last
        overtaken = last is not None and last.how is How.RESULT and last.response is None
        for question in (self.out, last.question if last is not None and overtaken else None):
            if question is not None and question.times > 1 and _too_late(response):
                continue
            if question is not None and question.correlation_id == response.correlation_id:
                return question
        return None

    def answer(self, response: Response) -> Ended | None:
        """An answer came. It ends its question unless the service acted: then the window has the last word.

        An answer that was overtaken by the window's result completes `last` and ends nothing any more.
        """
        question = self.belongs_to(response)
        if question is None:
            return None
        if question is not self.out:
            self.last = replace(self.last, response=response) if self.last is not None else None
            return None
        self._response = response
        if response.acted:
            return None
        return self._end(question, How.ERROR if response.error is not None else How.ANSWERED)

    def result(self, result: ControlResult) -> Ended | None:
        """The window said what it made of a command: of the question's, or of the last one's that was given up."""
        question = self._commanded(result.command_id)
        return None if question is None else self._end(question, How.RESULT, result.result)

    def state(self, state: State) -> Ended | None:
        """A state that names the question's command shows that it was applied."""
        question = self._commanded(state.command_id)
        return None if question is None else self._end(question, How.RESULT, Result.ACCEPTED)

    def expire(self, now: float) -> Ended | None:
        """The time limit."""
        if self.out is None or now < self.out.deadline:
            return None
        return self._end(self.out, How.NO_ANSWER if self._response is None else How.NO_RESULT)

    def drop(self) -> None:
        """Forget the question that is out: what comes for it changes nothing."""
        self.out = self._response = None
        self.forget_last()

    def forget_last(self) -> None:
        """The last end explains nothing any more."""
        self.last = None

    def _commanded(self, command_id: str | None) -> Question | None:
        if self.out is not None:
            return self.out if self.out.correlation_id == command_id else None
        lost = self.last is not None and self.last.how in _LOST
        return self.last.question if self.last and lost and self.last.question.correlation_id == command_id else None

    def _end(self, question: Question, how: How, result: Result | None = None) -> Ended:
        response = self._response
        if response is None and self.last is not None and self.last.question is question:
            response = self.last.response
        self.last = Ended(question, how, response, result)
        self.out = self._response = None
        return self.last


def _too_late(response: Response) -> bool:
    """The service got it past its time. Where it was asked again, that is an asking that nobody waits for."""
    return response.error is not None and response.error.code is AnswerError.EXPIRED
