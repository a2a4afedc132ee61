"""A look at a server before anything is saved: may we record there? Changes nothing."""

import asyncio

from .client import Client
from .problem import Problem, ServerError
from .schema import check, read_migrations
from .server import ServerSettings

# Together with the database's name: what the recorder's user must be allowed.
GRANTS = (
    "SELECT, INSERT, CREATE TABLE, CREATE VIEW, ALTER TABLE, ALTER VIEW ON {database}.*",
    "TABLE ENGINE ON MergeTree",
    "TABLE ENGINE ON ReplacingMergeTree",
    "TABLE ENGINE ON AggregatingMergeTree",
)
# More of it where the schema is spread over a cluster.
CLUSTER_GRANTS = (
    "CLUSTER ON *.*",
    "REMOTE ON *.*",
    "TABLE ENGINE ON Distributed",
    "TABLE ENGINE ON ReplicatedMergeTree",
    "TABLE ENGINE ON ReplicatedReplacingMergeTree",
    "TABLE ENGINE ON ReplicatedAggregatingMergeTree",
)
_SYNTAX_ERROR = 62  # a server before 25.1 has no CHECK GRANT
_READ_ONLY = "SELECT toInt64(value) FROM system.settings WHERE name = 'readonly'"


async def probe(settings: ServerSettings) -> None:
    """Sign in, and compare grants and schema with what is needed. Raises ServerError with what is wrong."""
    client = Client(settings)
    try:
        await client.open()
        await check_read_only(client)
        for grant in (*GRANTS, *(CLUSTER_GRANTS if settings.cluster else ())):
            await _check_grant(client, grant.format(database=settings.database))
        if settings.cluster:
            await _check_cluster(client, settings.cluster)
        await check(client, await asyncio.to_thread(read_migrations))
    finally:
        await client.close()


async def check_read_only(client: Client) -> None:
    """Raise ServerError when the user's profile forbids to write, whatever its grants say."""
    if any(tuple(row) != (0,) for row in await client.rows(_READ_ONLY)):
        raise ServerError(Problem.MISSING_GRANT, "the user's profile only lets it read (readonly is not 0)")


async def _check_cluster(client: Client, cluster: str) -> None:
    rows = await client.rows("SELECT DISTINCT cluster FROM system.clusters ORDER BY cluster")
    names = [str(name) for (name,) in rows]
    if cluster not in names:
        there = ", ".join(names) or "none"
        raise ServerError(Problem.MISSING_CLUSTER, f"the server knows no cluster {cluster}; it knows: {there}")


async def _check_grant(client: Client, grant: str) -> None:
    try:
        answer = await client.rows(f"CHECK GRANT {grant}")
    except ServerError as error:
        if error.code != _SYNTAX_ERROR:
            raise
        await client.open()  # a failure closes the client
        return
    if [tuple(row) for row in answer] != [(1,)]:
        raise ServerError(Problem.MISSING_GRANT, f"the user lacks: GRANT {grant}")
