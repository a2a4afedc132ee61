"""Plant small faults into what decides who may move a window, and see whether a test notices.

Prints the survivors, then one JSON object: killed (a fraction of 1, of those tried), mutants, survived, unreached,
timeout, not_planted, left (not tried yet). What was tried is remembered: a run that was broken off goes on, and a
changed function's faults are new ones.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from .book import Book, Outcome
from .mutants import Mutant, mutants_of
from .places import PLACES, ROOT, files
from .reach import TESTS
from .trial import Trial

UNNOTICED = frozenset({Outcome.SURVIVED, Outcome.UNREACHED, Outcome.NOT_PLANTED})


def main() -> int:
    """Run it; 1 when fewer than `--least` were killed."""
    parser = argparse.ArgumentParser(prog="./scripts/mutate", description=__doc__)
    parser.add_argument(
        "places", nargs="*", metavar="PLACE", help=f"in the integration; without any {' '.join(PLACES)}"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="only N of them, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=float, default=15.0, help="seconds of tests for each, the quickest first (15)")
    parser.add_argument("--again", action="store_true", help="try those anew that nobody noticed")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument("--least", type=float, default=0.0, help="the fraction that must be killed")
    parser.add_argument("--part", metavar="K/N", help="the Kth of N parts: what a worker does")
    parser.add_argument("--folder", type=Path, default=ROOT / ".mutation", help="where the book is kept")
    asked = parser.parse_args()

    mutants = [mutant for path in files(tuple(asked.places) or PLACES) for mutant in mutants_of(path)]
    if asked.sample is not None:
        mutants = Random(asked.seed).sample(mutants, min(asked.sample, len(mutants)))
    asked.folder.mkdir(exist_ok=True)
    if asked.part is not None:
        part, parts = (int(number) for number in asked.part.split("/"))
        return _work(mutants[part - 1 :: parts], asked.folder, asked.budget, again=asked.again)
    _work([], asked.folder, asked.budget, again=False)  # which test runs which line, once for all workers
    words = [sys.executable, "-m", __package__, *sys.argv[1:]]
    workers = [subprocess.Popen([*words, "--part", f"{one}/{asked.workers}"]) for one in range(1, asked.workers + 1)]
    ended = [worker.wait() for worker in workers]
    if any(ended):
        return 2
    return _tell(mutants, Book(asked.folder / "book.jsonl"), asked.least)


def _work(mutants: list[Mutant], folder: Path, budget_s: float, *, again: bool) -> int:
    book = Book(folder / "book.jsonl", UNNOTICED if again else frozenset())
    trial = Trial(mutants, book, folder / "reach.json", budget_s)
    words = ["-q", "--no-header", "--no-summary", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
    return int(pytest.main([*words, "--capture=no", str(TESTS.relative_to(ROOT))], plugins=[trial]))


def _tell(mutants: list[Mutant], book: Book, least: float) -> int:
    outcomes = book.outcomes(mutants)
    count = Counter(outcomes.values())
    for mutant, outcome in outcomes.items():
        if outcome in UNNOTICED:
            print(f"{outcome}: {mutant.told}")  # noqa: T201 - a program
    noticed = count[Outcome.KILLED] + count[Outcome.TIMEOUT]
    tried = len(outcomes) - count[Outcome.NOT_PLANTED]
    killed = noticed / tried if tried else 0.0
    told = {"killed": round(killed, 4), "mutants": len(mutants), "left": len(mutants) - len(outcomes)}
    print(json.dumps(told | {outcome.value: count[outcome] for outcome in Outcome if outcome is not Outcome.KILLED}))  # noqa: T201
    return 1 if killed < least else 0


if __name__ == "__main__":
    sys.exit(main())
