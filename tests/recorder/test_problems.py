"""Each thing that keeps rows away has a name of its own, and goes away when it is mended."""

import asyncio
import logging
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from custom_components.smart_window.recorder.outbox import Batch
from custom_components.smart_window.recorder.probe import probe
from custom_components.smart_window.recorder.problem import Problem, ServerError
from custom_components.smart_window.recorder.recorder import Recorder
from custom_components.smart_window.recorder.server import ServerSettings
from custom_components.smart_window.recorder.spool import Spool
from stack.clickhouse import ClickHouse
from stack.clickhouse_users import DATABASE, READER, WRITER
from stack.waiting import until

from .conftest import PASSWORDS
from .running import QUICK, SOON_S, Recorders, readings


async def test_a_wrong_password_and_an_unknown_user(settings: ServerSettings, recorders: Recorders) -> None:
    for wrong in (replace(settings, password="guessed"), replace(settings, user="nobody")):
        running = recorders.start(wrong)
        assert running.recorder.put(readings(0, 1)[0])
        await running.told(Problem.WRONG_PASSWORD)


async def test_a_missing_database_and_the_rows_once_it_is_made(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    await clickhouse.admin.execute(f"DROP DATABASE {DATABASE}")
    running = recorders.start(settings)
    for row in readings(0, 3):
        running.recorder.put(row)
    await running.told(Problem.MISSING_DATABASE)
    await clickhouse.admin.execute(f"CREATE DATABASE {DATABASE}")
    await running.stored(3)
    assert running.problems == [Problem.MISSING_DATABASE, None]


async def test_a_user_that_only_reads(settings: ServerSettings, recorders: Recorders) -> None:
    running = recorders.start(replace(settings, user=READER, password=PASSWORDS.reader))
    assert running.recorder.put(readings(0, 1)[0])
    await running.told(Problem.MISSING_GRANT)


async def test_a_newer_schema_is_left_alone(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    first = recorders.start(settings)
    first.recorder.put(readings(0, 1)[0])
    await first.stored(1)
    later = f"INSERT INTO {DATABASE}.schema_migrations (version, name) VALUES (99, 'later')"  # noqa: S608  # our own name
    await clickhouse.writer.execute(later)
    second = recorders.start(settings)
    second.recorder.put(readings(1, 1)[0])
    await second.told(Problem.SCHEMA_NEWER)
    assert "schema 99" in second.recorder.detail
    second.recorder.put(readings(2, 1)[0])
    await second.until("more tries", lambda recorder: recorder.counts.failures > 3)
    assert second.recorder.waiting == 2
    assert await clickhouse.reader.rows("SELECT count() AS n FROM sensor_temperature") == ({"n": 1},)


async def test_a_table_that_was_dropped_under_it_is_told(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings)
    running.recorder.put(readings(0, 1)[0])
    await running.stored(1)
    await clickhouse.admin.execute(f"DROP TABLE {DATABASE}.sensor_temperature SYNC")
    running.recorder.put(readings(1, 1)[0])
    await running.told(Problem.SCHEMA_FOREIGN)
    assert running.recorder.waiting == 1


async def test_the_password_is_in_no_log_and_no_text(
    settings: ServerSettings, recorders: Recorders, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "Gänsefüßchen-%2F-42"
    running = recorders.start(replace(settings, password=secret))
    running.recorder.put(readings(0, 1)[0])
    await running.told(Problem.WRONG_PASSWORD)
    assert "ClickHouse takes no rows" in caplog.text
    for text in (caplog.text, running.recorder.detail, repr(replace(settings, password=secret))):
        assert secret not in text


async def test_a_batch_that_cannot_be_encoded_is_set_aside_and_the_next_one_goes_on(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders, caplog: pytest.LogCaptureFixture
) -> None:
    running = recorders.start(settings)
    await running.recorder._outbox.keep(Batch("sensor_temperature", "bad", ((1000, "bedroom", "warm"),)), sent=False)
    for row in readings(0, 60):
        running.recorder.put(row)
    await running.stored(60)
    assert running.recorder.counts.set_aside == 1
    assert running.problems == []
    assert "1 rows for sensor_temperature cannot be stored" in caplog.text
    assert await clickhouse.reader.rows("SELECT count() AS n FROM sensor_temperature") == ({"n": 60},)


async def test_looking_before_saving_tells_them_apart_and_changes_nothing(
    clickhouse: ClickHouse, settings: ServerSettings
) -> None:
    await probe(settings)
    wrong = {
        Problem.WRONG_PASSWORD: replace(settings, password="guessed"),
        Problem.MISSING_GRANT: replace(settings, user=READER, password=PASSWORDS.reader),
        Problem.UNREACHABLE: replace(settings, port=9),
        Problem.NO_TLS: replace(settings, scheme="https"),
        Problem.UNKNOWN_HOST: replace(settings, host="no-such-host.invalid"),
    }
    for problem, candidate in wrong.items():
        with pytest.raises(ServerError) as caught:
            await probe(candidate)
        assert (caught.value.problem, candidate.scheme) == (problem, candidate.scheme), caught.value.detail
    await clickhouse.admin.execute(f"DROP DATABASE {DATABASE}")
    with pytest.raises(ServerError) as caught:
        await probe(settings)
    assert caught.value.problem is Problem.MISSING_DATABASE


async def test_another_web_server_is_not_a_clickhouse(settings: ServerSettings, clickhouse: ClickHouse) -> None:
    with pytest.raises(ServerError) as caught:
        await probe(replace(settings, path="/nothing/here"))
    assert caught.value.problem is Problem.OTHER


async def test_a_profile_that_only_reads_is_told_before_saving(
    clickhouse: ClickHouse, settings: ServerSettings, tmp_path: Path
) -> None:
    # The grants are there, and the profile forbids all the same.
    users = tmp_path / "clickhouse" / "run" / "users.d"
    users.mkdir()
    profile = "<profiles><looks><readonly>1</readonly></looks></profiles>"
    user = f"<users><{WRITER}><profile>looks</profile></{WRITER}></users>"
    (users / "looks.xml").write_text(
        f"<clickhouse>{profile}{user.replace('<profile>', '<profile replace="1">')}</clickhouse>"
    )
    await clickhouse.restart()
    with pytest.raises(ServerError, match="readonly") as caught:
        await probe(settings)
    assert caught.value.problem is Problem.MISSING_GRANT


async def test_a_full_disk_at_the_server_is_told_and_the_rows_wait(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders, tmp_path: Path
) -> None:
    spool = Spool(tmp_path / "spool", limit_bytes=10_000_000, random=Random())
    running = recorders.start(settings, outbox=spool)
    await running.until("connected", lambda recorder: recorder.is_connected)
    # The server's own guard against a full disk, with a free space that no disk has.
    table = f"ALTER TABLE {DATABASE}.sensor_temperature"
    await clickhouse.admin.execute(f"{table} MODIFY SETTING min_free_disk_bytes_to_perform_insert = {10**18}")
    for row in readings(0, 60):
        assert running.recorder.put(row)
    await running.told(Problem.FULL)
    await running.until("they are on disk", lambda recorder: recorder.spool_rows == 60)
    await clickhouse.admin.execute(f"{table} RESET SETTING min_free_disk_bytes_to_perform_insert")
    await running.stored(60)
    assert running.problems == [Problem.FULL, None]
    assert running.losses == []


async def test_a_clock_that_jumped_is_told_and_the_rows_wait_until_it_is_right(
    clickhouse: ClickHouse, settings: ServerSettings, tmp_path: Path
) -> None:
    ahead_s = 0.0
    problems: list[Problem | None] = []
    recorder = Recorder(
        settings,
        on_problem=problems.append,
        clock=time.monotonic,
        wall=lambda: time.time() + ahead_s,
        random=Random(),
        limits=QUICK,
        outbox=Spool(tmp_path / "spool", limit_bytes=10_000_000, random=Random()),
    )
    task = asyncio.create_task(recorder.run())
    assert recorder.put(readings(0, 1)[0])
    await until("a row", lambda: holds(recorder.counts.stored == 1), SOON_S)
    ahead_s = -86_400.0
    assert recorder.put(readings(1, 1)[0])
    await until("the problem", lambda: holds(problems == [Problem.CLOCK]), SOON_S)
    assert "behind the server's" in recorder.detail
    await until("the spool", lambda: holds(recorder.spool_rows == 1), SOON_S)
    ahead_s = 20.0
    await until("the other row", lambda: holds(recorder.counts.stored == 2), SOON_S)
    assert problems == [Problem.CLOCK, None]
    await recorder.stop()
    await task


async def holds(answer: bool) -> bool:
    return answer
