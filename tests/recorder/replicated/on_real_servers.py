"""One setting makes the schema replicated and sharded: two shards of two replicas, with a Keeper, on real servers.

Started by .github/workflows/cluster.yml, which starts compose.yaml before it; the usual run has no Keeper and does not
collect this file.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.outbox import Batch
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse_client import ClickHouseClient
from tests.recorder.running import START, Recorders, Running, readings

USER, PASSWORD, DATABASE, CLUSTER = "smart_window", "of the test", "smart_window", "home"
PORTS = {"shard1a": 18123, "shard1b": 18124, "shard2a": 18125, "shard2b": 18126}
SHARDS = (("shard1a", "shard1b"), ("shard2a", "shard2b"))
WINDOWS = [f"window_{number}" for number in range(20)]
COMPOSE = Path(__file__).with_name("compose.yaml")
COUNT = "SELECT count() AS n, uniqExact(device_id, ts) AS different FROM sensor_temperature"


@pytest.fixture
async def nodes() -> AsyncIterator[dict[str, ClickHouseClient]]:
    """A way in to each server, by its name."""
    async with aiohttp.ClientSession() as session:
        yield {
            name: ClickHouseClient(session, f"http://127.0.0.1:{port}", USER, PASSWORD, DATABASE)
            for name, port in PORTS.items()
        }


@pytest.fixture
async def recorders() -> AsyncIterator[Recorders]:
    """Recorders that are stopped at the end."""
    made = Recorders()
    yield made
    await made.stop()


def settings() -> ServerSettings:
    url = f"http://127.0.0.1:{PORTS['shard1a']}"
    return ServerSettings.of(url=url, user=USER, password=PASSWORD, database=DATABASE, cluster=CLUSTER)


async def compose(*command: str) -> None:
    process = await asyncio.create_subprocess_exec("docker", "compose", "--file", str(COMPOSE), *command)
    assert await process.wait() == 0


async def pour(running: Running, first: int, each: int) -> None:
    for window in WINDOWS:
        assert all(running.recorder.put(row) for row in readings(first, each, window))
    await running.stored((first + each) * len(WINDOWS))


async def once(nodes: dict[str, ClickHouseClient], rows: int) -> None:
    """Each row is there once, on both replicas of one shard, and in the roll-ups."""
    for name in PORTS:  # a replica may be behind for a moment
        for table in ("sensor_temperature_local", "sensor_temperature_hour_local"):
            await nodes[name].execute(f"SYSTEM SYNC REPLICA {DATABASE}.{table}")
    for name in PORTS:
        assert await nodes[name].rows(COUNT) == ({"n": rows, "different": rows},)
        assert await nodes[name].rows("SELECT sum(n) AS n FROM sensor_temperature_hour") == ({"n": rows},)
    local = COUNT.replace("sensor_temperature", "sensor_temperature_local")
    in_all = 0
    for first, second in SHARDS:
        here, there = [(await nodes[name].rows(local))[0]["n"] for name in (first, second)]
        assert here == there
        assert 0 < int(str(here)) < rows
        in_all += int(str(here))
    assert in_all == rows


async def test_rows_lie_on_both_replicas_of_one_shard_and_come_once_whatever_is_away(
    nodes: dict[str, ClickHouseClient], recorders: Recorders
) -> None:
    running = recorders.start(settings())
    await pour(running, 0, 100)
    await once(nodes, 2000)
    for name in PORTS:
        kinds = "SELECT engine, count() AS n FROM system.tables WHERE database = {database:String} GROUP BY engine"
        engines = {str(row["engine"]) for row in await nodes[name].rows(kinds, {"database": DATABASE})}
        assert {"Distributed", "ReplicatedMergeTree", "ReplicatedAggregatingMergeTree"} <= engines
        assert not {"MergeTree", "AggregatingMergeTree", "ReplacingMergeTree"} & engines

    # The same batch under its token, twice more.
    client = Client(settings())
    await client.open()

    batch = Batch("sensor_temperature", "the same", ((round(START * 1000) - 1, "window_1", 20.0),))
    for _ in range(3):
        await client.insert(batch)
    await client.close()
    await once(nodes, 2001)

    # A replica goes: rows are stored by the other one, and it has them when it is back.
    await compose("stop", "shard2b")
    await pour(running, 100, 50)
    await compose("up", "--detach", "--wait")
    await once(nodes, 3001)
