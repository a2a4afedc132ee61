"""What the demo says, and how it ends: by Ctrl-C, SIGTERM or a hang-up, always in order."""

import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable

from .errors import StackError


class Console:
    """Prints lines with the seconds since the start."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._began = clock, clock()

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return self._clock() - self._began

    def step(self, text: str) -> None:
        """Print what has been done."""
        print(f"{self.seconds:6.1f} s  {text}", flush=True)


def run_until_told(main: Callable[[], Awaitable[int]]) -> int:
    """Run `main` and return its exit code; a signal cancels it, and 130 or 143 is returned.

    Errors of the parts are printed without a traceback: they say themselves what to do.
    """
    try:
        return asyncio.run(_run(main))
    except* StackError as errors:
        for error in _leaves(errors):
            print("\n".join((f"✗ {error}", *getattr(error, "__notes__", ()))), file=sys.stderr)
    return 1


async def _run(main: Callable[[], Awaitable[int]]) -> int:
    task = asyncio.ensure_future(main())
    received: list[signal.Signals] = []

    def told(number: signal.Signals) -> None:
        if not received:  # a second one does not disturb the way down
            print("\nstopping …", flush=True)
            received.append(number)
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, told, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not received:
            raise
        return 128 + received[0]


def _leaves(group: BaseExceptionGroup[StackError]) -> list[StackError]:
    found: list[StackError] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
