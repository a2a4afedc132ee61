"""Time and ids, handed in so that the rest can be played with any."""

import asyncio
import time
from uuid import uuid4


class Clock:
    """The event loop's monotonic seconds, on which its timers run, and Unix seconds, which are shown and recorded."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def now(self) -> float:
        """Monotonic seconds."""
        return self._loop.time()

    def wall(self) -> float:
        """Unix seconds."""
        return time.time()

    def new_id(self) -> str:
        """A new id of a command or question."""
        return uuid4().hex
