"""Recorders that run in a task, and waiting for what they come to."""

import asyncio
import time
from collections.abc import Callable
from random import Random

from custom_components.smart_window.recorder.loss import Loss
from custom_components.smart_window.recorder.outbox import Outbox
from custom_components.smart_window.recorder.problem import Problem
from custom_components.smart_window.recorder.recorder import Limits, Recorder
from custom_components.smart_window.recorder.rows import TemperatureRow
from custom_components.smart_window.recorder.server import ServerSettings
from stack.waiting import until

QUICK = Limits(batch_rows=50, batch_age_s=0.05, retry_first_s=0.05, retry_longest_s=0.2)
START = 1_795_000_000.0
SOON_S = 60  # a machine with other work


class Running:
    """A recorder, its task, and the problems that it told of."""

    def __init__(self, settings: ServerSettings, limits: Limits, outbox: Outbox | None) -> None:
        self.problems: list[Problem | None] = []
        self.losses: list[Loss] = []
        self.recorder = Recorder(
            settings,
            on_problem=self.problems.append,
            clock=time.monotonic,
            random=Random(),
            limits=limits,
            outbox=outbox,
            on_loss=self.losses.append,
        )
        self.task = asyncio.create_task(self.recorder.run())

    async def until(self, what: str, holds: Callable[[Recorder], bool]) -> None:
        """Wait until something holds of the recorder."""

        async def probe() -> bool:
            if self.task.done():
                self.task.result()
            return holds(self.recorder)

        await until(what, probe, SOON_S)

    async def stored(self, rows: int) -> None:
        """Wait until so many rows are stored."""
        await self.until(f"{rows} rows stored", lambda recorder: recorder.counts.stored >= rows)

    async def told(self, problem: Problem | None) -> None:
        """Wait until the last problem told of is this one."""
        await self.until(f"problem {problem}", lambda _: bool(self.problems) and self.problems[-1] is problem)

    async def stop(self) -> None:
        """Stop the recorder and wait for the end of its task."""
        await self.recorder.stop()
        await self.task


class Recorders:
    """All recorders of a test."""

    def __init__(self) -> None:
        self._running: list[Running] = []

    def start(self, settings: ServerSettings, limits: Limits = QUICK, outbox: Outbox | None = None) -> Running:
        """Make one and let it run."""
        made = Running(settings, limits, outbox)
        self._running.append(made)
        return made

    async def stop(self) -> None:
        """Stop all of them."""
        for running in self._running:
            await running.stop()


def readings(first: int, count: int, device_id: str = "bedroom") -> list[TemperatureRow]:
    """Readings number `first` and on: one each 20 ms, the value is the number."""
    return [
        TemperatureRow(ts=START + number / 50, device_id=device_id, value=float(number))
        for number in range(first, first + count)
    ]
