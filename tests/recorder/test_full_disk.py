"""The disk is full while the server is away: rows wait in memory, nothing is lost, and order is kept.

The kernel itself refuses to let a file of this process grow (RLIMIT_FSIZE), in the middle of a write as a full disk
does; the server is another process.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from custom_components.smart_window.recorder.problem import Problem
from custom_components.smart_window.recorder.server import ServerSettings
from custom_components.smart_window.recorder.spool import Spool
from stack.clickhouse import ClickHouse

from .running import Recorders, readings
from .test_outage import arrivals, values, watch_arrivals
from .wire import LossyWire

LEFT = 40
"""Bytes that a file may still take: half a head, so that a file is begun and not ended."""


@contextmanager
def no_room() -> Iterator[None]:
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LEFT, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


@pytest.mark.parametrize("room_first", [True, False], ids=["room before the server", "the server before room"])
async def test_no_row_is_lost_whichever_comes_back_first(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders, tmp_path: Path, room_first: bool
) -> None:
    folder = tmp_path / "spool"
    # No answer comes; a batch that the server has already must not come twice.
    async with LossyWire(settings.port, lose_every=0) as wire:
        spool = Spool(folder, limit_bytes=50_000_000, random=Random())
        running = recorders.start(replace(settings, port=wire.port), outbox=spool)
        await running.until("the tables are there", lambda recorder: recorder.is_connected)
        await watch_arrivals(clickhouse)
        wire.lose_every = 1
        for row in readings(0, 200):
            assert running.recorder.put(row)
        await running.until("some wait on disk", lambda _: spool.rows > 0)
        with no_room():
            for row in readings(200, 300):
                assert running.recorder.put(row)
            await running.told(Problem.SPOOL_FAILS)
            assert not list(folder.glob("*.part"))
            if not room_first:
                wire.lose_every = 0
                await running.stored(500)
        if room_first:
            await running.until("all wait on disk", lambda _: spool.rows >= 500)
            wire.lose_every = 0
            await running.stored(500)
        assert all(running.recorder.put(row) for row in readings(500, 10))
        await running.stored(510)
        await running.told(None)
    assert await values(clickhouse) == list(range(510))
    assert await arrivals(clickhouse) == list(range(510))
    assert not running.losses
