"""Plant small faults into what decides who may move a window, and see whether a test notices.

Prints the survivors, then one JSON object: killed (a fraction of 1, of those tried), of a sample the interval that
holds the fraction of all with 95 % (killed_low, killed_high), mutants, survived, unreached, timeout, not_planted, left
(not tried yet), controls (tried without their fault) and false_alarms (of those noticed all the same). What was tried
is remembered: a run that was broken off goes on, and a changed function's faults are new ones. Nothing is planted into
code whose tests fail as it is.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from math import sqrt
from pathlib import Path
from random import Random
from typing import Final

import pytest

from .book import Book, Outcome
from .mutants import Mutant, mutants_of
from .places import OURS, PLACES, ROOT, Project
from .trial import Trial

UNNOTICED = frozenset({Outcome.SURVIVED, Outcome.UNREACHED, Outcome.NOT_PLANTED})


_NOTHING_WRONG: Final = frozenset({pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED})


def main() -> int:
    """Run it; 1 when fewer than `--least` were killed, 2 when it could not be told."""
    parser = argparse.ArgumentParser(prog="./scripts/mutate", description=__doc__)
    parser.add_argument(
        "places", nargs="*", metavar="PLACE", help=f"in the integration; without any {' '.join(PLACES)}"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="only N of them, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=float, default=15.0, help="seconds of tests for each, the quickest first (15)")
    parser.add_argument("--grace", type=float, default=60.0, help="what takes longer than that by so much hangs (60)")
    parser.add_argument("--again", action="store_true", help="try those anew that nobody noticed")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument("--least", type=float, default=0.0, help="the fraction that must be killed")
    parser.add_argument("--part", metavar="K/N", help="the Kth of N parts: what a worker does")
    parser.add_argument("--folder", type=Path, default=ROOT / ".mutation", help="where the book is kept")
    parser.add_argument(
        "--other",
        nargs=3,
        metavar=("ROOT", "ROOM", "TESTS"),
        help="another project than this one: its folder, and in it the code's and the tests'; start it there",
    )
    asked = parser.parse_args()

    project = OURS
    if asked.other is not None:
        root, room, tests = (Path(word) for word in asked.other)
        project = Project(root, room, tests)
    every = [mutant for path in project.files(tuple(asked.places) or PLACES) for mutant in mutants_of(path, project)]
    mutants = every if asked.sample is None else Random(asked.seed).sample(every, min(asked.sample, len(every)))
    asked.folder.mkdir(exist_ok=True)
    if asked.part is not None:
        part, parts = (int(number) for number in asked.part.split("/"))
        return _work(project, mutants[part - 1 :: parts], asked.folder, (asked.budget, asked.grace), again=asked.again)
    # Which test runs which line, once for all workers.
    if _work(project, [], asked.folder, (asked.budget, asked.grace), again=False) not in _NOTHING_WRONG:
        return 2
    words = [sys.executable, "-m", __package__, *sys.argv[1:]]
    workers = [subprocess.Popen([*words, "--part", f"{one}/{asked.workers}"]) for one in range(1, asked.workers + 1)]
    ended = [worker.wait() for worker in workers]
    if not _NOTHING_WRONG.issuperset(ended):
        return 2
    return _tell(mutants, len(every), Book(asked.folder / "book.jsonl"), asked.least)


def _work(project: Project, mutants: list[Mutant], folder: Path, times: tuple[float, float], *, again: bool) -> int:
    book = Book(folder / "book.jsonl", UNNOTICED if again else frozenset())
    trial = Trial(project, mutants, book, reach=folder / "reach.json", budget_s=times[0], grace_s=times[1])
    words = ["-q", "--no-header", "--no-summary", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
    words += ["-o", "timeout=0"]  # how long a fork may take is for the trial to say
    return int(pytest.main([*words, "--capture=no", str(project.tests)], plugins=[trial]))


def interval(noticed: int, tried: int) -> tuple[float, float]:
    """What fraction of all is noticed, with 95 %, where so many of a random sample were: Wilson's score interval."""
    z, share = 1.96, noticed / tried
    middle, spread = share + z * z / (2 * tried), z * sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return (middle - spread) / (1 + z * z / tried), (middle + spread) / (1 + z * z / tried)


def _tell(mutants: list[Mutant], of: int, book: Book, least: float) -> int:
    outcomes = book.outcomes(mutants)
    count = Counter(outcomes.values())
    for mutant, outcome in outcomes.items():
        if outcome in UNNOTICED:
            print(f"{outcome}: {mutant.told}")  # noqa: T201 - a program
    controls = book.controls(mutants)
    false = [mutant for mutant, outcome in controls.items() if outcome is not Outcome.SURVIVED]
    for mutant in false:
        print(f"false alarm without a fault: {mutant.told}")  # noqa: T201 - a program
    noticed = count[Outcome.KILLED] + count[Outcome.TIMEOUT]
    tried = len(outcomes) - count[Outcome.NOT_PLANTED]
    killed = noticed / tried if tried else 0.0
    told: dict[str, float] = {"killed": round(killed, 4)}
    if tried and len(mutants) < of:
        low, high = interval(noticed, tried)
        told |= {"killed_low": round(low, 4), "killed_high": round(high, 4)}
    told |= {"mutants": len(mutants), "of": of, "left": len(mutants) - len(outcomes)}
    told |= {"controls": len(controls), "false_alarms": len(false)}
    print(json.dumps(told | {outcome.value: count[outcome] for outcome in Outcome if outcome is not Outcome.KILLED}))  # noqa: T201
    return 1 if killed < least else 0


if __name__ == "__main__":
    sys.exit(main())
