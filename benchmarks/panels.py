"""How long each Grafana panel takes over 100 million readings of ten windows in 366 days, at its range and over a year.

Prints one JSON object: p50_ms (the median panel at its dashboard's range), worst_ms and worst_panel, worst_year_ms and
worst_year_panel (all 366 days), worst_year_rows (most rows that a query read for them), panels, readings, raw_ms and
raw_rows (the rival: a year of one temperature line from the single readings). A panel's time is from the leaving of
its queries, all at once, to its last answer: the median of some runs, on a screen of 1920 pixels. Annotations, the
variable and, at their own range, alert rules count as panels. Fails where one asks for single readings, or reads more
rows than 1 % of them.
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import aiohttp

from benchmarks._year_record import DAYS, DEVICES, END, statements
from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.schema import Place, migrate, read_migrations
from grafana import alerts
from grafana.boards import BOARDS
from grafana.example.reader import Reader
from grafana.example.server import reader, server, writer
from grafana.macros import Choice, View, expand
from stack.clickhouse import ClickHouse
from stack.clickhouse_users import DATABASE
from stack.console import run_until_told
from stack.errors import StackError

_FILL_S = 600.0
_SCREEN = 1850  # pixels that a screen of 1920 leaves for panels: Grafana asks for a point at each
# One reading whose time is known is no search.
_SINGLE = re.compile(r"FROM (sensor_(?:temperature|humidity|audio))\b(?!\s+WHERE device_id IN \(\S+\) AND ts = )")
_RAW = """SELECT toStartOfInterval(ts, INTERVAL 6 HOUR) AS time, avg(value) FROM sensor_temperature
WHERE device_id = 'window_03' GROUP BY time ORDER BY time"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is asked together: the queries of one panel, mark, variable or rule. `range_s` is what it opens with."""

    name: str
    queries: tuple[str, ...]
    range_s: int
    one_device: bool
    width: int = 24  # of 24
    is_rule: bool = False  # which nobody asks over a year

    def view(self, range_s: int) -> View:
        """So long until the record's end, of all windows or one."""
        chosen = Choice(DEVICES[3:4]) if self.one_device else Choice(DEVICES, everything=True)
        end = END * 1000
        variables = {"device": chosen, "question": Choice(("",))}
        return View(end - range_s * 1000, end, points=_SCREEN * self.width // 24, variables=variables)


@dataclass(frozen=True, slots=True)
class Timed:
    """One of them: the median, and most rows read by one of its queries."""

    name: str
    ms: float
    rows: int


def main() -> int:
    """Run it; the figures go to standard output, what happens to standard error."""
    parser = argparse.ArgumentParser(prog="./scripts/bench panels", description=__doc__)
    parser.add_argument("--readings", type=int, default=100_000_000, help="half temperatures, half humidities")
    parser.add_argument("--folder", type=Path, help="keep the record there, or ask the one that is there")
    parser.add_argument("--runs", type=int, default=7, help="how often each is asked; the first does not count")
    chosen = parser.parse_args()
    return run_until_told(lambda: _run(chosen.folder, chosen.readings, chosen.runs))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


async def _run(folder: Path | None, readings: int, runs: int) -> int:
    with tempfile.TemporaryDirectory(prefix="smart-window-bench-") as name:
        place = Path(name) if folder is None else folder
        is_there = await asyncio.to_thread((place / "data").exists)
        async with aiohttp.ClientSession() as session, server(place, session) as clickhouse:
            if not is_there:
                await _fill(clickhouse, readings)
            figures = await _measure(reader(clickhouse, session), readings, runs)
    print(json.dumps(figures))
    return 0


async def _fill(clickhouse: ClickHouse, readings: int) -> None:
    client = Client(writer(clickhouse))
    await client.open()
    await migrate(client, read_migrations(), Place(DATABASE))
    await client.close()
    began = time.monotonic()
    admin = clickhouse.admin
    for statement, parameters in statements(readings):
        await admin.execute(statement, parameters, database=DATABASE, within_s=_FILL_S)
    _say(f"filled in {time.monotonic() - began:.0f} s")
    sizes = await admin.rows(
        "SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts "
        "WHERE database = 'smart_window' AND active GROUP BY table ORDER BY bytes DESC"
    )
    for row in sizes:
        rows, size = int(str(row["rows"])), int(str(row["bytes"]))
        _say(f"{row['table']:28}{rows:>12,} rows{size:>14,} bytes{row['parts']:>5} parts")


async def _measure(reader: Reader, readings: int, runs: int) -> Mapping[str, float | str]:
    panels, year_s = tuple(_shown()), DAYS * 86_400
    usual = [await _timed(reader, panel, panel.range_s, runs) for panel in panels]
    _tell("at their own range", usual)
    year = [await _timed(reader, panel, year_s, runs) for panel in panels if not panel.is_rule]
    _tell("over a year", year)
    _check(panels, [*usual, *year], readings)
    began = time.perf_counter()
    raw = await reader.ask(_RAW)
    raw_ms = 1000 * (time.perf_counter() - began)
    worst, worst_year = max(usual, key=_by_ms), max(year, key=_by_ms)
    return {
        "p50_ms": round(median(panel.ms for panel in usual), 1),
        "worst_ms": round(worst.ms, 1),
        "worst_panel": worst.name,
        "worst_year_ms": round(worst_year.ms, 1),
        "worst_year_panel": worst_year.name,
        "worst_year_rows": max(panel.rows for panel in year),
        "readings": readings,
        "panels": len(panels),
        "raw_ms": round(raw_ms, 1),
        "raw_rows": raw.read_rows,
    }


def _shown() -> Sequence[Shown]:
    found: list[Shown] = []
    for board in BOARDS:
        name, range_s = board.file.removesuffix(".json"), board.hours * 3600
        found += [
            Shown(
                f"{name}: {panel.title}",
                tuple(query.sql for query in panel.queries),
                range_s,
                board.one_device,
                panel.width,
            )
            for panel in board.panels
        ]
        found += [
            Shown(f"{name}: {mark.name}", (mark.query.sql,), range_s, board.one_device) for mark in board.annotations
        ]
    found.append(Shown("every dashboard: Window", (BOARDS[0].devices.sql,), BOARDS[0].hours * 3600, one_device=False))
    found += [
        Shown(f"alert: {rule.title}", (rule.query.sql,), rule.looks_back_s, one_device=False, is_rule=True)
        for rule in alerts.RULES
    ]
    return found


async def _timed(reader: Reader, panel: Shown, range_s: int, runs: int) -> Timed:
    queries = [expand(sql, panel.view(range_s)) for sql in panel.queries]
    took: list[float] = []
    rows = 0
    for _ in range(runs):
        began = time.perf_counter()
        answers = await asyncio.gather(*(reader.ask(query) for query in queries))
        took.append(1000 * (time.perf_counter() - began))
        rows = max(answer.read_rows for answer in answers)
    return Timed(panel.name, median(took[1:]), rows)


def _check(panels: Sequence[Shown], timed: Sequence[Timed], readings: int) -> None:
    for panel in panels:
        if (single := _SINGLE.search("".join(panel.queries))) is not None:
            raise StackError(f"{panel.name} reads {single[1]}: expected one of its roll-ups")
    for figure in timed:
        if figure.rows > readings // 100:
            raise StackError(f"{figure.name} read {figure.rows} rows, expected 1 % of {readings} readings at most")


def _tell(what: str, timed: Sequence[Timed]) -> None:
    _say(f"{what}:")
    for panel in sorted(timed, key=_by_ms, reverse=True):
        _say(f"{panel.ms:8.1f} ms{panel.rows:>11,} rows  {panel.name}")


def _by_ms(panel: Timed) -> float:
    return panel.ms


if __name__ == "__main__":
    sys.exit(main())
