"""Takes requests in, has them answered in worker threads, and sends the answers out. Knows no connection."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from .chronicle import Answered, Chronicle
from .config import Limits
from .feedback_messages import Feedback, Lesson, decode_feedback, encode_learnt, encode_not_learnt
from .ledger import Ledger
from .messages import Request, code_of, decode_request, encode_answer, encode_control, glimpse_correlation_id
from .model_desk import Models
from .onlooker import Onlooker, Shadows
from .pace import Pace
from .prediction import Clocks, ErrorCode, Failure, Prediction, PredictionError
from .strict_json import ContractError, Kind
from .topics import Topics

_LOG = logging.getLogger(__name__)
MOST_TOGETHER = 8  # in one pass: the first of them waits until the last one's sound is heard
_MAX_SENDING = 1000  # short answers (busy, invalid) that wait for the broker; more are counted and dropped

T = TypeVar("T")

# Says whether the broker has it.
Publish = Callable[[str, bytes], Awaitable[bool]]


class Engine(Models, Shadows, Protocol):
    """What answers. Called in worker threads."""

    def reload(self) -> None:
        """Read the model's file again."""

    def predict(self, device_id: str, request: Request) -> Prediction:
        """Return the answer, or raise PredictionError."""

    def predict_all(self, asked: Sequence[tuple[str, Request]]) -> list[Prediction | PredictionError]:
        """Answer questions that wait together, in their order."""

    def learn(self, feedback: Feedback) -> Lesson:
        """Return what the correction taught, or raise PredictionError."""


@dataclass(frozen=True, slots=True)
class _Question:
    device_id: str
    request: Request
    received: float
    outcome: asyncio.Future[Prediction | PredictionError]


class Desk:
    """One per service. The engine comes later than the first requests: until then they are answered `no_model`."""

    def __init__(self, topics: Topics, limits: Limits, publish: Publish, clocks: Clocks) -> None:
        self.ledger = Ledger()
        self.chronicle = Chronicle()
        self.engine: Engine | None = None
        self._topics = topics
        self._publish = publish
        self._clocks = clocks
        self._workers = ThreadPoolExecutor(limits.workers, thread_name_prefix="predict")
        self._waiting: deque[_Question] = deque()
        self._idle_workers = limits.workers
        self._room = limits.queue + limits.workers
        self._pace = Pace(limits.per_device)
        self.onlooker = Onlooker(self.run, lambda: not self._working)
        self._working: set[asyncio.Task[None]] = set()
        self._sending: set[asyncio.Task[None]] = set()

    def receive(self, topic: str, payload: bytes, *, retained: bool) -> None:
        """Take a message in. Whatever it is, this returns at once and raises nothing."""
        received = self._clocks.monotonic()
        device_id = "?"
        if (corrected := self._topics.corrected(topic)) is not None:
            self._receive_correction(corrected, payload, received, retained=retained)
            return
        try:
            device_id = self._topics.device_of(topic)
            if not self._pace.admits(device_id, received):
                self._too_often(device_id, payload, received)
                return
            request = _read(payload, retained=retained)
        except ContractError as error:
            self.ledger.bad(device_id, error.kind, error.message)
            if error.correlation_id is not None:
                failure = Failure(code_of(error), error.message)
                self._refuse(device_id, error.correlation_id, failure, received)
            return
        if len(self._working) >= self._room:
            failure = Failure(ErrorCode.BUSY, f"{self._room} questions wait already")
            self._refuse(device_id, request.correlation_id, failure, received)
            return
        outcome = asyncio.get_running_loop().create_future()
        self._start_work(self._work(_Question(device_id, request, received, outcome)))

    def _receive_correction(self, device_id: str, payload: bytes, received: float, *, retained: bool) -> None:
        """Take a correction in; it shares the windows' pace and the room of the questions."""
        try:
            feedback = _read_correction(payload, retained=retained, early=not self._pace.admits(device_id, received))
        except ContractError as error:
            self.ledger.bad(device_id, error.kind, error.message)
            if error.correlation_id is not None:
                failure = Failure(code_of(error), error.message)
                self._send(self._topics.learnt(device_id), encode_not_learnt(error.correlation_id, failure))
            return
        if len(self._working) >= self._room:
            failure = Failure(ErrorCode.BUSY, f"{self._room} questions wait already")
            self._send(self._topics.learnt(device_id), encode_not_learnt(feedback.correlation_id, failure))
            return
        self._start_work(self._learn(device_id, feedback))

    def _start_work(self, work: Coroutine[None, None, None]) -> None:
        _start(self._working, work, self.onlooker.wake)

    async def _learn(self, device_id: str, feedback: Feedback) -> None:
        loop = asyncio.get_running_loop()
        try:
            lesson = await loop.run_in_executor(self._workers, self._taught, feedback)
            payload = encode_learnt(feedback.correlation_id, lesson.layer, lesson.model_version)
            self.ledger.counts["learnt"] += 1
        except PredictionError as error:
            payload = encode_not_learnt(feedback.correlation_id, error.failure)
        if not await self._publish(self._topics.learnt(device_id), payload):
            self.ledger.counts["unsent"] += 1
        self.onlooker.corrected(feedback)

    def _taught(self, feedback: Feedback) -> Lesson:
        """In a worker thread."""
        if self.engine is None:
            raise PredictionError(ErrorCode.NO_MODEL, "the model is still being loaded")
        try:
            return self.engine.learn(feedback)
        except (RuntimeError, ValueError, ArithmeticError, LookupError, TypeError, MemoryError) as error:
            _LOG.exception("A correction could not be learnt from")
            raise PredictionError(ErrorCode.PREDICTION, f"{type(error).__name__}; see the service's log") from error

    def _send(self, topic: str, payload: bytes) -> None:
        if len(self._sending) >= _MAX_SENDING:
            self.ledger.counts["dropped"] += 1
            return
        _start(self._sending, self._sent(topic, payload))

    async def _sent(self, topic: str, payload: bytes) -> None:
        if not await self._publish(topic, payload):
            self.ledger.counts["unsent"] += 1

    def _too_often(self, device_id: str, payload: bytes, received: float) -> None:
        """Refuse a question unread: reading costs more than asking."""
        self.ledger.bad(device_id, Kind.RATE, "it asks too often (limits.per_device)")
        if (correlation_id := glimpse_correlation_id(payload)) is not None:
            self._refuse(device_id, correlation_id, Failure(ErrorCode.BUSY, "this window asks too often"), received)

    async def run(self, call: Callable[[], T]) -> T:
        """Run something else in a worker thread, between two predictions."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, call)

    async def close(self, patience_s: float) -> None:
        """Let what was begun be answered, for so long."""
        self.onlooker.stop()
        if pending := self._working | self._sending:
            await asyncio.wait(pending, timeout=patience_s)
        for task in self._working | self._sending:
            task.cancel()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _refuse(self, device_id: str, correlation_id: str, failure: Failure, received: float) -> None:
        if len(self._sending) >= _MAX_SENDING:
            self.ledger.counts["dropped"] += 1
            return
        _start(self._sending, self._answer(device_id, correlation_id, failure, received))

    async def _work(self, question: _Question) -> None:
        request = question.request
        self._waiting.append(question)
        self._take_up()
        outcome = await question.outcome
        if isinstance(outcome, Prediction) and (late := self._late(question)) is not None:
            outcome = late
        if isinstance(outcome, PredictionError):
            await self._answer(question.device_id, request.correlation_id, outcome.failure, question.received)
            return
        acted = _may_act(request, outcome) and await self._publish(
            self._topics.control(question.device_id), encode_control(request, outcome, self._clocks.wall())
        )
        self.ledger.counts["acted"] += acted
        await self._answer(question.device_id, request.correlation_id, outcome, question.received, acted=acted)
        self.onlooker.saw(question.device_id, request, outcome, self._clocks.wall())

    def _take_up(self) -> None:
        """Let each idle worker answer what waits, in the order in which it came. Nobody waits for company."""
        while self._waiting and self._idle_workers:
            together = [self._waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self._waiting)))]
            self._idle_workers -= 1
            work = asyncio.get_running_loop().run_in_executor(self._workers, self._predict, together)
            work.add_done_callback(partial(self._predicted, together))

    def _predicted(
        self, together: Sequence[_Question], work: "asyncio.Future[list[Prediction | PredictionError]]"
    ) -> None:
        self._idle_workers += 1
        if work.cancelled():
            return
        open_ones = [
            (place, question.outcome) for place, question in enumerate(together) if not question.outcome.done()
        ]
        for place, outcome in open_ones:
            if (error := work.exception()) is not None:
                outcome.set_exception(error)
            else:
                outcome.set_result(work.result()[place])
        self._take_up()

    def _predict(self, together: Sequence[_Question]) -> list[Prediction | PredictionError]:
        """In a worker thread. Who waited too long is refused before anything is computed."""
        late = {place: found for place, question in enumerate(together) if (found := self._late(question)) is not None}
        asked = [question for place, question in enumerate(together) if place not in late]
        answers = iter(self._asked(asked))
        return [late[place] if place in late else next(answers) for place in range(len(together))]

    def _asked(self, asked: Sequence[_Question]) -> list[Prediction | PredictionError]:
        if self.engine is None:
            return [PredictionError(ErrorCode.NO_MODEL, "the model is still being loaded") for _ in asked]
        try:
            return self.engine.predict_all([(question.device_id, question.request) for question in asked])
        except (RuntimeError, ValueError, ArithmeticError, LookupError, TypeError, MemoryError) as error:
            if len(asked) > 1:
                # One of them takes none of the others along.
                return [outcome for question in asked for outcome in self._asked((question,))]
            # A mistake of ours, not of the sender: say it in the log, answer, and live on.
            (question,) = asked
            _LOG.exception(
                "Window %s: the prediction failed",
                question.device_id,
                extra={"device_id": question.device_id, "correlation_id": question.request.correlation_id},
            )
            return [PredictionError(ErrorCode.PREDICTION, f"{type(error).__name__}; see the service's log")]

    def _late(self, question: _Question) -> PredictionError | None:
        waited, ttl_s = self._clocks.monotonic() - question.received, question.request.grant.ttl_s
        if waited <= ttl_s:
            return None
        return PredictionError(ErrorCode.EXPIRED, f"{waited:.1f} s after receipt; the grant stood for {ttl_s:g} s")

    async def _answer(
        self,
        device_id: str,
        correlation_id: str,
        outcome: Prediction | Failure,
        received: float,
        *,
        acted: bool = False,
    ) -> None:
        self.ledger.counts["answered" if isinstance(outcome, Prediction) else f"error_{outcome.code}"] += 1
        payload = encode_answer(correlation_id, outcome, acted=acted)
        if not await self._publish(self._topics.response(device_id), payload):
            self.ledger.counts["unsent"] += 1
        took_ms = 1e3 * (self._clocks.monotonic() - received)
        self.chronicle.note(Answered(self._clocks.wall(), device_id, outcome, acted, took_ms))
        _log_answer(device_id, correlation_id, outcome, took_ms, acted=acted)


def _log_answer(
    device_id: str, correlation_id: str, outcome: Prediction | Failure, took_ms: float, *, acted: bool
) -> None:
    """What moved a window, and what failed, at level info; the rest at debug."""
    fields = {"device_id": device_id, "correlation_id": correlation_id, "took_ms": round(took_ms, 1)}
    if isinstance(outcome, Failure):
        _LOG.info("Window %s: no answer: %s", device_id, outcome.message, extra=fields | {"code": outcome.code})
        return
    said = {
        "position": round(outcome.position, 1),
        "confidence": round(outcome.confidence, 3),
        "acted": acted,
        "model_version": outcome.model_version,
    }
    level = logging.INFO if acted else logging.DEBUG
    _LOG.log(level, "Window %s: %.0f %%", device_id, outcome.position, extra=fields | said)


def _read(payload: bytes, *, retained: bool) -> Request:
    if retained:
        raise ContractError(Kind.RETAINED, "a question that was kept by the broker is never answered")
    return decode_request(payload)


def _read_correction(payload: bytes, *, retained: bool, early: bool) -> Feedback:
    if early:
        raise ContractError(Kind.RATE, "it asks too often (limits.per_device)")
    if retained:
        raise ContractError(Kind.RETAINED, "a correction that was kept by the broker teaches nothing")
    return decode_feedback(payload)


def _may_act(request: Request, prediction: Prediction) -> bool:
    """The grant, and what a window needs to tell this answer from a late one."""
    grant = request.grant
    return (
        grant.act
        and request.session is not None
        and request.rev is not None
        and grant.low <= prediction.position <= grant.high
        and prediction.confidence >= grant.min_confidence
        and math.isfinite(prediction.confidence)
    )


def _start(
    tasks: set[asyncio.Task[None]], work: Coroutine[None, None, None], then: Callable[[], None] | None = None
) -> None:
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    if then is not None:
        task.add_done_callback(lambda _: then())
