"""The recorder's life inside Home Assistant: made when an address is set, run beside everything, never in its way."""

import asyncio
import logging
from collections.abc import Callable
from random import SystemRandom

from homeassistant.core import HomeAssistant, callback

from .options import RecordingOptions
from .recorder.problem import Problem
from .recorder.recorder import Recorder
from .recorder.rows import Row

_LOGGER = logging.getLogger(__name__)

type OnProblem = Callable[[Problem | None, str], None]


class Recording:
    """Takes rows at any time; without an address it drops them."""

    def __init__(self, hass: HomeAssistant, options: RecordingOptions | None, on_problem: OnProblem) -> None:
        self._hass = hass
        self._on_problem = on_problem
        self._recorder = None if options is None else self._make(options)
        self._task: asyncio.Task[None] | None = None

    @property
    def recorder(self) -> Recorder | None:
        """The recorder, for diagnostics; None: recording is off."""
        return self._recorder

    @callback
    def start(self) -> None:
        """Let it run."""
        if self._recorder is not None:
            self._task = self._hass.async_create_background_task(self._recorder.run(), "smart_window recorder")

    @callback
    def put(self, row: Row) -> None:
        """Record it, if recording is on and there is room."""
        if self._recorder is not None:
            self._recorder.put(row)

    async def stop(self) -> None:
        """Deliver what waits, as far as the time for it goes."""
        if self._recorder is None or self._task is None:
            return
        await self._recorder.stop()
        await self._task
        self._task = None

    def _make(self, options: RecordingOptions) -> Recorder | None:
        try:
            settings = options.server()
        except ValueError as error:
            _LOGGER.error("Nothing is recorded: %s. Correct it in the options", error)  # noqa: TRY400  # a mistake in the options, no fault
            return None
        return Recorder(settings, on_problem=self._problem, clock=self._hass.loop.time, random=SystemRandom())

    @callback
    def _problem(self, problem: Problem | None) -> None:
        detail = "" if self._recorder is None else self._recorder.detail
        self._on_problem(problem, detail)
