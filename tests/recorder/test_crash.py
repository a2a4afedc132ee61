"""Home Assistant is killed: what came more than a second before is on disk or stored, and comes out exactly once."""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from custom_components.smart_window.recorder.loss import Loss, LossKind
from custom_components.smart_window.recorder.outbox import Batch
from custom_components.smart_window.recorder.problem import Problem
from custom_components.smart_window.recorder.recorder import Recorder
from custom_components.smart_window.recorder.server import ServerSettings
from custom_components.smart_window.recorder.spool import Spool
from stack.clickhouse import ClickHouse
from stack.clickhouse_users import DATABASE
from stack.waiting import until

from .running import QUICK, Recorders, readings
from .test_outage import values
from .wire import LossyWire

ROOT = Path(__file__).parents[2]
PROMISE_S = 1.0
DISK_S = 0.5  # writing and syncing, on a machine with other work


def spool(folder: Path) -> Spool:
    return Spool(folder, limit_bytes=100_000_000, random=Random())


async def start(settings: ServerSettings, folder: Path) -> Process:
    arguments = (f"http://{settings.host}:{settings.port}", settings.user, settings.password, settings.database)
    module = "tests.recorder.crashing"
    return await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments, folder, cwd=ROOT, stdout=PIPE)


async def killed(process: Process, *, after_s: float) -> Mapping[int, float]:
    """Kill it some seconds after its first row; returns how old each row was by then."""
    assert process.stdout is not None
    lines = [await process.stdout.readline()]
    began = time.monotonic()
    while time.monotonic() < began + after_s:
        lines.append(await process.stdout.readline())
    at = time.monotonic()
    process.kill()
    lines += (await process.stdout.read()).splitlines()
    await process.wait()
    noted = (line.split() for line in lines)
    return {int(words[0]): at - float(words[1]) for words in noted if len(words) == 2}


async def written(clickhouse: ClickHouse) -> bool:
    rows = await clickhouse.reader.rows("SELECT total_rows FROM system.tables WHERE name = 'sensor_temperature'")
    return any(row["total_rows"] for row in rows)


async def failed(recorder: Recorder) -> bool:
    return recorder.counts.failures > 0


async def test_without_a_server_all_but_the_last_second_is_on_disk(settings: ServerSettings, tmp_path: Path) -> None:
    process = await start(replace(settings, port=9), tmp_path / "spool")
    ages = await killed(process, after_s=2.2)
    waiting = spool(tmp_path / "spool")
    await waiting.open()
    assert len(ages) > 300
    assert waiting.rows >= sum(age > PROMISE_S + DISK_S for age in ages.values())


async def test_with_a_silent_server_too_and_all_is_stored_once_when_it_answers(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders, tmp_path: Path
) -> None:
    folder = tmp_path / "spool"
    async with LossyWire(settings.port, lose_every=0, only=b"insert_deduplication_token") as wire:
        process = await start(replace(settings, port=wire.port), folder)
        await until("the tables", lambda: written(clickhouse), 20)
        # From now on inserts arrive, and no answer comes back: each is stored, and must be sent again.
        wire.lose_every, wire.silent = 1, True
        ages = await killed(process, after_s=2.5)
        assert wire.lost > 0
    before = await values(clickhouse)
    running = recorders.start(settings, outbox=spool(folder))
    await running.until("the spool is empty", lambda recorder: recorder.is_connected and recorder.waiting == 0)
    found = await values(clickhouse)
    assert len(before) < len(found)
    assert found == list(range(len(found)))
    assert found[-1] >= max(number for number, age in ages.items() if age > PROMISE_S + DISK_S)


async def test_a_stop_without_a_server_leaves_all_on_disk_for_the_next_start(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders, tmp_path: Path
) -> None:
    await clickhouse.kill()
    first = recorders.start(settings, outbox=spool(tmp_path / "spool"))
    for row in readings(0, 77):
        assert first.recorder.put(row)
    await first.stop()
    assert (first.recorder.counts.lost_at_stop, first.recorder.spool_rows) == (0, 77)
    await clickhouse.start()
    second = recorders.start(settings, outbox=spool(tmp_path / "spool"))
    for row in readings(77, 23):
        assert second.recorder.put(row)
    await second.stored(100)
    assert await values(clickhouse) == list(range(100))
    assert second.recorder.spool_bytes == 0


@pytest.mark.parametrize("turns", [1, 2, 3, 5, 8])
async def test_cancelling_the_task_at_any_moment_keeps_what_waits_once(
    settings: ServerSettings, tmp_path: Path, turns: int
) -> None:
    recorder = Recorder(
        replace(settings, port=9),
        on_problem=lambda _: None,
        clock=time.monotonic,
        random=Random(),
        limits=QUICK,
        outbox=spool(tmp_path / "spool"),
    )
    task = asyncio.create_task(recorder.run())
    await until("a failure", lambda: failed(recorder), 20)
    for row in readings(0, 50):  # a whole batch, which is written at once
        recorder.put(row)
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (recorder.counts.lost_at_stop, recorder.spool_rows) == (0, 50)
    assert len(list((tmp_path / "spool").iterdir())) == 1


async def test_a_disk_that_cannot_be_written_is_told_and_rows_wait_in_memory(
    settings: ServerSettings, recorders: Recorders, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    place = tmp_path / "spool"
    place.write_text("a file is in the way")
    await clickhouse.kill()
    running = recorders.start(settings, outbox=spool(place))
    for row in readings(0, 60):
        running.recorder.put(row)
    await running.told(Problem.SPOOL_FAILS)
    assert "File exists" in running.recorder.detail
    assert running.recorder.waiting == 60
    place.unlink()
    await running.told(Problem.UNREACHABLE)
    await running.until("they are on disk", lambda recorder: recorder.spool_rows == 60)
    await clickhouse.start()
    await running.stored(60)
    assert await values(clickhouse) == list(range(60))


async def test_a_batch_that_no_server_takes_is_set_aside_on_disk(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders, tmp_path: Path
) -> None:
    first = recorders.start(settings)
    await first.until("the tables are there", lambda recorder: recorder.is_connected)
    await clickhouse.admin.execute(f"ALTER TABLE {DATABASE}.sensor_humidity ADD CONSTRAINT dry CHECK value < 50")
    waiting = spool(tmp_path / "spool")
    await waiting.open()
    await waiting.keep(Batch("sensor_humidity", "wet", ((1000, "bedroom", 60.0),)), sent=False)
    await waiting.keep(Batch("sensor_temperature", "odd", ((4000, "bedroom", "warm"),)), sent=False)
    running = recorders.start(settings, outbox=waiting)
    for row in readings(0, 5):
        running.recorder.put(row)
    await running.stored(5)
    assert running.recorder.counts.set_aside == 2
    assert sorted(path.name.split("-")[4] for path in (tmp_path / "spool").glob("*.rejected")) == ["odd", "wet"]
    assert running.losses == [Loss(LossKind.REJECTED, f"sensor_{what}", 1) for what in ("humidity", "temperature")]
    assert running.problems == [Problem.OTHER, None]
    assert await values(clickhouse) == list(range(5))
