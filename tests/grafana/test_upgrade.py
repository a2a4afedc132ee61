"""A data directory that the first migration wrote still serves every dashboard after the last one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
import pytest_asyncio

from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.problem import ServerError
from custom_components.smart_window.recorder.schema import Place, migrate, read_migrations
from grafana.example.reader import Reader
from grafana.example.server import reader, server, writer
from grafana.macros import Choice, View, expand
from grafana.query import Query, files
from stack.clickhouse import ClickHouse
from stack.clickhouse_users import DATABASE
from tests.recorder.history import END, rows_of

IN_THE_SESSION = pytest.mark.asyncio(loop_scope="session")
MIGRATIONS = read_migrations()

NOON = END - 129_600  # of the day on which the first version wrote
LATER = {
    "overview/why": "decisions",
    "overview/attention": "health",
    "device/decisions": "decisions",
    "device/rules_annotation": "decisions",
    "device/holds_annotation": "holds",
    "device/state": "health",
    "health/errors": "health",
    "health/throughput": "health",
    "health/latency": "health",
    "health/waiting": "health",
    "health/parts": "health",
    "model/corrections": "corrections",
    "model/replays": "replays",
    "alerts/oscillation": "decisions",
}
"""Queries that have no rows then, and the table that they read: the first version had none."""


@dataclass(frozen=True, slots=True)
class Old:
    """The directory, upgraded."""

    reader: Reader
    days: float = 3

    async def ask(self, query: Query) -> dict[str, object]:
        """The first row, by column; empty: there is none."""
        end = NOON * 1000
        variables = {"device": Choice(("bedroom",)), "question": Choice(("question-1",))}
        shown = View(end - round(self.days * 86_400_000), end, variables=variables)
        answer = await self.reader.ask(expand(query.sql, shown))
        return dict(zip(answer.names, answer.rows[0], strict=True)) if answer.rows else {}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def old(tmp_path_factory: pytest.TempPathFactory, session: aiohttp.ClientSession) -> AsyncIterator[Old]:
    """What the first version wrote, on a server that started anew since."""
    folder = tmp_path_factory.mktemp("old")
    async with server(folder, session) as clickhouse:
        with pytest.raises(ServerError, match="expected"):  # the tables are not yet as today's writer needs them
            await bring(clickhouse, 1)
        for rows in rows_of(1):
            await clickhouse.admin.execute(f"INSERT INTO {DATABASE}.{rows}")
    async with server(folder, session) as clickhouse:
        await bring(clickhouse, len(MIGRATIONS))
        yield Old(reader(clickhouse, session))


async def bring(clickhouse: ClickHouse, version: int) -> None:
    client = Client(writer(clickhouse))
    await client.open()
    try:
        await migrate(client, MIGRATIONS[:version], Place(DATABASE))
    finally:
        await client.close()


@pytest.mark.parametrize("file", sorted(files()))
@IN_THE_SESSION
async def test_each_query_is_answered_with_rows_where_the_first_version_had_what_it_asks_for(
    old: Old, file: str
) -> None:
    assert bool(await old.ask(Query(file))) is (file not in LATER)


@IN_THE_SESSION
async def test_the_first_versions_values_are_shown_as_they_were(old: Old) -> None:
    assert (await old.ask(Query("device/temperature")))["temperature"] == pytest.approx(21.0)
    assert await old.ask(Query("device/now")) == {"position": 40, "temperature": 21.5, "humidity": 52, "sound": -40}
    assert (await old.ask(Query("overview/moves")))["moves"] == 1
    version = await old.ask(Query("model/versions"))
    assert (version["version"], version["answers"], version["moves"]) == ("1", 1, 1)
    assert (await old.ask(Query("device/chain")))["step"] == "asked"


def test_what_came_later_is_what_its_query_reads() -> None:
    assert LATER.keys() <= files()
    assert all(table in Query(file).sql for file, table in LATER.items())
