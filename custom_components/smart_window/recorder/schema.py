"""Brings the database to the schema that this version writes: numbered migrations, forward only.

Rules for a migration: a file `migrations/NNNN_name.sql`, numbers without gaps; never changed once released (its
checksum is recorded); every statement may run twice, since two Home Assistants may start at once and one may die half
way (`IF NOT EXISTS`; an INSERT runs under a token); columns are only added or widened, since an older writer may still
be running; no semicolon in a literal; only statements that `cluster.py` knows.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .cluster import for_cluster, on_every_node
from .problem import Problem, ServerError
from .retention import Retention, changes
from .tables import TABLES

FOLDER = Path(__file__).with_name("migrations")

_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_RECORD = "INSERT INTO schema_migrations (version, name, checksum) VALUES ({version}, '{name}', '{checksum}')"
_OWN = "schema_migrations"
_OWN_COLUMNS = {"version": "UInt32", "name": "String", "checksum": "String"}
OWN_TABLE = """\
CREATE TABLE IF NOT EXISTS schema_migrations
(
    version UInt32,
    name String,
    checksum String COMMENT 'SHA-256 of the file',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY version
SETTINGS non_replicated_deduplication_window = 100"""
_MANY_S = 3600.0  # filling a roll-up from years of rows

type _Columns = Mapping[str, Mapping[str, str]]  # type by column by table


class Connection(Protocol):
    """What is needed of a client."""

    async def command(self, statement: str, *, token: str | None = None, within_s: float | None = None) -> None:
        """Run a statement; under a token, what it inserts is one block that is stored once."""

    async def rows(self, query: str) -> Sequence[Sequence[object]]:
        """Run a query."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the schema stands: the database, and the cluster that it is spread over (empty: none)."""

    database: str
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. `checksum` is the SHA-256 of its text with Unix line ends."""

    version: int
    name: str
    checksum: str
    statements: tuple[str, ...]


def read_migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Read the migrations in order. Blocks: call it in a thread. Raises ValueError when a file's name does not fit."""
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        name = _NAME.fullmatch(path.name)
        if name is None or int(name[1]) != len(found) + 1:
            raise ValueError(f"{path.name}: expected {len(found) + 1:04}_name.sql")
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        statements = tuple(part for raw in _COMMENT.sub("", text).split(";") if (part := raw.strip()))
        found.append(Migration(int(name[1]), name[2], hashlib.sha256(text.encode()).hexdigest(), statements))
    return tuple(found)


async def migrate(
    connection: Connection, migrations: Sequence[Migration], place: Place, retention: Retention | None = None
) -> None:
    """Apply what is missing and check the result. Raises ServerError, also when the schema is newer or not ours."""
    applied = await _history(connection, migrations)
    if applied is None:
        await connection.command(on_every_node(OWN_TABLE, place.cluster) if place.cluster else OWN_TABLE)
        applied = {}
    for migration in migrations:
        if migration.version not in applied:
            await _apply(connection, migration, place)
    _check_tables(await _columns(connection))
    if retention is not None:
        await _retain(connection, retention, place)


async def check(connection: Connection, migrations: Sequence[Migration]) -> None:
    """Look, without changing anything, whether this version may write here. Raises ServerError."""
    await _history(connection, migrations)


async def _history(connection: Connection, migrations: Sequence[Migration]) -> dict[int, str] | None:
    """Return the checksums of what was applied; None: the database is empty."""
    there = await _columns(connection)
    if not there:
        return None
    own = there.get(_OWN, {})
    if any(own.get(name) != kind for name, kind in _OWN_COLUMNS.items()):
        some = ", ".join(sorted(there)[:3])
        detail = f"the database holds tables that are not ours ({some}): Smart Window needs a database of its own"
        raise ServerError(Problem.SCHEMA_FOREIGN, detail)
    rows = await connection.rows(f"SELECT toInt64(version), checksum FROM {_OWN} FINAL ORDER BY version")  # noqa: S608  # our own name
    applied = {int(str(version)): str(checksum) for version, checksum in rows}
    _check_history(applied, migrations)
    return applied


async def _apply(connection: Connection, migration: Migration, place: Place) -> None:
    name = f"migration {migration.version} ({migration.name})"
    try:
        for number, statement in enumerate(migration.statements):
            parts = for_cluster(statement, place.cluster, place.database) if place.cluster else (statement,)
            token = f"migration-{migration.version}-{number}" if statement.startswith("INSERT") else None
            for part in parts:
                await connection.command(part, token=token, within_s=_MANY_S)
    except ServerError as error:
        if error.problem is Problem.OTHER:
            raise ServerError(Problem.SCHEMA_FOREIGN, f"{name}: {error.detail}", error.code) from error
        raise
    # Under a token, so that of two that do this at once only the first is written.
    await connection.command(
        _RECORD.format(version=migration.version, name=migration.name, checksum=migration.checksum),
        token=f"migration-{migration.version}",
    )


async def _retain(connection: Connection, retention: Retention, place: Place) -> None:
    suffix = "_local" if place.cluster else ""
    rows = await connection.rows("SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()")
    definitions = {str(name).removesuffix(suffix): str(engine) for name, engine in rows if str(name).endswith(suffix)}
    for statement in changes(retention, definitions):
        parts = for_cluster(statement, place.cluster, place.database) if place.cluster else (statement,)
        for part in parts:
            await connection.command(part, within_s=_MANY_S)


async def _columns(connection: Connection) -> _Columns:
    rows = await connection.rows("SELECT table, name, type FROM system.columns WHERE database = currentDatabase()")
    there: dict[str, dict[str, str]] = {}
    for table, name, kind in rows:
        there.setdefault(str(table), {})[str(name)] = str(kind)
    return there


def _check_history(applied: Mapping[int, str], migrations: Sequence[Migration]) -> None:
    newest, known = max(applied, default=0), len(migrations)
    if newest > known:
        detail = f"the database has schema {newest}, this version knows schema {known}: update Smart Window"
        raise ServerError(Problem.SCHEMA_NEWER, detail)
    for migration in migrations:
        if applied.get(migration.version, migration.checksum) != migration.checksum:
            detail = f"migration {migration.version} ({migration.name}) was applied with another content"
            raise ServerError(Problem.SCHEMA_FOREIGN, detail)


def _check_tables(there: _Columns) -> None:
    # A table may have been changed since: what is recorded as applied says nothing of it.
    for table in TABLES.values():
        for name, kind in table.columns:
            found = there.get(table.name, {}).get(name, "nothing")
            if found != kind:
                detail = f"column {table.name}.{name}: expected {kind}, found {found}"
                raise ServerError(Problem.SCHEMA_FOREIGN, detail)
