"""Asks the model that looks on what the serving one was asked: after the answer left, and only while nobody waits."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from .comparison import Comparison, Pair
from .feedback_messages import Feedback
from .messages import Request
from .prediction import Prediction, PredictionError
from .wav import RawClip

_LOG = logging.getLogger(__name__)
_MOST_WAITING = 64
_MISTAKES = (PredictionError, RuntimeError, ValueError, ArithmeticError, LookupError, TypeError, MemoryError)

# Runs a call in a worker thread, between two predictions.
Run = Callable[[Callable[[], tuple[float, float] | None]], Awaitable[tuple[float, float] | None]]


class Shadows(Protocol):
    """What answers for the model that looks on. Called in worker threads."""

    def look_on(self, request: Request, said: Prediction) -> tuple[float, float] | None:
        """Its position and confidence, where the serving model said this; None where no model looks on."""

    def compare(self, asked: Request) -> tuple[float, float] | None:
        """The positions of both models, the serving one's first; None where no model looks on."""


@dataclass(frozen=True, slots=True)
class _Seen:
    device_id: str
    request: Request
    said: Prediction
    wall: float


class Onlooker:
    """One per service. `idle` says that nobody waits for an answer; `run` calls in a worker thread."""

    def __init__(self, run: Run, idle: Callable[[], bool]) -> None:
        self._run = run
        self._idle = idle
        self._waiting: deque[_Seen | Feedback] = deque()
        self._task: asyncio.Task[None] | None = None
        self._shadows: Shadows | None = None
        self._pair: tuple[str, str] | None = None
        self._complained = False
        self.comparison: Comparison | None = None

    def watch(self, shadows: Shadows, serving: str | None, shadow: str | None) -> None:
        """These two are compared from now on; what was said of others before is forgotten."""
        self._shadows = shadows
        pair = None if serving is None or shadow is None else (serving, shadow)
        if pair == self._pair:
            return
        self._pair, self._complained = pair, False
        self._waiting.clear()
        self.comparison = None if pair is None else Comparison(pair[1])

    def saw(self, device_id: str, request: Request, said: Prediction, wall: float) -> None:
        """An answer has left. Sound is not kept: its features lie in what was said."""
        if isinstance(request.audio, RawClip):
            request = replace(request, audio=None)
        self._put(_Seen(device_id, request, said, wall))

    def corrected(self, feedback: Feedback) -> None:
        """An owner corrected what was said."""
        self._put(feedback)

    def wake(self) -> None:
        """Go on with what waits, if nobody waits for an answer."""
        if self._waiting and self._task is None and self._idle():
            self._task = asyncio.create_task(self._work())

    def stop(self) -> None:
        """End."""
        self.comparison = None
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _put(self, what: _Seen | Feedback) -> None:
        if (comparison := self.comparison) is None:
            return
        if len(self._waiting) >= _MOST_WAITING:
            comparison.shed += 1
            return
        self._waiting.append(what)
        self.wake()

    async def _work(self) -> None:
        try:
            while self._waiting and self._idle():
                await self._one(self._waiting.popleft())
        finally:
            self._task = None

    async def _one(self, what: _Seen | Feedback) -> None:
        comparison, shadows = self.comparison, self._shadows
        if comparison is None or shadows is None:
            return
        try:
            match what:
                case _Seen():
                    found = await self._run(lambda: shadows.look_on(what.request, what.said))
                    self._note(comparison, what, found)
                case Feedback():
                    await self._judge(comparison, shadows, what)
        except (
            PredictionError,
            RuntimeError,
            ValueError,
            ArithmeticError,
            LookupError,
            TypeError,
            MemoryError,
        ) as error:
            # It only looks on: what is wrong with it is told once, and stays without consequence.
            if not self._complained:
                self._complained = True
                _LOG.warning("%s looks on and could not answer (%r); told once", comparison.version, error)

    def _note(self, comparison: Comparison, seen: _Seen, found: tuple[float, float] | None) -> None:
        # The models may have been changed while it thought.
        said, asked = seen.said, seen.request
        if found is None or comparison is not self.comparison or (said.model_version, comparison.version) != self._pair:
            return
        comparison.note(Pair(asked.correlation_id, seen.device_id, seen.wall, said.position, said.confidence, *found))

    async def _judge(self, comparison: Comparison, shadows: Shadows, feedback: Feedback) -> None:
        """By what both said then; where another service was asked, by what both say to the same question."""
        if (pair := comparison.recall(feedback.correlation_id)) is not None:
            said: tuple[float, float] | None = (pair.position, pair.shadow_position)
        else:
            said = await self._run(lambda: shadows.compare(feedback.asked))
        if said is not None and comparison is self.comparison:
            comparison.corrected(feedback.correlation_id, feedback.position, *said)
