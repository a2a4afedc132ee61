"""One recorder under load, in a process of its own: prints one JSON object.

`python -m benchmarks._record_load WHAT SETTINGS_JSON`; WHAT is `flood` (as fast as it goes), `steady` (a rate, and how
long the event loop's callbacks take) or `house` (the readings whose size is compared).
"""

import asyncio
import json
import sys
import time
from asyncio import events
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import SystemRandom

from benchmarks._readings import Reading, house, plain
from custom_components.smart_window.recorder.recorder import Recorder
from custom_components.smart_window.recorder.rows import TemperatureRow
from custom_components.smart_window.recorder.server import ServerSettings
from custom_components.smart_window.recorder.spool import Spool

_AT_ONCE = 200
_SPOOL_BYTES = 200_000_000
_STORED_S = 120.0


@dataclass(frozen=True, slots=True)
class Load:
    """What to do. `rate` is in rows per second, 0: as fast as it goes; `first` is the number of the first reading."""

    url: str
    user: str
    password: str
    database: str
    spool: str
    first: int = 0
    seconds: float = 0.0
    rate: float = 0.0
    readings: int = 0  # of the house


@dataclass(slots=True)
class Longest:
    """The longest callback of the event loop so far: CPU time of its thread, and the wall's, in ms."""

    cpu_ms: float = 0.0
    wall_ms: float = 0.0

    def watch(self) -> None:
        """Time every callback from now on."""
        run = events.Handle._run  # noqa: SLF001  # the one place that every callback passes

        def timed(handle: events.Handle) -> None:
            wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
            run(handle)
            self.cpu_ms = max(self.cpu_ms, (time.thread_time_ns() - cpu) / 1e6)
            self.wall_ms = max(self.wall_ms, (time.perf_counter_ns() - wall) / 1e6)

        setattr(events.Handle, "_run", timed)  # noqa: B010  # a plain assignment is none to the type checker


def main() -> None:
    """Run it."""
    what, load = sys.argv[1], Load(**json.loads(sys.argv[2]))
    longest = Longest()
    print(json.dumps(asyncio.run(_run(what, load, longest)) | asdict(longest)))


async def _run(what: str, load: Load, longest: Longest) -> dict[str, float]:
    recorder = Recorder(
        ServerSettings.of(url=load.url, user=load.user, password=load.password, database=load.database),
        on_problem=lambda _: None,
        clock=time.monotonic,
        random=SystemRandom(),
        outbox=Spool(Path(load.spool), limit_bytes=_SPOOL_BYTES, random=SystemRandom()),
    )
    if what == "steady":
        longest.watch()
    task = asyncio.create_task(recorder.run())
    if what != "steady":  # the steady load includes the connection
        await _until(lambda: recorder.is_connected)
    began = time.monotonic()
    if what == "house":
        taken = await _pour(recorder, house(load.readings), began, 0.0, float("inf"))
    else:
        taken = await _pour(recorder, plain(load.first), began, load.rate, load.seconds)
    poured_s = time.monotonic() - began
    await _until(lambda: recorder.waiting == 0)
    stored_s = time.monotonic() - began
    await recorder.stop()
    await task
    counts = recorder.counts
    modules = sum(name in sys.modules for name in ("pandas", "pyarrow"))
    return {
        "taken": taken,
        "poured_s": poured_s,
        "stored_s": stored_s,
        "stored": counts.stored,
        "spooled": counts.spooled,
        "failures": counts.failures,
        "heavy_modules": modules,
    }


async def _pour(recorder: Recorder, rows: Iterator[Reading], began: float, rate: float, seconds: float) -> int:
    """Put rows at a rate (0: as fast as it goes) for some seconds; returns how many."""
    taken = 0
    for reading in rows:
        now = time.monotonic() - began
        if now >= seconds:
            break
        row = TemperatureRow(ts=reading[0], device_id=reading[1], value=reading[2])
        while not recorder.put(row):  # noqa: ASYNC110  # the recorder tells nobody
            await asyncio.sleep(0.001)
        taken += 1
        if rate and taken > now * rate:
            await asyncio.sleep(0.002)
        elif taken % _AT_ONCE == 0:
            await asyncio.sleep(0)
    return taken


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(_STORED_S):
        while not holds():  # noqa: ASYNC110  # the recorder tells nobody
            await asyncio.sleep(0.01)


if __name__ == "__main__":
    main()
