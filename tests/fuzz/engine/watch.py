"""Feeds one target, and holds every input to what must hold of all."""

import sys
import time
import tracemalloc
from dataclasses import asdict, dataclass

from .target import Target

MOST_S = 5.0
"""Of the thread's own CPU: an input takes some 50 µs, and work that grows with its square takes minutes."""
MEMORY_PER_BYTE = 64
"""An empty list of JSON takes three bytes on the wire and sixty in memory."""
_SAMPLE = 64


class FaultError(AssertionError):
    """An input that did what no input may. `payload` is that input."""

    def __init__(self, target: Target, payload: bytes, what: str) -> None:
        super().__init__(f"{target.name}: {what}\n  input, {len(payload)} bytes: {payload[:100]!r}")
        self.payload = payload


@dataclass(slots=True)
class Tally:
    """What came of it. Memory in bytes, of the inputs that were looked at."""

    target: str
    inputs: int = 0
    taken: int = 0
    refused: int = 0
    longest_ms: float = 0.0
    most_memory: int = 0

    def as_dict(self) -> dict[str, object]:
        """For one line of JSON."""
        return asdict(self) | {"longest_ms": round(self.longest_ms, 1)}


class Watch:
    """Feeds a target and counts. FaultError for an input that breaks a promise."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.tally = Tally(target.name)

    def feed(self, payload: bytes) -> None:
        """One input; each 64th with its memory looked at."""
        number = self.tally.inputs
        self.tally.inputs += 1
        mend = self.target.mend
        given = mend(payload) if mend is not None and number % 2 else payload
        before = None if self.target.state is None else self.target.state()
        taken = self._measured(given) if number % _SAMPLE == 0 else self._timed(given)
        if taken:
            self.tally.taken += 1
            return
        self.tally.refused += 1
        if self.target.state is not None and self.target.state() != before:
            raise FaultError(self.target, given, "it was refused, yet something changed")

    def _measured(self, payload: bytes) -> bool:
        tracemalloc.start()
        try:
            taken = self._timed(payload)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.tally.most_memory = max(self.tally.most_memory, most)
        if most > self.target.most_memory + MEMORY_PER_BYTE * len(payload):
            raise FaultError(self.target, payload, f"{most} bytes of memory for an input of {len(payload)}")
        return taken

    def _timed(self, payload: bytes) -> bool:
        began = time.thread_time()
        try:
            taken = self.target.feed(payload)
        except Exception as error:  # any error is what is looked for
            frames = _where(error)
            raise FaultError(self.target, payload, f"{type(error).__name__}: {str(error)[:300]} ({frames})") from error
        took = time.thread_time() - began
        self.tally.longest_ms = max(self.tally.longest_ms, took * 1000)
        if took > MOST_S:
            raise FaultError(self.target, payload, f"{took:.1f} s of CPU")
        return taken


def _where(error: BaseException) -> str:
    """The last place in a file of the project that the error came through."""
    place, at = "nowhere of ours", error.__traceback__
    while at is not None:
        name = at.tb_frame.f_code.co_filename
        if "site-packages" not in name and not name.startswith((sys.base_prefix, "<")) and "tests/fuzz" not in name:
            place = f"{'/'.join(name.rsplit('/', 3)[1:])}:{at.tb_lineno}"
        at = at.tb_next
    return place
