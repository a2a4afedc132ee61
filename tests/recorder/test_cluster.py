"""The schema spread over a cluster: two real servers as two shards, and what needs a Keeper at least understood.

The engine here has no Keeper, no interserver port and no ON CLUSTER. So the tables are made on each node by the same
rewriting without those two steps, and the recorder runs on top; the complete statements are only parsed.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import aiohttp
import pytest

from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.cluster import distributed, for_cluster, on_every_node
from custom_components.smart_window.recorder.retention import Retention, changes
from custom_components.smart_window.recorder.schema import OWN_TABLE, read_migrations
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse import ClickHouse, ClickHouseSettings
from stack.clickhouse_users import ADMIN, DATABASE
from stack.ports import free_ports
from stack.process import interpreter

from .conftest import PASSWORDS, ROOT
from .running import Recorders, readings
from .wire import LossyWire

NAME = "home"
MIGRATIONS = read_migrations()
SHARDS = "SELECT max(n) FROM (SELECT uniqExact(_shard_num) AS n FROM sensor_temperature GROUP BY device_id)"
RECORD = "INSERT INTO schema_migrations (version, name, checksum) VALUES ({}, '{}', '{}')"


def cluster_xml(ports: Sequence[int]) -> str:
    nodes = "".join(
        f"<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>{port}</port>"
        f"<user>admin</user><password>{PASSWORDS.admin}</password></replica></shard>"
        for port in ports
    )
    return f"<clickhouse><remote_servers><{NAME}>{nodes}</{NAME}></remote_servers></clickhouse>"


@pytest.fixture
async def nodes(tmp_path: Path, session: aiohttp.ClientSession) -> AsyncIterator[tuple[ClickHouse, ClickHouse]]:
    """Two servers that know each other, with the tables of a cluster of two shards."""
    ports = free_ports(4, Random())
    python = interpreter(ROOT / ".venv-ch", "clickhouse")
    made = []
    for number in range(2):
        folder = tmp_path / f"node{number}"
        (folder / "run" / "config.d").mkdir(parents=True)
        (folder / "run" / "config.d" / "cluster.xml").write_text(cluster_xml(ports[2:]))
        settings = ClickHouseSettings(folder, python, ports[number], ports[number + 2], PASSWORDS)
        made.append(ClickHouse(settings, session))
    first, second = made
    for node in made:
        await node.start()
        await lay_out(node)
    yield first, second
    for node in made:
        await node.kill()  # spared the wait for the connections between them


async def lay_out(node: ClickHouse) -> None:
    """Make one node's part, as ON CLUSTER would."""
    client = Client(ServerSettings.of(url=node.url, user=ADMIN, password=PASSWORDS.admin, database=DATABASE))
    await client.open()
    await client.command(OWN_TABLE)
    for migration in MIGRATIONS:
        for statement in migration.statements:
            if not statement.startswith("INSERT"):
                for part in distributed(statement, NAME, DATABASE):
                    await client.command(part)
        await client.command(RECORD.format(migration.version, migration.name, migration.checksum))
    await client.close()


def at(node: ClickHouse) -> ServerSettings:
    # The grants of its own user are not those of a cluster, which the users of the stack do not know.
    return ServerSettings.of(url=node.url, user=ADMIN, password=PASSWORDS.admin, database=DATABASE, cluster=NAME)


async def number(node: ClickHouse, query: str) -> int:
    (row,) = await node.admin.rows(query)
    (value,) = row.values()
    return int(str(value))


async def test_rows_are_spread_over_two_servers_once_and_both_see_all(
    nodes: tuple[ClickHouse, ClickHouse], recorders: Recorders
) -> None:
    first, _ = nodes
    async with LossyWire(at(first).port, lose_every=0, in_a_row=2, only=b"insert_deduplication_token") as wire:
        running = recorders.start(replace(at(first), port=wire.port))
        await running.until("connected", lambda recorder: recorder.is_connected)
        wire.lose_every = 4
        for device in range(10):
            for row in readings(device * 100, 100, f"w{device}"):
                assert running.recorder.put(row)
        await running.stored(1000)
        assert wire.lost > 2
    local = [await number(node, "SELECT count() FROM sensor_temperature_local") for node in nodes]
    assert sum(local) == 1000
    assert min(local) > 0
    for node in nodes:
        assert await number(node, "SELECT count() FROM sensor_temperature") == 1000
        assert await number(node, "SELECT sum(n) FROM sensor_temperature_minute") == 1000
        assert await number(node, "SELECT sum(n) FROM sensor_temperature_hour") == 1000
        assert await number(node, "SELECT uniqExact(device_id) FROM device_latest") == 10
        assert await number(node, SHARDS) == 1


async def test_rows_wait_while_one_shard_is_gone(nodes: tuple[ClickHouse, ClickHouse], recorders: Recorders) -> None:
    first, second = nodes
    running = recorders.start(at(first))
    await running.until("connected", lambda recorder: recorder.is_connected)
    await second.kill()
    for device in range(10):
        for row in readings(device * 10, 10, f"w{device}"):
            assert running.recorder.put(row)
    await running.until("a failed try", lambda recorder: recorder.counts.failures > 0)
    await second.start()
    await running.stored(100)
    assert await number(first, "SELECT count() FROM sensor_temperature") == 100
    assert await number(second, "SELECT sum(n) FROM sensor_temperature_hour") == 100


async def test_every_statement_is_understood_with_replicas_on_a_cluster(clickhouse: ClickHouse) -> None:
    statements = [on_every_node(OWN_TABLE, NAME)]
    for migration in MIGRATIONS:
        for statement in migration.statements:
            statements += for_cluster(statement, NAME, DATABASE)
    for statement in statements:
        assert await clickhouse.admin.execute(f"EXPLAIN AST {statement}")
        assert statement.startswith("INSERT INTO ") or f" ON CLUSTER '{NAME}'" in statement
        assert " MergeTree" not in statement
        assert "non_replicated" not in statement


def test_what_a_statement_becomes() -> None:
    table = (
        "CREATE TABLE IF NOT EXISTS a\n(\n    x Int8\n)\nENGINE = ReplacingMergeTree(heard)\nORDER BY x\n"
        "SETTINGS non_replicated_deduplication_window = 1000"
    )
    local, over = for_cluster(table, "c", "d")
    assert local == (
        "CREATE TABLE IF NOT EXISTS a_local ON CLUSTER 'c'\n(\n    x Int8\n)\n"
        "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', heard)\nORDER BY x\n"
        "SETTINGS replicated_deduplication_window = 1000"
    )
    assert over == (
        "CREATE TABLE IF NOT EXISTS a ON CLUSTER 'c' AS a_local\n"
        "ENGINE = Distributed('c', 'd', 'a_local', cityHash64(device_id))"
    )
    view = "CREATE MATERIALIZED VIEW IF NOT EXISTS v TO b AS\nSELECT x FROM a AS r"
    assert for_cluster(view, "c", "d") == (
        "CREATE MATERIALIZED VIEW IF NOT EXISTS v ON CLUSTER 'c' TO b_local AS\nSELECT x FROM a_local AS r",
    )
    change = "ALTER TABLE a MODIFY COLUMN x Nullable(Int8) CODEC(Delta(8), ZSTD(1)),\n    MODIFY COLUMN y Int8"
    assert for_cluster(change, "c", "d") == (
        f"ALTER TABLE a_local ON CLUSTER 'c'{change.removeprefix('ALTER TABLE a')}",
        "ALTER TABLE a ON CLUSTER 'c' MODIFY COLUMN x Nullable(Int8),\n    MODIFY COLUMN y Int8",
    )
    assert for_cluster("ALTER TABLE a REMOVE TTL", "c", "d") == ("ALTER TABLE a_local ON CLUSTER 'c' REMOVE TTL",)
    whole = on_every_node("CREATE TABLE IF NOT EXISTS s\n(x Int8)\nENGINE = MergeTree\nORDER BY x", "c")
    assert "ON CLUSTER 'c'" in whole
    assert "ReplicatedMergeTree('/clickhouse/tables/{uuid}/all', '{shard}-{replica}')" in whole
    with pytest.raises(ValueError, match="no way to run on a cluster: DROP TABLE a"):
        for_cluster("DROP TABLE a", "c", "d")


def test_the_term_of_rows_is_that_of_the_local_tables() -> None:
    (statement,) = changes(Retention(health_days=9), {"health": "MergeTree ORDER BY ts TTL ts + toIntervalDay(8)"})
    assert for_cluster(statement, "c", "d") == (
        "ALTER TABLE health_local ON CLUSTER 'c' MODIFY TTL ts + toIntervalDay(9)",
    )
