"""Changes the models in use: by orders over the broker, and by the status page's buttons. Each is answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from .messages import code_of
from .model_messages import Change, InUse, Order, decode_order, encode_in_use
from .prediction import Abilities, ErrorCode, Failure, PredictionError
from .strict_json import ContractError, Kind

_LOG = logging.getLogger(__name__)
_MOST_AT_A_TIME = 4


class Models(Protocol):
    """What holds the models. Called in worker threads; each call leaves all as it was where it raises ModelError."""

    def abilities(self) -> Abilities:
        """Say which models are in use."""

    def serve(self, version: str) -> None:
        """Put this version in use."""

    def roll_back(self) -> str:
        """Put the version in use that served before and return it."""

    def shadow(self, version: str | None) -> None:
        """Let this version look on; None: none."""

    def promote(self) -> str:
        """Put the version in use that looks on and return it."""


class ModelDesk:
    """One per service. `models` is None until they are loaded; `run` calls in a worker thread."""

    def __init__(
        self,
        models: Callable[[], Models | None],
        run: Callable[[Callable[[], None]], Awaitable[None]],
        changed: Callable[[], None],
        answer: Callable[[bytes], Awaitable[bool]],
    ) -> None:
        self._models = models
        self._run = run
        self._changed = changed
        self._answer = answer
        self._working: set[asyncio.Task[None]] = set()
        self._told_of: set[Kind] = set()

    def receive(self, payload: bytes, *, retained: bool) -> None:
        """Take an order in. Whatever it is, this returns at once and raises nothing."""
        try:
            order = _read(payload, retained=retained)
        except ContractError as error:
            if error.kind not in self._told_of:
                self._told_of.add(error.kind)
                _LOG.warning("An order about models was dropped (%s): %s", error.kind, error.message)
            if error.correlation_id is not None:
                self._start(self._told(error.correlation_id, Failure(code_of(error), error.message)))
            return
        if len(self._working) >= _MOST_AT_A_TIME:
            busy = Failure(ErrorCode.BUSY, f"{_MOST_AT_A_TIME} orders about models wait already")
            self._start(self._told(order.correlation_id, busy))
            return
        self._start(self._obey(order))

    async def change(self, change: Change, version: str | None = None) -> str:
        """Do it, and say in a line what is so now. PredictionError: nothing was changed, and why."""
        if (models := self._models()) is None:
            raise PredictionError(ErrorCode.NO_MODEL, "the model is still being loaded")
        from .model_file import ModelError  # noqa: PLC0415  it loads torch, which is there once an engine is

        try:
            await self._run(lambda: _do(models, change, version))
        except ModelError as error:
            raise PredictionError(error.code, str(error)) from error
        except OSError as error:
            raise PredictionError(ErrorCode.NO_MODEL, f"the choice cannot be kept: {error}") from error
        finally:
            self._changed()
        able = models.abilities()
        _LOG.info("%s: model %s serves, %s looks on", change.value, able.model_version, able.shadow or "none")
        looks_on = f"{able.shadow} looks on" if able.shadow else "no other looks on"
        return f"{able.model_version} serves now, {looks_on}."

    async def close(self) -> None:
        """Drop what was not done yet."""
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)

    async def _obey(self, order: Order) -> None:
        try:
            await self.change(order.change, order.version)
        except PredictionError as error:
            _LOG.warning("%s: nothing was changed: %s", order.change.value, error.failure.message)
            await self._told(order.correlation_id, error.failure)
            return
        await self._told(order.correlation_id, None)

    async def _told(self, correlation_id: str, failure: Failure | None) -> None:
        models = self._models()
        able = None if models is None else models.abilities()
        version, shadow = (None, None) if able is None else (able.model_version, able.shadow)
        await self._answer(encode_in_use(correlation_id, InUse(version, shadow, failure)))

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)


def _read(payload: bytes, *, retained: bool) -> Order:
    if retained:
        raise ContractError(Kind.RETAINED, "an order that was kept by the broker is never obeyed")
    return decode_order(payload)


def _do(models: Models, change: Change, version: str | None) -> None:
    match change:
        case Change.ROLL_BACK:
            models.roll_back()
        case Change.PROMOTE:
            models.promote()
        case Change.END_SHADOW:
            models.shadow(None)
        case Change.SERVE if version is not None:
            models.serve(version)
        case Change.SHADOW if version is not None:
            models.shadow(version)
        case _:
            raise AssertionError(change)  # the decoder lets no such order in
