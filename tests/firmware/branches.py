"""Which branches of the core the tests take: python -m tests.firmware.branches [SHARE]

Builds the native programs with gcov's counters, plays the contract's vectors and examples and random histories on them,
and prints the share of branches taken of each header and every line with a branch that was not; exits 1 below SHARE
percent.
Branches that only an exception would take do not count: the core throws none.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import cast

from tests.firmware.build import CORE, NATIVE
from tests.firmware.core import setup_line, step_line
from tests.firmware.histories import history
from tests.firmware.test_decoder import examples, mangled
from tests.firmware.test_features import clips, feed
from tests.firmware.test_vectors import VECTORS, steps_of

_PROGRAMS = ("units", "runner", "safety", "hear")
_HISTORIES, _MANGLED = 300, 2000


@dataclass(slots=True)
class Header:
    """The branches of one header: for each line, how often each was taken in any of its functions."""

    lines: dict[int, list[int]] = field(default_factory=dict)

    def add(self, line: int, taken: Sequence[int]) -> None:
        """Add what one function, or one instance of a template, says of a line."""
        known = self.lines.setdefault(line, [0] * len(taken))
        known.extend([0] * (len(taken) - len(known)))
        for at, count in enumerate(taken):
            known[at] += count

    @property
    def count(self) -> int:
        """How many branches there are."""
        return sum(len(taken) for taken in self.lines.values())

    @property
    def taken(self) -> int:
        """How many of them were taken."""
        return sum(sum(count > 0 for count in taken) for taken in self.lines.values())


def measure(folder: Path) -> dict[str, Header]:
    """Build, run and count; `folder` is for all that this leaves. One entry for each header of the core."""
    with ThreadPoolExecutor(2) as builders:
        programs = dict(zip(_PROGRAMS, builders.map(lambda name: _build(folder, name), _PROGRAMS), strict=True))
    _run(programs["units"], b"")
    _run(programs["safety"], b"", str(_HISTORIES))
    _run(programs["hear"], feed(list(clips().values())))
    _run(programs["runner"], "\n".join(_lines()).encode() + b"\n")
    headers: dict[str, Header] = {path.name: Header() for path in sorted(CORE.glob("*.h"))}
    for name in _PROGRAMS:
        _count(folder / name, headers)
    return headers


def _build(folder: Path, name: str) -> Path:
    place = folder / name
    place.mkdir(parents=True)
    compiler = os.environ.get("CXX", "c++").split()
    options = ("-std=c++17", "-O0", "--coverage", f"-I{CORE}")
    command = ["nice", *compiler, *options, str(NATIVE / f"{name}.cpp"), "-o", "program"]
    subprocess.run(command, cwd=place, check=True)
    return place / "program"


def _run(program: Path, given: bytes, *words: str) -> None:
    subprocess.run([str(program), *words], cwd=program.parent, input=given, stdout=subprocess.DEVNULL, check=True)


def _lines() -> Iterator[str]:
    """What the runner is told: vectors, examples, what is nearly one, and histories."""
    for path in VECTORS:
        setup, steps = steps_of(path)
        yield setup_line(setup)
        yield from map(step_line, steps)
    chance = Random(7)
    for message in ("control", "guard"):
        payloads = examples(message)
        payloads += [mangled(chance, [text for text in payloads if len(text) < 1000]) for _ in range(_MANGLED)]
        yield from (f"{message}\t{payload.hex()}" for payload in payloads)
    for seed in range(_HISTORIES):
        made = history(seed)
        yield setup_line(made.setup)
        yield from map(step_line, made.steps)


def _count(place: Path, headers: dict[str, Header]) -> None:
    gcov = shutil.which("gcov")
    if gcov is None:
        raise SystemExit("gcov is missing; it comes with gcc")
    (notes,) = place.glob("*.gcno")
    subprocess.run(
        [gcov, "--branch-probabilities", "--json-format", str(notes)], cwd=place, check=True, capture_output=True
    )
    for path in place.glob("*.gcov.json.gz"):
        said = cast("dict[str, list[dict[str, object]]]", json.loads(gzip.decompress(path.read_bytes())))
        for source in said["files"]:
            header = headers.get(Path(str(source["file"])).name)
            if header is None or CORE.name not in str(source["file"]):
                continue
            for line in cast("list[dict[str, object]]", source["lines"]):
                branches = cast("list[dict[str, int]]", line["branches"])
                header.add(cast("int", line["line_number"]), [each["count"] for each in branches if not each["throw"]])


def share_of(headers: dict[str, Header]) -> float:
    """Return the share of all branches that were taken, in percent."""
    return (
        100
        * sum(header.taken for header in headers.values())
        / max(1, sum(header.count for header in headers.values()))
    )


def main() -> int:
    """Print the figures."""
    least = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    with tempfile.TemporaryDirectory() as folder:
        headers = measure(Path(folder))
    for name, header in headers.items():
        sys.stdout.write(f"{name:20} {header.taken:4} of {header.count:4}\n")
        for line, taken in sorted(header.lines.items()):
            if not all(taken):
                sys.stdout.write(f"    line {line}: taken {taken}\n")
    share = share_of(headers)
    sys.stdout.write(f"{share:.1f} % of the core's branches\n")
    return 0 if share >= least else 1


if __name__ == "__main__":
    sys.exit(main())
