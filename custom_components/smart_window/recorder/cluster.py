"""The same schema on a cluster: statements of the migrations, rewritten. Pure.

A migration says `CREATE TABLE t … ENGINE = MergeTree`. On a cluster that becomes `t_local` with a Replicated engine on
every node, and `t`, a Distributed table over them; views read and fill local tables. Readers and the recorder use `t`
alone. A device stays on one shard, so that FINAL and roll-ups are whole there.
"""

import re
from collections.abc import Callable
from functools import partial

_TABLE = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+)\s*\(")
_VIEW = re.compile(r"CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+) TO (\w+) AS\b")
_ALTER = re.compile(r"ALTER TABLE (\w+)\s")
_FROM = re.compile(r"\bFROM (\w+)\b")
_ENGINE = re.compile(r"\bENGINE = (\w*MergeTree)(?:\((\w+)\))?")
_HEAD = re.compile(
    r"\A(CREATE TABLE IF NOT EXISTS \w+|CREATE MATERIALIZED VIEW IF NOT EXISTS \w+|ALTER TABLE \w+)", re.MULTILINE
)
_WINDOW = "non_replicated_deduplication_window"
_SHARD_PATH = "/clickhouse/tables/{uuid}/{shard}"
_COMMON_PATH = "/clickhouse/tables/{uuid}/all"  # every node has all rows
_SETTING = re.compile(r"\bMODIFY SETTING |\bMODIFY TTL |\bREMOVE TTL\b")


def for_cluster(statement: str, cluster: str, database: str) -> tuple[str, ...]:
    """Return what to run instead of a statement of a migration. Raises ValueError for one that it does not know."""
    return tuple(everywhere(replicated(part), cluster) for part in distributed(statement, cluster, database))


def on_every_node(statement: str, cluster: str) -> str:
    """Return the statement for a small table that every node holds whole."""
    whole = replicated(statement).replace(
        f"'{_SHARD_PATH}', '{{replica}}'", f"'{_COMMON_PATH}', '{{shard}}-{{replica}}'"
    )
    return everywhere(whole, cluster)


def distributed(statement: str, cluster: str, database: str) -> tuple[str, ...]:
    """Split tables into local ones and one Distributed over them."""
    if (table := _TABLE.match(statement)) is not None:
        name = table[1]
        local = f"CREATE TABLE IF NOT EXISTS {name}_local{statement[table.end(1) :]}"
        over = (
            f"CREATE TABLE IF NOT EXISTS {name} AS {name}_local\n"
            f"ENGINE = Distributed('{cluster}', '{database}', '{name}_local', cityHash64(device_id))"
        )
        return local, over
    if (view := _VIEW.match(statement)) is not None:
        head = f"CREATE MATERIALIZED VIEW IF NOT EXISTS {view[1]} TO {view[2]}_local AS"
        return (head + _FROM.sub(r"FROM \1_local", statement[view.end() :]),)
    if (altered := _ALTER.match(statement)) is not None:
        name, change = altered[1], statement[altered.end(1) :]
        local = f"ALTER TABLE {name}_local{change}"
        if _SETTING.search(change):
            return (local,)
        return local, f"ALTER TABLE {name}{_without_codecs(change)}"
    if statement.startswith("INSERT INTO "):
        return (statement,)
    raise ValueError(f"no way to run on a cluster: {statement[:80]}")


def replicated(statement: str) -> str:
    """Let a local table's engine be replicated."""
    rest: Callable[[re.Match[str]], str] = lambda found: f", {found[2]}" if found[2] else ""  # noqa: E731  # one line
    engine = _ENGINE.sub(
        lambda found: f"ENGINE = Replicated{found[1]}('{_SHARD_PATH}', '{{replica}}'{rest(found)})", statement
    )
    return engine.replace(_WINDOW, _WINDOW.removeprefix("non_"))


def everywhere(statement: str, cluster: str) -> str:
    """Run it on every node."""
    return _HEAD.sub(partial(_on, cluster), statement)


def _on(cluster: str, head: re.Match[str]) -> str:
    return f"{head[0]} ON CLUSTER '{cluster}'"


def _without_codecs(change: str) -> str:
    """A Distributed table stores nothing."""
    return re.sub(r" CODEC\((?:[^()]|\([^()]*\))*\)", "", change)
