"""Each migration on what the version before wrote: no row is lost, and the roll-ups are as on a database begun anew."""

from collections.abc import Sequence
from dataclasses import replace

from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.problem import ServerError
from custom_components.smart_window.recorder.schema import Place, migrate, read_migrations
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse import ClickHouse
from stack.clickhouse_users import ADMIN

from .conftest import PASSWORDS
from .history import VERSIONS, rows_of, tables_of

EMPTY_DATABASE = True
MIGRATIONS = read_migrations()


class Database:
    """One of several databases on a server, as far as a version brought it."""

    def __init__(self, clickhouse: ClickHouse, settings: ServerSettings, name: str) -> None:
        self._clickhouse, self._name = clickhouse, name
        self._client = Client(replace(settings, user=ADMIN, password=PASSWORDS.admin, database=name))

    async def bring(self, version: int) -> None:
        """Make it, and migrate it so far."""
        await self._clickhouse.admin.execute(f"CREATE DATABASE IF NOT EXISTS {self._name}")
        await self._client.open()
        try:
            await migrate(self._client, MIGRATIONS[:version], Place(self._name))
        except ServerError as error:
            # Before the last one, the tables may not yet be as today's writer needs them.
            if version == len(MIGRATIONS) or "column" not in error.detail:
                raise
        await self._client.close()

    async def write(self, version: int) -> None:
        """Write what a version wrote."""
        for rows in rows_of(version):
            await self._clickhouse.admin.execute(f"INSERT INTO {self._name}.{rows}")

    async def content(self) -> dict[str, Sequence[object]]:
        """All rows by table, in order; states of aggregates as their results."""
        columns: dict[str, list[str]] = {}
        for row in await self._clickhouse.admin.rows(
            "SELECT c.table AS table, c.name AS name, startsWith(type, 'AggregateFunction') AS is_state, "
            "engine != 'MergeTree' AS is_merged FROM system.columns AS c "
            "INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table "
            "WHERE c.database = {name:String} AND engine LIKE '%MergeTree' AND c.table != 'schema_migrations'",
            {"name": self._name},
        ):
            name, is_state = str(row["name"]), bool(row["is_state"])
            table = f"{row['table']}{' FINAL' if row['is_merged'] else ''}"
            columns.setdefault(table, []).append(f"finalizeAggregation({name}) AS {name}" if is_state else name)
        return {
            table: await self._clickhouse.admin.rows(
                f"SELECT {', '.join(names)} FROM {self._name}.{table} ORDER BY ALL"  # noqa: S608  # our own names
            )
            for table, names in columns.items()
        }


def test_there_are_rows_of_every_version() -> None:
    assert tuple(VERSIONS) == tuple(migration.version for migration in MIGRATIONS)


async def test_what_each_version_wrote_is_after_the_next_migration_as_if_it_were_written_by_it(
    clickhouse: ClickHouse, settings: ServerSettings
) -> None:
    upgraded = Database(clickhouse, settings, "upgraded")
    await upgraded.bring(1)
    for version in VERSIONS[1:]:
        await upgraded.write(version - 1)
        await upgraded.bring(version)
        anew = Database(clickhouse, settings, f"anew_{version}")
        await anew.bring(version)
        for earlier in range(1, version):
            await anew.write(earlier)
        found, wanted = await upgraded.content(), await anew.content()
        assert found.keys() == wanted.keys()
        for table, rows in wanted.items():
            assert found[table] == rows, table
        assert all(wanted[table] for table in wanted if table.removesuffix(" FINAL") in tables_of(version - 1))
