"""Migrations: from nothing, again, two at once, and refused where this version must not write."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.probe import probe
from custom_components.smart_window.recorder.problem import Problem, ServerError
from custom_components.smart_window.recorder.schema import Migration, Place, check, migrate, read_migrations
from custom_components.smart_window.recorder.server import ServerSettings
from custom_components.smart_window.recorder.tables import TABLES
from stack.clickhouse import ClickHouse
from stack.clickhouse_users import ADMIN, DATABASE

from .conftest import PASSWORDS

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


def dying(migration: Migration, *, after: int) -> Migration:
    """The same up to a statement that fails."""
    return replace(migration, statements=(*migration.statements[:after], "ALTER TABLE nothing MODIFY TTL nothing"))


async def recorded(clickhouse: ClickHouse) -> list[tuple[object, object]]:
    rows = await clickhouse.reader.rows("SELECT version, checksum FROM schema_migrations ORDER BY version")
    return [(row["version"], row["checksum"]) for row in rows]


async def shape(clickhouse: ClickHouse) -> list[object]:
    return [
        row["create_table_query"]
        for row in await clickhouse.admin.rows(
            "SELECT create_table_query FROM system.tables WHERE database = 'smart_window' ORDER BY name"
        )
    ]


async def test_from_nothing_and_again(clickhouse: ClickHouse, client: Client) -> None:
    await migrate(client, MIGRATIONS, PLACE)
    first = await shape(clickhouse)
    assert len(first) > len(TABLES)
    await migrate(client, MIGRATIONS, PLACE)
    assert await shape(clickhouse) == first
    assert await recorded(clickhouse) == [(migration.version, migration.checksum) for migration in MIGRATIONS]


async def test_many_that_start_at_once_do_no_harm(clickhouse: ClickHouse, settings: ServerSettings) -> None:
    clients = [Client(settings) for _ in range(4)]
    await asyncio.gather(*(client.open() for client in clients))
    await asyncio.gather(*(migrate(client, MIGRATIONS, PLACE) for client in clients))
    await asyncio.gather(*(client.close() for client in clients))
    assert await recorded(clickhouse) == [(migration.version, migration.checksum) for migration in MIGRATIONS]


async def test_one_that_died_half_way_is_finished(clickhouse: ClickHouse, client: Client) -> None:
    with pytest.raises(ServerError, match="migration 1"):
        await migrate(client, (dying(MIGRATIONS[0], after=1), *MIGRATIONS[1:]), PLACE)
    await client.open()
    assert await recorded(clickhouse) == []
    await migrate(client, MIGRATIONS, PLACE)
    assert await recorded(clickhouse) == [(migration.version, migration.checksum) for migration in MIGRATIONS]


async def test_a_later_migration_is_applied_alone(clickhouse: ClickHouse, client: Client) -> None:
    await migrate(client, MIGRATIONS, PLACE)
    later = Migration(
        version=len(MIGRATIONS) + 1,
        name="more",
        checksum="c" * 64,
        statements=("ALTER TABLE sensor_humidity ADD COLUMN IF NOT EXISTS extra String",),
    )
    await migrate(client, (*MIGRATIONS, later), PLACE)
    assert (await recorded(clickhouse))[-1] == (later.version, later.checksum)
    # The version before refuses: it does not know what the newer one promises its readers.
    for look in (migrate(client, MIGRATIONS, PLACE), check(client, MIGRATIONS)):
        with pytest.raises(ServerError, match=r"update Smart Window") as caught:
            await look
        assert caught.value.problem is Problem.SCHEMA_NEWER
        await client.open()


async def test_a_migration_that_was_applied_with_another_content_is_refused(client: Client) -> None:
    await migrate(client, (replace(MIGRATIONS[0], checksum="0" * 64), *MIGRATIONS[1:]), PLACE)
    with pytest.raises(ServerError, match=r"migration 1 \(first_tables\)") as caught:
        await migrate(client, MIGRATIONS, PLACE)
    assert caught.value.problem is Problem.SCHEMA_FOREIGN


@pytest.mark.parametrize(
    "table",
    ["sensor_humidity (ts DateTime, id String)", "schema_migrations (version Int64, dirty UInt8)", "x (a Int8)"],
)
async def test_a_database_of_somebody_else_is_left_alone(clickhouse: ClickHouse, client: Client, table: str) -> None:
    await client.command(f"CREATE TABLE {table} ENGINE = MergeTree ORDER BY tuple()")
    before = await shape(clickhouse)
    for look in (migrate(client, MIGRATIONS, PLACE), check(client, MIGRATIONS)):
        with pytest.raises(ServerError, match=rf"not ours \({table.partition(' ')[0]}\)") as caught:
            await look
        assert caught.value.problem is Problem.SCHEMA_FOREIGN
    assert await shape(clickhouse) == before


async def test_a_table_that_somebody_changed_is_refused(client: Client) -> None:
    await migrate(client, MIGRATIONS, PLACE)
    await client.command("ALTER TABLE corrections MODIFY COLUMN request Nullable(String)")
    with pytest.raises(ServerError, match=r"column corrections\.request: expected String, found Nullable") as caught:
        await migrate(client, MIGRATIONS, PLACE)
    assert caught.value.problem is Problem.SCHEMA_FOREIGN


async def test_looking_makes_nothing(clickhouse: ClickHouse, client: Client) -> None:
    await check(client, MIGRATIONS)
    assert await shape(clickhouse) == []


async def test_every_statement_may_run_twice(clickhouse: ClickHouse, client: Client) -> None:
    await migrate(client, MIGRATIONS, PLACE)
    before = await shape(clickhouse)
    for migration in MIGRATIONS:
        assert migration.statements
        for statement in migration.statements:
            await client.command(statement, token="again")
    assert await shape(clickhouse) == before


def test_every_table_forgets_no_token_for_a_thousand_batches() -> None:
    """Targets of views, too: without a window of their own, a batch that is sent again is counted twice there."""
    for migration in MIGRATIONS:
        for statement in migration.statements:
            if statement.startswith("CREATE TABLE"):
                assert statement.endswith("SETTINGS non_replicated_deduplication_window = 1000")


def test_numbers_without_gaps_and_the_same_checksum_for_either_line_end(tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").write_bytes(b"-- why; so\nSELECT 1;\n\nSELECT\n2;\n")
    (unix,) = read_migrations(tmp_path)
    assert unix.statements == ("SELECT 1", "SELECT\n2")
    (tmp_path / "0001_a.sql").write_bytes(b"-- why; so\r\nSELECT 1;\r\n\r\nSELECT\r\n2;\r\n")
    assert read_migrations(tmp_path) == (unix,)
    (tmp_path / "0003_c.sql").write_text("SELECT 3;")
    with pytest.raises(ValueError, match=r"0003_c\.sql: expected 0002_name\.sql"):
        read_migrations(tmp_path)


async def test_a_database_of_something_else_and_a_missing_cluster_are_told_before_saving(
    clickhouse: ClickHouse, settings: ServerSettings
) -> None:
    admin = replace(settings, user=ADMIN, password=PASSWORDS.admin)
    with pytest.raises(ServerError, match="no cluster elsewhere") as caught:
        await probe(replace(admin, cluster="elsewhere"))
    assert caught.value.problem is Problem.MISSING_CLUSTER
    await clickhouse.admin.execute(f"CREATE TABLE {DATABASE}.invoices (x Int8) ENGINE = MergeTree ORDER BY x")
    with pytest.raises(ServerError, match=r"not ours \(invoices\)") as caught:
        await probe(settings)
    assert caught.value.problem is Problem.SCHEMA_FOREIGN
