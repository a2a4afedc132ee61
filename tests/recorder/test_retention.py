"""How long rows are kept follows the owner's option, forth and back, and old rows do go."""

import asyncio
from dataclasses import replace

import pytest

from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.retention import Retention
from custom_components.smart_window.recorder.rows import TemperatureRow
from custom_components.smart_window.recorder.schema import Place, migrate, read_migrations
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse import ClickHouse
from stack.clickhouse_users import DATABASE

from .running import START, Recorders

EMPTY_DATABASE = True
DECIDED = ("window_actions", "ml_predictions", "decisions", "holds", "replays")
MIGRATIONS = read_migrations()


@pytest.mark.parametrize("days", [-1, 36_501])
def test_days_that_cannot_be(days: int) -> None:
    with pytest.raises(ValueError, match="0, for ever"):
        Retention(health_days=days)


async def days(clickhouse: ClickHouse) -> dict[str, str]:
    rows = await clickhouse.admin.rows(
        "SELECT name, extract(engine_full, 'TTL .*toIntervalDay\\\\((\\\\d+)\\\\)') AS days FROM system.tables "
        "WHERE database = 'smart_window' AND days != ''"
    )
    return {str(row["name"]): str(row["days"]) for row in rows}


async def test_the_tables_follow_the_option(clickhouse: ClickHouse, settings: ServerSettings) -> None:
    client = Client(settings)
    await client.open()
    readings = ("sensor_temperature", "sensor_humidity", "sensor_audio")
    for retention, expected in (
        (None, {}),
        (Retention(readings_days=90, health_days=30), {**dict.fromkeys(readings, "90"), "health": "30"}),
        (None, {**dict.fromkeys(readings, "90"), "health": "30"}),
        (Retention(readings_days=60), dict.fromkeys(readings, "60")),
        (Retention(decisions_days=7), dict.fromkeys(DECIDED, "7")),
        (Retention(), {}),
    ):
        await migrate(client, MIGRATIONS, Place(DATABASE), retention)
        assert await days(clickhouse) == expected
    await client.close()


async def test_old_rows_go_and_their_roll_up_stays(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(replace(settings, retention=Retention(readings_days=36_500)))
    for ts in (START, 1_000_000_000.0):
        running.recorder.put(TemperatureRow(ts=ts, device_id="bedroom", value=1))
    await running.stored(2)
    await running.stop()
    again = recorders.start(replace(settings, retention=Retention(readings_days=3650)))
    await again.until("connected", lambda recorder: recorder.is_connected)
    async with asyncio.timeout(30):
        await clickhouse.admin.execute(f"OPTIMIZE TABLE {DATABASE}.sensor_temperature FINAL")
    assert await clickhouse.reader.rows("SELECT count() AS n FROM sensor_temperature") == ({"n": 1},)
    assert await clickhouse.reader.rows("SELECT sum(n) AS n FROM sensor_temperature_hour") == ({"n": 2},)
