"""Records until it is killed: `python -m tests.recorder.crashing URL FOLDER`. The value of a row is its number.

Each row is noted on standard output with the moment it was put (monotonic seconds, the same for all processes).
"""

import asyncio
import sys
import time
from pathlib import Path
from random import SystemRandom

from custom_components.smart_window.recorder.recorder import Recorder
from custom_components.smart_window.recorder.rows import TemperatureRow
from custom_components.smart_window.recorder.server import ServerSettings
from custom_components.smart_window.recorder.spool import Spool

from .running import START

_EACH_S = 0.002


async def main(url: str, user: str, password: str, database: str, folder: str) -> None:
    """Put rows for ever."""
    recorder = Recorder(
        ServerSettings.of(url=url, user=user, password=password, database=database),
        on_problem=lambda _: None,
        clock=time.monotonic,
        random=SystemRandom(),
        outbox=Spool(Path(folder), limit_bytes=100_000_000, random=SystemRandom()),
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(recorder.run())
        number = 0
        while True:
            if recorder.put(TemperatureRow(ts=START + number / 50, device_id="bedroom", value=float(number))):
                sys.stdout.write(f"{number} {time.monotonic()}\n")
                sys.stdout.flush()
                number += 1
            await asyncio.sleep(_EACH_S)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
