"""The recorder's life inside Home Assistant: made when an address is set, run beside everything, never in its way."""

import asyncio
import logging
import shutil
from collections import Counter
from pathlib import Path
from random import SystemRandom
from typing import Final

from homeassistant.core import HomeAssistant, callback

from .clock import Clock
from .const import DOMAIN
from .issues import Issue, Issues
from .recorder.loss import Loss, LossKind
from .recorder.problem import Problem
from .recorder.recorder import Recorder
from .recorder.rows import Row
from .recorder.server import ServerSettings
from .recorder.spool import Spool
from .recording_options import RecordingOptions
from .wording import Wording

_LOGGER = logging.getLogger(__name__)

ISSUES: Final = {
    Problem.UNREACHABLE: Issue.RECORDING_FAILS,
    Problem.UNKNOWN_HOST: Issue.RECORDING_ADDRESS,
    Problem.CERTIFICATE: Issue.RECORDING_TLS,
    Problem.NO_TLS: Issue.RECORDING_TLS,
    Problem.WRONG_PASSWORD: Issue.RECORDING_SIGN_IN,
    Problem.MISSING_DATABASE: Issue.RECORDING_DATABASE,
    Problem.MISSING_CLUSTER: Issue.RECORDING_DATABASE,
    Problem.MISSING_GRANT: Issue.RECORDING_RIGHTS,
    Problem.SCHEMA_NEWER: Issue.RECORDING_NEWER,
    Problem.SCHEMA_FOREIGN: Issue.RECORDING_FOREIGN,
    Problem.FULL: Issue.RECORDING_FULL,
    Problem.CLOCK: Issue.RECORDING_CLOCK,
    Problem.SPOOL_FAILS: Issue.RECORDING_SPOOL,
    Problem.SPOOL_FULL: Issue.RECORDING_SPOOL,
    Problem.OTHER: Issue.RECORDING_FAILS,
}
"""The repair of each problem: what the owner can do is not the same."""


class Recording:
    """Takes rows at any time; without an address it drops them. Rows that cannot be sent wait on disk."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        options: RecordingOptions | None,
        clock: Clock,
        issues: Issues,
        wording: Wording,
    ) -> None:
        self._hass = hass
        self._folder = spool_folder(hass, entry_id)
        self._clock = clock
        self._issues = issues
        self._wording = wording
        self._lost: Counter[LossKind] = Counter()
        self._told_of = 0
        self._recorder = None if options is None else self._make(options)
        self._task: asyncio.Task[None] | None = None

    @property
    def recorder(self) -> Recorder | None:
        """The recorder, for diagnostics; None: recording is off."""
        return self._recorder

    @property
    def is_on(self) -> bool:
        """Rows go somewhere."""
        return self._recorder is not None

    @property
    def server(self) -> ServerSettings | None:
        """Where is recorded; None: nowhere."""
        return None if self._recorder is None else self._recorder.settings

    @property
    def lost(self) -> int:
        """Rows that will never be stored, since the start."""
        return self._lost.total()

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
        """Deliver what waits, as far as the time for it goes; the rest is on disk."""
        if self._recorder is None or self._task is None:
            return
        await self._recorder.stop()
        await self._task
        self._task = None

    @callback
    def problem(self, problem: Problem | None) -> None:
        """Rows are stored, or are not: one repair at a time says why."""
        detail = "" if self._recorder is None else self._recorder.detail
        holding = None if problem is None else ISSUES[problem]
        for issue in set(ISSUES.values()) - {holding}:
            self._issues.put(issue, holds=False)
        if holding is not None:
            self._issues.put(holding, words={"detail": detail or str(problem)}, holds=True)

    @callback
    def tell_losses(self) -> None:
        """Now and then: a repair tells of what was lost since the start. A loss may go on for days."""
        if self.lost == self._told_of:
            return
        self._told_of = self.lost
        causes = ", ".join(
            self._wording.templates.get(f"loss_{kind}", f"{{rows}} {kind}").format(rows=rows)
            for kind, rows in self._lost.most_common()
        )
        self._issues.put(Issue.RECORDING_LOSES, words={"rows": str(self.lost), "causes": causes}, holds=True)

    @callback
    def _lose(self, loss: Loss) -> None:
        self._lost[loss.kind] += loss.rows

    def _make(self, options: RecordingOptions) -> Recorder | None:
        try:
            settings = options.server()
        except ValueError as error:
            _LOGGER.error("Nothing is recorded: %s. Correct it in the options", error)  # noqa: TRY400  # a mistake in the options, no fault
            return None
        return Recorder(
            settings,
            on_problem=self.problem,
            clock=self._clock.now,
            wall=self._clock.wall,
            random=SystemRandom(),
            outbox=Spool(self._folder, limit_bytes=options.spool_bytes, random=SystemRandom()),
            on_loss=self._lose,
        )


def spool_folder(hass: HomeAssistant, entry_id: str) -> Path:
    """Where rows wait on disk."""
    return Path(hass.config.path(".storage", f"{DOMAIN}.{entry_id}.spool"))


async def remove_spool(hass: HomeAssistant, entry_id: str) -> None:
    """The entry is removed, and what waits with it."""
    await hass.async_add_executor_job(lambda: shutil.rmtree(spool_folder(hass, entry_id), ignore_errors=True))
