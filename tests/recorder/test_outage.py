"""The server goes away and comes back: nothing waits for it, and every row is there once and in order."""

import asyncio
import time
from dataclasses import replace
from random import Random
from typing import override

import pytest

from custom_components.smart_window.recorder.outbox import Batch, MemoryOutbox
from custom_components.smart_window.recorder.problem import Problem
from custom_components.smart_window.recorder.recorder import Limits, Recorder
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse import ClickHouse
from stack.clickhouse_users import DATABASE

from .running import QUICK, Recorders, Running, readings
from .wire import LossyWire


async def values(clickhouse: ClickHouse) -> list[int]:
    """Return the stored numbers in the order of their time."""
    return [
        int(str(row["value"]))
        for row in await clickhouse.reader.rows("SELECT value FROM sensor_temperature ORDER BY ts")
    ]


async def watch_arrivals(clickhouse: ClickHouse) -> None:
    """Keep the moment at which each block of rows came, in a view as a roll-up would have it."""
    await clickhouse.admin.execute(
        f"CREATE TABLE {DATABASE}.arrivals (at DateTime64(9), value Float32) ENGINE = MergeTree ORDER BY at "
        "SETTINGS non_replicated_deduplication_window = 1000"
    )
    view = f"CREATE MATERIALIZED VIEW {DATABASE}.arriving TO {DATABASE}.arrivals AS "
    select = f"SELECT now64(9) AS at, value FROM {DATABASE}.sensor_temperature"  # noqa: S608  # our own names
    await clickhouse.admin.execute(view + select)


async def arrivals(clickhouse: ClickHouse) -> list[int]:
    """Return the stored numbers in the order in which their batches came."""
    rows = await clickhouse.reader.rows("SELECT value FROM arrivals ORDER BY at, value")
    return [int(str(row["value"])) for row in rows]


async def test_rows_of_an_outage_arrive_once_and_in_order(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings)
    await running.until("the tables are there", lambda recorder: recorder.is_connected)
    await watch_arrivals(clickhouse)
    taken = 0
    for _ in range(3):
        for row in readings(taken, 120):
            assert running.recorder.put(row)
        taken += 120
        await running.until("something is stored", lambda recorder: recorder.counts.stored > 0)
        await clickhouse.kill()
        for row in readings(taken, 330):
            assert running.recorder.put(row)
        taken += 330
        await running.told(Problem.UNREACHABLE)
        await clickhouse.start()
        await running.told(None)
    await running.stored(taken)
    assert await values(clickhouse) == list(range(taken))
    assert await arrivals(clickhouse) == list(range(taken))
    assert running.problems == [Problem.UNREACHABLE, None] * 3


async def test_new_rows_go_behind_those_that_wait(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    first = recorders.start(settings)
    await first.until("the tables are there", lambda recorder: recorder.is_connected)
    await watch_arrivals(clickhouse)
    outbox = MemoryOutbox(rows=10_000)
    for number in range(40):
        old = Batch("sensor_temperature", f"old-{number}", ((number * 1000, "bedroom", float(number)),))
        await outbox.keep(old, sent=False)
    running = recorders.start(settings, outbox=outbox)
    taken = 40
    while running.recorder.counts.stored < 40:
        if running.recorder.is_connected and taken < 400:
            for row in readings(taken, 50):
                running.recorder.put(row)
            taken += 50
        await asyncio.sleep(0)
        assert running.problems == []
    assert taken > 40
    await running.stored(taken)
    assert await arrivals(clickhouse) == list(range(taken))


async def test_answers_that_are_lost_double_no_row(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    # The client tries twice by itself, so only two losses in a row reach the recorder.
    async with LossyWire(settings.port, lose_every=0, in_a_row=2, only=b"insert_deduplication_token") as wire:
        running = recorders.start(replace(settings, port=wire.port))
        await running.until("a connection", lambda recorder: recorder.is_connected)
        wire.lose_every = 4
        for first in range(0, 1200, 50):
            for row in readings(first, 50):
                assert running.recorder.put(row)
        await running.stored(1200)
        assert wire.lost > 5
    assert await values(clickhouse) == list(range(1200))


async def test_rows_put_before_the_server_is_there_wait_for_it(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    await clickhouse.kill()
    running = recorders.start(settings)
    for row in readings(0, 175):
        running.recorder.put(row)
    await running.told(Problem.UNREACHABLE)
    await clickhouse.start()
    await running.stored(175)
    assert await values(clickhouse) == list(range(175))


async def test_put_never_waits_during_an_outage(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings)
    await running.until("connected", lambda recorder: recorder.is_connected)
    await clickhouse.kill()
    slowest = 0.0
    for row in readings(0, 5000):
        began = time.perf_counter()
        assert running.recorder.put(row)
        slowest = max(slowest, time.perf_counter() - began)
        await asyncio.sleep(0)
    await running.told(Problem.UNREACHABLE)
    assert slowest < 0.05  # a connection attempt in its way would take longer


async def test_a_server_that_accepts_and_never_answers_is_unreachable_and_holds_up_nothing(
    settings: ServerSettings, recorders: Recorders
) -> None:
    async with LossyWire(settings.port, lose_every=1) as wire:
        running = recorders.start(replace(settings, port=wire.port))
        await running.told(Problem.UNREACHABLE)
        assert all(running.recorder.put(row) for row in readings(0, 500))


async def test_a_full_queue_refuses_and_counts(settings: ServerSettings) -> None:
    recorder = Recorder(
        settings, on_problem=lambda _: None, clock=time.monotonic, random=Random(), limits=Limits(queue_rows=100)
    )
    assert [recorder.put(row) for row in readings(0, 103)] == [True] * 100 + [False] * 3
    assert (recorder.counts.refused, recorder.waiting) == (3, 100)


async def test_the_oldest_rows_go_when_the_outbox_is_full(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders, caplog: pytest.LogCaptureFixture
) -> None:
    await clickhouse.kill()
    running = recorders.start(settings, replace(QUICK, outbox_rows=200))
    for row in readings(0, 500):
        running.recorder.put(row)
    await running.until("the oldest dropped", lambda recorder: recorder.counts.dropped == 300)
    await clickhouse.start()
    await running.stored(200)
    assert await values(clickhouse) == list(range(300, 500))
    assert sum("oldest readings are thinned" in record.getMessage() for record in caplog.records) == 1


async def test_stopping_stores_what_waits(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings, Limits(batch_age_s=3600))
    for row in readings(0, 7):
        running.recorder.put(row)
    await running.stop()
    assert await values(clickhouse) == list(range(7))
    assert running.recorder.counts.lost_at_stop == 0
    assert not running.recorder.put(readings(7, 1)[0])


async def test_stopping_without_a_server_gives_up_soon_and_says_how_much(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings)
    await clickhouse.kill()
    for row in readings(0, 7):
        running.recorder.put(row)
    await running.told(Problem.UNREACHABLE)
    await running.stop()
    assert running.recorder.counts.lost_at_stop == 7


async def test_stopping_while_the_server_is_silent_ends_at_its_limit(
    settings: ServerSettings, recorders: Recorders
) -> None:
    async with LossyWire(settings.port, lose_every=1, silent=True) as wire:
        running = recorders.start(replace(settings, port=wire.port), Limits(stop_s=0.3))
        for row in readings(0, 7):
            running.recorder.put(row)
        await running.until("a request", lambda _: wire.requests > 0)
        async with asyncio.timeout(5):
            await running.stop()
    assert running.recorder.counts.lost_at_stop == 7


async def test_a_batch_in_flight_at_the_end_is_counted_too(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    async with LossyWire(settings.port, lose_every=0) as wire:
        running = recorders.start(replace(settings, port=wire.port), replace(QUICK, stop_s=0.3))
        for row in readings(0, 50):
            running.recorder.put(row)
        await running.stored(50)
        wire.lose_every, wire.silent = 1, True
        before = wire.requests
        for row in readings(50, 50):
            running.recorder.put(row)
        await running.until("the insert is on its way", lambda _: wire.requests > before)
        await running.stop()
    assert running.recorder.counts.lost_at_stop == 50


async def test_it_can_be_stopped_before_it_ran(settings: ServerSettings) -> None:
    recorder = Recorder(settings, on_problem=lambda _: None, clock=time.monotonic, random=Random())
    await recorder.stop()
    async with asyncio.timeout(10):
        await recorder.run()


class SlowOutbox(MemoryOutbox):
    """Begins to keep, and goes on when it is told to."""

    def __init__(self) -> None:
        super().__init__(rows=100)
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()

    @override
    async def keep(self, batch: Batch, *, sent: bool) -> None:
        self.begun.set()
        await self.may_end.wait()
        await super().keep(batch, sent=sent)


async def test_it_can_be_stopped_while_it_puts_its_last_rows_away(settings: ServerSettings) -> None:
    outbox = SlowOutbox()
    running = Running(settings, Limits(batch_age_s=3600), outbox)
    await running.until("the tables are there", lambda recorder: recorder.is_connected)
    running.recorder.put(readings(0, 1)[0])
    running.task.cancel()  # Home Assistant ends
    await outbox.begun.wait()
    stopping = asyncio.create_task(running.recorder.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    outbox.may_end.set()
    async with asyncio.timeout(10):
        await stopping
    with pytest.raises(asyncio.CancelledError):
        await running.task
