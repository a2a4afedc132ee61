"""ClickHouse: the real engine, over HTTP."""

from pathlib import Path
from xml.etree import ElementTree as ET

import aiohttp
import pytest

from stack.clickhouse import ClickHouse
from stack.clickhouse_client import ClickHouseClient, ClickHouseError
from stack.clickhouse_users import DATABASE, Passwords, users_xml

READINGS = "CREATE TABLE smart_window.readings (id String, value Float64) ENGINE = MergeTree ORDER BY id"


async def fill(clickhouse: ClickHouse) -> None:
    await clickhouse.writer.execute(READINGS)
    await clickhouse.writer.execute("INSERT INTO smart_window.readings VALUES ('a', 1.5), ('b', 2)")


async def test_the_writer_makes_tables_and_views_and_the_reader_reads_them(clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    await clickhouse.writer.execute("ALTER TABLE smart_window.readings ADD COLUMN extra String")
    await clickhouse.writer.execute("CREATE VIEW smart_window.seen AS SELECT id FROM smart_window.readings")
    assert await clickhouse.reader.rows("SELECT value FROM readings WHERE id = {id:String}", {"id": "a"}) == (
        {"value": 1.5},
    )


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE DATABASE other",
        "DROP DATABASE smart_window",
        "DROP TABLE smart_window.readings",
        "SELECT * FROM url('http://127.0.0.1:1/', CSV, 'a String')",
        "SELECT * FROM file('/etc/passwd', LineAsString)",
    ],
)
async def test_the_writer_may_do_no_more_than_the_recorder_needs(clickhouse: ClickHouse, statement: str) -> None:
    await fill(clickhouse)
    with pytest.raises(ClickHouseError, match="ACCESS_DENIED"):
        await clickhouse.writer.execute(statement)


async def test_the_reader_writes_nothing_but_may_set_its_time_limit(clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    with pytest.raises(ClickHouseError, match=r"READONLY|ACCESS_DENIED"):
        await clickhouse.reader.execute("INSERT INTO smart_window.readings VALUES ('c', 3)")
    assert await clickhouse.reader.execute("SELECT 1 SETTINGS max_execution_time = 20") == "1\n"
    with pytest.raises(ClickHouseError, match="SETTING_CONSTRAINT_VIOLATION"):
        await clickhouse.reader.execute("SELECT 1 SETTINGS max_execution_time = 600")


@pytest.mark.parametrize("user", ["admin", "smart_window", "grafana", "nobody"])
async def test_nobody_comes_in_without_a_password(
    clickhouse: ClickHouse, session: aiohttp.ClientSession, user: str
) -> None:
    stranger = ClickHouseClient(session, clickhouse.url, user, "", DATABASE)
    with pytest.raises(ClickHouseError, match="AUTHENTICATION_FAILED"):
        await stranger.execute("SELECT 1")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM smart_window.readings",
        "INSERT INTO smart_window.readings VALUES ('x', 1)",
        "DROP TABLE smart_window.readings",
        "SELECT * FROM url('http://127.0.0.1:1/', CSV, 'a String')",
    ],
)
async def test_the_user_of_the_engine_itself_is_of_no_use_to_others(
    clickhouse: ClickHouse, session: aiohttp.ClientSession, statement: str
) -> None:
    await fill(clickhouse)
    engine = ClickHouseClient(session, clickhouse.url, "default", "", DATABASE)
    with pytest.raises(ClickHouseError, match="ACCESS_DENIED"):
        await engine.execute(statement)


async def test_rows_outlive_a_crash_and_a_restart(clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    await clickhouse.kill()
    with pytest.raises(ClickHouseError, match="does not answer"):
        await clickhouse.reader.rows("SELECT 1")
    await clickhouse.start()
    await clickhouse.restart()
    assert await clickhouse.reader.rows("SELECT count() AS n FROM readings") == ({"n": 2},)


async def test_it_stops_in_order(clickhouse: ClickHouse) -> None:
    assert await clickhouse.child.stop() == 0


def test_the_file_of_users_holds_no_password(tmp_path: Path) -> None:
    text = users_xml(Passwords("first-secret", "second-secret", "third-secret"))
    assert "secret" not in text
    names = [user.tag for user in ET.fromstring(text).iterfind("users/*")]
    assert names == ["default", "admin", "smart_window", "grafana"]
