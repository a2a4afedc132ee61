"""./scripts/bench all: runs each benchmark, one after the other, and writes the table and its picture.

docs/benchmarks.json keeps all that they printed, docs/BENCHMARKS.md shows it. What fails keeps its row of before. Ends
with 1 where one failed, or where a ratio is worse than the committed one by more than 25 %.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from .figures import FIGURES
from .machine import commit, machine, versions
from .page import page
from .picture import draw
from .rows import Row, Rows, RowsError, Run, rows_of, text_of, worsened

ROOT = Path(__file__).parents[2]
_FILE, _PAGE, _PICTURE = (
    ROOT / "docs" / name for name in ("benchmarks.json", "BENCHMARKS.md", "images/benchmarks.png")
)
_LIMIT_S = 3600


def main() -> int:
    """Run them; what they say goes to standard error."""
    there = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
    parser = argparse.ArgumentParser(prog="./scripts/bench all", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=there, metavar="NAME", help=f"of {', '.join(there)}")
    parser.add_argument("--no-run", action="store_true", help="write page and picture from the kept figures")
    parser.add_argument("--note", default="", help="a sentence for a reader of these figures")
    chosen = parser.parse_args()
    try:
        kept = rows_of(_FILE.read_text("utf-8")) if _FILE.exists() else {}
    except RowsError as error:
        parser.error(f"{_FILE}: {error}")
    known = [name for name in FIGURES if name in there]
    names: Sequence[str] = chosen.only or [*known, *(name for name in there if name not in known)]
    if chosen.no_run:
        names = ()
    run = Run(f"{datetime.now(UTC):%Y-%m-%d}", commit(ROOT), machine(), versions(ROOT), chosen.note)
    rows, failed = dict(kept), []
    for place, name in enumerate(names, 1):
        _say(f"── {place} of {len(names)}: {name}")
        try:
            rows[name] = row = _measure(name, run)
        except BenchmarkError as error:
            failed.append(name)
            _say(f"✗ {name}: {error}")
            continue
        _say(f"✓ {name} ({row.seconds:.0f} s): {json.dumps(row.printed, ensure_ascii=False)}")
        _write(rows)  # what was measured stays, whatever becomes of the next one
    if chosen.no_run:
        _write(rows)
    return _end(kept, {name: rows[name] for name in names if name in rows and name not in failed}, failed)


class BenchmarkError(Exception):
    """A benchmark that failed, or whose last line is no JSON object."""


def _measure(name: str, run: Run) -> Row:
    began = time.monotonic()
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    try:
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=_LIMIT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise BenchmarkError(f"it took more than {_LIMIT_S} s") from error
    if done.returncode:
        raise BenchmarkError(f"it ended with {done.returncode}; run ./scripts/bench {name} to see why")
    return Row(run, round(time.monotonic() - began, 1), last_object(done.stdout))


def last_object(output: str) -> dict[str, object]:
    """The JSON object that the last line is. Raises BenchmarkError."""
    lines = output.splitlines()
    try:
        found = json.loads(lines[-1])
    except (IndexError, ValueError) as error:
        raise BenchmarkError("its last line is no JSON") from error
    if not isinstance(found, dict):
        raise BenchmarkError("its last line is no JSON object")
    return found


def _write(rows: Rows) -> None:
    _FILE.write_text(text_of(rows), "utf-8")
    drawn = draw(rows, _PICTURE)
    _PAGE.write_text(page(rows, f"images/{_PICTURE.name}" if drawn else None), "utf-8")


def _end(kept: Rows, measured: Rows, failed: Sequence[str]) -> int:
    worse = list(worsened(kept, measured))
    for one in worse:
        _say(f"WORSE {one}")
    if failed:
        _say(f"failed: {', '.join(failed)}; their rows are those of before")
    _say(f"{_PAGE.relative_to(ROOT)}: {len(measured)} measured, {len(failed)} failed, {len(worse)} ratios worse")
    return 1 if worse or failed else 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
