"""Roll-ups say what the rows say: on a new database, on one of an older version, and when batches come twice."""

import math
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.limits import Limits
from custom_components.smart_window.recorder.outbox import Batch
from custom_components.smart_window.recorder.problem import ServerError
from custom_components.smart_window.recorder.rows import (
    ActionKind,
    ActionRow,
    AudioRow,
    DecisionRow,
    HealthKind,
    HealthRow,
    HeardBy,
    HumidityRow,
    PredictionRow,
    Row,
    TemperatureRow,
)
from custom_components.smart_window.recorder.schema import Place, migrate, read_migrations
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse import ClickHouse
from stack.clickhouse_users import DATABASE

from .running import START, Recorders, readings
from .wire import LossyWire

EMPTY_DATABASE = True
MIGRATIONS = read_migrations()
PLACE = Place(DATABASE)


@pytest.fixture
async def client(settings: ServerSettings) -> AsyncIterator[Client]:
    """A connection as the recorder's user."""
    made = Client(settings)
    await made.open()
    yield made
    await made.close()


async def one(clickhouse: ClickHouse, query: str) -> list[object]:
    """Return the values of the only row."""
    (row,) = await clickhouse.reader.rows(query)
    return list(row.values())


def of_readings(step: str) -> str:
    return f"SELECT sum(n), min(low), max(high), sum(total), count() FROM sensor_temperature_{step}"  # noqa: S608  # ours


LATEST = "SELECT what, toUnixTimestamp64Milli(max(at)) AS ms, argMaxMerge(value) AS v FROM device_latest GROUP BY what"


async def test_minutes_hours_and_the_latest_values(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    rows: list[Row] = [*readings(0, 9000)]  # three minutes
    rows += [TemperatureRow(ts=START + 1, device_id="bedroom", value=math.nan)]
    rows += [HumidityRow(ts=START + at, device_id="bedroom", value=50 + at) for at in (2, 0, 1)]
    rows += [
        AudioRow(ts=START, device_id="bedroom", heard_by=HeardBy.HOME, level_dbfs=-30.5),
        AudioRow(ts=START, device_id="bedroom", heard_by=HeardBy.SERVICE),
    ]
    rows += [
        ActionRow(ts=START, device_id="bedroom", kind=ActionKind.MOVED, position_to=40),
        ActionRow(ts=START, device_id="bedroom", kind=ActionKind.COMMAND),
    ]
    running = recorders.start(settings, Limits(batch_rows=1000, batch_age_s=0.05))
    assert all(running.recorder.put(row) for row in rows)
    await running.stored(len(rows))
    assert await one(clickhouse, "SELECT count(), count(value) FROM sensor_temperature") == [9001, 9000]
    for step, parts in (("minute", 4), ("hour", 1)):
        found = await one(clickhouse, of_readings(step).replace("FROM", "FROM (SELECT * FROM") + " FINAL)")
        assert found == [9000, 0, 8999, sum(range(9000)), parts]
    latest = {row["what"]: (row["ms"], row["v"]) for row in await clickhouse.reader.rows(LATEST)}
    at = round(START * 1000)
    assert {what: (int(str(ms)), value) for what, (ms, value) in latest.items()} == {
        "temperature": (at + 8999 * 20, 8999),
        "humidity": (at + 2000, 52),
        "level_dbfs": (at, -30.5),
        "position": (at, 40),
    }


async def test_predictions_decisions_and_health_by_the_hour(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    asked = PredictionRow(
        ts=START,
        device_id="bedroom",
        correlation_id="a",
        grant_act=True,
        grant_min=0,
        grant_max=80,
        grant_min_confidence=math.nan,
    )
    decided = DecisionRow(
        ts=START,
        device_id="bedroom",
        why="ready",
        ask=True,
        grant_act=True,
        grant_min=0,
        grant_max=80,
        grant_min_confidence=0.5,
    )
    well = HealthRow(
        ts=START, device_id="bedroom", kind=HealthKind.WINDOW, state="online", latency_ms=10, metrics={"messages": 3}
    )
    running = recorders.start(settings)
    for row in (
        replace(asked, model_version="1", position=10, confidence=0.5, latency_ms=40, acted=True),
        replace(asked, model_version="1", position=10, confidence=0.75, latency_ms=60),
        replace(asked, error="no_answer"),
        decided,
        replace(decided, ts=START + 5),
        replace(decided, why="rain"),
        well,
        replace(well, ts=START + 9, state="stuck", reasons=("frozen",), metrics={"messages": 5, "other": 1}),
    ):
        assert running.recorder.put(row)
    await running.stored(8)
    assert await clickhouse.reader.rows(
        "SELECT model_version, sum(n) AS n, sum(acted) AS acted, sum(failed) AS failed, sum(sure_n) AS sure, "
        "sum(sure_total) AS total, quantilesTDigestMerge(0.5, 0.95, 0.99)(latency_ms)[3] AS p99 "
        "FROM ml_predictions_hour GROUP BY model_version ORDER BY model_version"
    ) == (
        {"model_version": "", "n": 1, "acted": 0, "failed": 1, "sure": 0, "total": 0, "p99": None},
        {"model_version": "1", "n": 2, "acted": 1, "failed": 0, "sure": 2, "total": 1.25, "p99": 60},
    )
    assert await clickhouse.reader.rows("SELECT why, sum(n) AS n FROM decisions_hour GROUP BY why ORDER BY why") == (
        {"why": "rain", "n": 1},
        {"why": "ready", "n": 2},
    )
    for step in ("minute", "hour"):
        assert await clickhouse.reader.rows(
            f"SELECT n, states, latency_n, latency_total, latency_high, totals, highs FROM health_{step} FINAL"  # noqa: S608  # ours
        ) == (
            {
                "n": 2,
                "states": {"online": 1, "stuck": 1},
                "latency_n": 2,
                "latency_total": 20,
                "latency_high": 10,
                "totals": {"messages": 8, "other": 1},
                "highs": {"messages": 5, "other": 1},
            },
        )
    assert await clickhouse.reader.rows(
        "SELECT argMaxMerge(state) AS state, argMaxMerge(reasons) AS reasons FROM health_latest GROUP BY device_id"
    ) == ({"state": "stuck", "reasons": ["frozen"]},)
    assert running.recorder.counts.nulled == 3


async def test_answers_that_are_lost_double_nothing_in_the_roll_ups(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    async with LossyWire(settings.port, lose_every=0, in_a_row=2, only=b"insert_deduplication_token") as wire:
        running = recorders.start(replace(settings, port=wire.port))
        await running.until("a connection", lambda recorder: recorder.is_connected)
        wire.lose_every = 3
        for row in readings(0, 600):
            assert running.recorder.put(row)
        await running.stored(600)
        assert wire.lost > 5
    for step in ("minute", "hour"):
        assert (await one(clickhouse, of_readings(step)))[:4] == [600, 0, 599, sum(range(600))]


def old_batch(token: str, first: int) -> Batch:
    """A batch as the first version wrote it."""
    rows = tuple(
        (round((START + number / 50) * 1000), "bedroom", float(number)) for number in range(first, first + 500)
    )
    return Batch("sensor_temperature", token, rows)


async def fill_by_first_version(client: Client, clickhouse: ClickHouse) -> None:
    await migrate_to(client, 1)
    for number in range(4):
        await client.insert(old_batch(f"old-{number}", number * 500))
    row = "(toDateTime64(1795000000, 3), 'bedroom', 'moved', 30)"
    await clickhouse.admin.execute(
        f"INSERT INTO {DATABASE}.window_actions (ts, device_id, kind, position_to) VALUES {row}"  # noqa: S608  # ours
    )


async def migrate_to(client: Client, version: int) -> None:
    with pytest.raises(ServerError, match="expected"):  # the tables are not yet as today's writer needs them
        await migrate(client, MIGRATIONS[:version], PLACE)


async def test_rows_of_the_first_version_are_in_the_roll_ups_once_whatever_ends_the_upgrade(
    clickhouse: ClickHouse, settings: ServerSettings, client: Client, recorders: Recorders
) -> None:
    await fill_by_first_version(client, clickhouse)
    # The upgrade ends after each of its statements in turn, and begins again from its first one.
    statements = MIGRATIONS[1].statements
    for after in range(1, len(statements), 3):
        dies = replace(MIGRATIONS[1], statements=(*statements[:after], "ALTER TABLE nothing MODIFY TTL nothing"))
        with pytest.raises(ServerError, match="migration 2"):
            await migrate(client, (MIGRATIONS[0], dies, *MIGRATIONS[2:]), PLACE)
        await client.open()
    running = recorders.start(settings)
    for row in readings(2000, 1000):
        assert running.recorder.put(row)
    await running.stored(1000)
    assert await one(clickhouse, "SELECT count() FROM sensor_temperature") == [3000]
    for step in ("minute", "hour"):
        assert (await one(clickhouse, of_readings(step)))[:4] == [3000, 0, 2999, sum(range(3000))]
    latest = {row["what"]: row["v"] for row in await clickhouse.reader.rows(LATEST)}
    assert latest == {"temperature": 2999, "position": 30}


async def test_two_that_upgrade_and_write_at_once_count_every_row_once(
    clickhouse: ClickHouse, settings: ServerSettings, client: Client, recorders: Recorders
) -> None:
    await fill_by_first_version(client, clickhouse)
    both = [recorders.start(settings) for _ in range(2)]
    for number, running in enumerate(both):
        for row in readings(2000 + number * 500, 500):
            assert running.recorder.put(row)
    for running in both:
        await running.stored(500)
        assert running.problems == []
    for step in ("minute", "hour"):
        assert (await one(clickhouse, of_readings(step)))[:4] == [3000, 0, 2999, sum(range(3000))]


async def test_rows_of_the_third_version_keep_their_meaning_and_are_in_the_minutes_once(
    clickhouse: ClickHouse, settings: ServerSettings, client: Client, recorders: Recorders
) -> None:
    await migrate_to(client, 3)
    at = "toDateTime64(1795000000, 3)"
    for row in (
        f"health (ts, device_id, kind, state, metrics) VALUES ({at}, 'home', 'home', 'ok', {{'m': 2}})",
        f"corrections (ts, device_id, request) VALUES ({at}, 'bedroom', '{{}}')",
        f"ml_predictions (ts, device_id, correlation_id, acted) VALUES ({at}, 'bedroom', 'a', 1)",
    ):
        await clickhouse.admin.execute(f"INSERT INTO {DATABASE}.{row}")
    statements = MIGRATIONS[3].statements
    for after in range(1, len(statements), 2):
        dies = replace(MIGRATIONS[3], statements=(*statements[:after], "ALTER TABLE nothing MODIFY TTL nothing"))
        with pytest.raises(ServerError, match="migration 4"):
            await migrate(client, (*MIGRATIONS[:3], dies), PLACE)
        await client.open()
    running = recorders.start(settings)
    running.recorder.put(
        HealthRow(ts=START, device_id="home", kind=HealthKind.HOME, state="ok", metrics={"m": 3}),
    )
    await running.stored(1)
    assert await one(clickhouse, "SELECT sum(n), sumMap(totals) FROM health_minute") == [2, {"m": 5}]
    assert await one(clickhouse, "SELECT kind FROM corrections") == ["undone"]
    assert await one(clickhouse, "SELECT request, cause, audio_ts FROM ml_predictions") == ["", None, None]


MOVES = "SELECT sum(n), min(low), max(high), argMaxMerge(last) FROM window_moves_hour"
STEPS = "SELECT sumMap(answers), sumMap(acted), sumMap(acted_total) FROM ml_confidence_hour"


async def test_moves_and_steps_of_confidence_of_the_fourth_version_are_in_the_hours_once(
    clickhouse: ClickHouse, settings: ServerSettings, client: Client, recorders: Recorders
) -> None:
    await migrate(client, MIGRATIONS[:4], PLACE)
    at = "toDateTime64(1795000000, 3)"
    moves = "window_actions (ts, device_id, kind, position_from, position_to) VALUES"
    for row in (
        f"{moves} ({at}, 'bedroom', 'moved', 0, 30), ({at} + 1, 'bedroom', 'moved', 30, 30)",
        f"{moves} ({at} + 9, 'bedroom', 'command', 30, 99)",
        f"ml_predictions (ts, device_id, correlation_id, confidence, acted) VALUES ({at}, 'bedroom', 'a', 0.75, 1)",
        f"ml_predictions (ts, device_id, correlation_id, error) VALUES ({at}, 'bedroom', 'b', 'no_answer')",
    ):
        await clickhouse.admin.execute(f"INSERT INTO {DATABASE}.{row}")
    statements = MIGRATIONS[4].statements
    for after in range(1, len(statements)):
        dies = replace(MIGRATIONS[4], statements=(*statements[:after], "ALTER TABLE nothing MODIFY TTL nothing"))
        with pytest.raises(ServerError, match="migration 5"):
            await migrate(client, (*MIGRATIONS[:4], dies), PLACE)
        await client.open()
    running = recorders.start(settings)
    answer = PredictionRow(
        ts=START + 3600,
        device_id="bedroom",
        correlation_id="c",
        grant_act=True,
        grant_min=0,
        grant_max=100,
        grant_min_confidence=0.5,
    )
    rows: list[Row] = [
        ActionRow(ts=START + 3600, device_id="bedroom", kind=ActionKind.MOVED, position_from=30, position_to=10),
        replace(answer, confidence=0.5, acted=True),
        replace(answer, confidence=0.52),
        replace(answer, confidence=1.0),
        answer,
    ]
    assert all(running.recorder.put(row) for row in rows)
    await running.stored(len(rows))
    assert await one(clickhouse, MOVES) == [2, 10, 30, 10]
    assert await one(clickhouse, STEPS) == [
        {"10": 2, "15": 1, "19": 1},
        {"10": 1, "15": 1, "19": 0},
        {"10": 0.5, "15": 0.75, "19": 0},
    ]
