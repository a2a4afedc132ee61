"""Rows per second into ClickHouse, what that costs the event loop and the disk, and that a kill loses and doubles none.

Prints one JSON object: rows_per_s (temperature readings as fast as they go, from the first to the last one stored, with
client and server on the same cores), longest_callback_ms (thread CPU time of the event loop's longest callback at 500
readings/s in a fresh process, connection and first insert included), longest_callback_wall_ms (the same by the wall:
what other programs do counts), bytes_per_reading (all tables, roll-ups included, after merging), bytes_per_reading_raw,
bytes_per_reading_sqlite (Home Assistant's own recorder storing the same readings as states), size_ratio, rows_lost and
rows_twice (all phases, one with the server killed in the middle; the larger of table and roll-ups), rows_spooled.
"""

import argparse
import asyncio
import json
import secrets
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import aiohttp

from benchmarks._record_load import Load
from stack.clickhouse import ClickHouse, ClickHouseSettings
from stack.clickhouse_users import DATABASE, WRITER, Passwords
from stack.console import run_until_told
from stack.errors import StackError
from stack.ports import free_ports
from stack.process import interpreter

_ROOT = Path(__file__).parents[1]
_STEADY_RATE = 500.0
_KILLED_RATE = 20_000.0
_DOWN_S = 1.5
_TABLE = "sensor_temperature"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long each phase takes, in seconds; how many readings the sizes are compared with."""

    flood_s: float
    steady_s: float
    killed_s: float
    readings: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What the server has of what it was sent."""

    rows: int
    different: int
    minutes: int
    hours: int

    def lost(self, taken: int) -> int:
        """Rows that are missing in the table or in a roll-up."""
        return max(0, taken - self.different, taken - self.minutes, taken - self.hours)

    def twice(self, taken: int) -> int:
        """Rows that are too many in the table or in a roll-up."""
        return max(0, self.rows - self.different, self.minutes - taken, self.hours - taken)


def main() -> int:
    """Run it; the figures go to standard output, what happens to standard error."""
    parser = argparse.ArgumentParser(prog="./scripts/bench recorder", description=__doc__)
    parser.add_argument("--flood-s", type=float, default=15, help="seconds as fast as it goes")
    parser.add_argument("--steady-s", type=float, default=20, help="seconds at 500 readings/s")
    parser.add_argument("--killed-s", type=float, default=12, help="seconds at 20,000 readings/s around the kill")
    parser.add_argument("--readings", type=int, default=500_000, help="readings for the comparison of sizes")
    chosen = parser.parse_args()
    plan = Plan(chosen.flood_s, chosen.steady_s, chosen.killed_s, chosen.readings)
    return run_until_told(lambda: _run(plan))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


async def _run(plan: Plan) -> int:
    with tempfile.TemporaryDirectory(prefix="smart-window-bench-") as name:
        folder = Path(name)
        async with aiohttp.ClientSession() as session:
            server = _server(folder, session)
            await server.start()
            try:
                figures = await _measure(plan, folder, server)
            finally:
                await server.stop()
    print(json.dumps(figures))
    return 0


async def _measure(plan: Plan, folder: Path, server: ClickHouse) -> Mapping[str, float]:
    base = Load(server.url, WRITER, server.settings.passwords.writer, DATABASE, str(folder / "spool"))
    # Before anything else is there to be in the way: the connection makes the tables, too.
    steady = await _load("steady", base, first=0, rate=_STEADY_RATE, seconds=plan.steady_s)
    _say(f"steady: {_shown(steady)}")
    flood = await _load("flood", base, first=1_000_000, seconds=plan.flood_s)
    _say(f"flood: {_shown(flood)}")
    killed = asyncio.create_task(_load("flood", base, first=1_000_000_000, rate=_KILLED_RATE, seconds=plan.killed_s))
    await asyncio.sleep(plan.killed_s / 2)
    await server.kill()
    await asyncio.sleep(_DOWN_S)
    await server.start()
    after = await killed
    _say(f"killed: {_shown(after)}")
    taken = round(steady["taken"] + flood["taken"] + after["taken"])
    kept = await _kept(server)
    _say(f"taken {taken}, kept {kept}")

    await _drop(server)
    sized = await _load("house", base, readings=plan.readings)
    raw, whole = await _bytes(server)
    _say(f"house: {_shown(sized)}")
    sqlite = await _sqlite(folder, plan.readings)
    _say(f"Home Assistant's recorder: {_shown(sqlite)}")
    ours, theirs = whole / plan.readings, sqlite["bytes"] / plan.readings
    return {
        "rows_per_s": round(flood["taken"] / flood["stored_s"]),
        "longest_callback_ms": round(steady["cpu_ms"], 2),
        "longest_callback_wall_ms": round(steady["wall_ms"], 2),
        "bytes_per_reading": round(ours, 3),
        "bytes_per_reading_raw": round(raw / plan.readings, 3),
        "bytes_per_reading_sqlite": round(theirs, 1),
        "size_ratio": round(theirs / ours, 1),
        "rows_lost": kept.lost(taken),
        "rows_twice": kept.twice(taken),
        "rows_spooled": round(steady["spooled"] + flood["spooled"] + after["spooled"]),
        "rows": taken,
    }


def _server(folder: Path, session: aiohttp.ClientSession) -> ClickHouse:
    http_port, tcp_port = free_ports(2, Random())
    python = interpreter(_ROOT / ".venv-ch", "clickhouse")
    passwords = Passwords(*(secrets.token_urlsafe() for _ in range(3)))
    return ClickHouse(ClickHouseSettings(folder / "clickhouse", python, http_port, tcp_port, passwords), session)


async def _load(what: str, base: Load, **more: float) -> dict[str, float]:
    chosen = json.dumps(asdict(base) | more)
    return await _child("benchmarks._record_load", what, chosen)


async def _sqlite(folder: Path, readings: int) -> dict[str, float]:
    place = folder / "home_assistant"
    await asyncio.to_thread(place.mkdir)
    found = await _child("benchmarks._record_states", str(place), str(readings))
    return {name: float(value) for name, value in found.items()}


async def _child(module: str, *arguments: str) -> dict[str, float]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=_ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise StackError(f"{module} ended with {process.returncode}; see above")
    found: dict[str, float] = json.loads(out.splitlines()[-1])
    return found


async def _kept(server: ClickHouse) -> Kept:
    query = (
        "SELECT (SELECT sum(n) FROM sensor_temperature_minute) AS minutes, "
        "(SELECT sum(n) FROM sensor_temperature_hour) AS hours, "
        "count() AS rows, uniqExact(device_id, ts) AS different FROM sensor_temperature"
    )
    (row,) = await server.admin.rows(query)
    return Kept(**{name: int(str(value)) for name, value in row.items()})


async def _drop(server: ClickHouse) -> None:
    await server.admin.execute(f"DROP DATABASE {DATABASE} SYNC")
    await server.admin.execute(f"CREATE DATABASE {DATABASE}")


async def _bytes(server: ClickHouse) -> tuple[int, int]:
    """Return the bytes of the table and of all tables, merged."""
    tables = await server.admin.rows(
        "SELECT DISTINCT table FROM system.parts WHERE database = 'smart_window' AND active"
    )
    for row in tables:
        await server.admin.execute(f"OPTIMIZE TABLE {DATABASE}.{row['table']} FINAL")
    sizes = await server.admin.rows(
        "SELECT table, sum(bytes_on_disk) AS bytes FROM system.parts "
        "WHERE database = 'smart_window' AND active AND table != 'schema_migrations' GROUP BY table"
    )
    by_table = {str(row["table"]): int(str(row["bytes"])) for row in sizes}
    return by_table[_TABLE], sum(by_table.values())


def _shown(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
