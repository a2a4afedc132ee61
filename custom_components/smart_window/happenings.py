"""What is worth telling of a window: from the decision before, the one after, and what changed between them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from .changes import Changes
from .contract import Result
from .decision import Decision, Wanted, Why
from .question import Ended

type Detail = float | str | None

WORTH_TELLING: Final = 5.0
"""Points of position between what the model wants and what is: less is no advice that a person waits for."""
_ADVICE: Final = frozenset({Why.ADVISED, Why.LOW_CONFIDENCE})


@unique
class Happening(StrEnum):
    """The closed set of events."""

    COMMANDED = "commanded"
    """A rule of ours commands the window. Repetitions are not told."""
    MOVED_BY_MODEL = "moved_by_model"
    SUGGESTED = "suggested"
    """The model would have the window elsewhere, and may not move it. The same advice is told once."""
    SUGGESTION_REFUSED = "suggestion_refused"
    """The owner said no to it."""
    REFUSED = "refused"
    """The window refused the model."""
    HOLD_BEGAN = "hold_began"
    HOLD_ENDED = "hold_ended"
    COULD_NOT_CLOSE = "could_not_close"
    """A hazard reigns and the window stands open."""
    CLOSED_AFTER_ALL = "closed_after_all"
    """It is closed now, or the hazard is over."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `details` are its attributes."""

    what: Happening
    why: Why
    details: dict[str, Detail]


def happenings(
    before: Decision | None, after: Decision, changes: Changes, *, commanded: Wanted | None, held: bool | None
) -> Iterator[Told]:
    """What happened, in order. `commanded`: what was told last and is not reached; `held`: a hold began or ended.

    Advice is told with each answer: whoever hears of it tells the same once.
    """
    yield from _question(changes)
    if held is not None:
        yield Told(Happening.HOLD_BEGAN if held else Happening.HOLD_ENDED, after.why, {})
    wanted = after.command
    if wanted is not None and wanted != commanded:
        details: dict[str, Detail] = {"position": wanted.position, "source": wanted.source, "rule": wanted.rule}
        yield Told(Happening.COMMANDED, wanted.why, details)
    blocked, blocked_before = after.could_not_close, None if before is None else before.could_not_close
    if blocked is not None and (blocked_before is None or blocked.blocked != blocked_before.blocked):
        told: dict[str, Detail] = {"blocked": blocked.blocked, "position": blocked.position}
        yield Told(Happening.COULD_NOT_CLOSE, blocked.hazard, told)
    if blocked is None and blocked_before is not None:
        yield Told(Happening.CLOSED_AFTER_ALL, blocked_before.hazard, {})


def _question(changes: Changes) -> Iterator[Told]:
    ended = changes.ended
    if ended is None:
        return
    position = None if ended.response is None else ended.response.position
    if ended.why is Why.MOVED_BY_MODEL:
        yield Told(Happening.MOVED_BY_MODEL, ended.why, {"position": position})
    elif ended.why in _ADVICE and not ended.question.advice and _is_news(ended):
        response = ended.response
        sure = None if response is None or response.confidence is None else round(response.confidence * 100, 1)
        yield Told(Happening.SUGGESTED, ended.why, {"position": position, "confidence": sure})
    elif ended.result not in {None, Result.ACCEPTED, Result.DUPLICATE}:
        yield Told(Happening.REFUSED, ended.why, {"position": position})


def _is_news(ended: Ended) -> bool:
    """It would have the window elsewhere by more than a trifle."""
    position = None if ended.response is None else ended.response.position
    now = ended.question.position
    return position is not None and (now is None or abs(position - now) >= WORTH_TELLING)
