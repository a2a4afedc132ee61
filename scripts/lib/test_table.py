"""Prints what each room of a test run came to, and the sum as the last line.

    python test_table.py FOLDER ROOM…

FOLDER holds, for each room that ran, ROOM.seconds and ROOM.status (the exit status), and either ROOM.xml (JUnit, by
pytest) or ROOM.counts ("N passed, N failed"), and ROOM.again.xml where what failed ran a second time. Exits 1 where any
room failed, also one that ended without a report.
"""

import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a room came to."""

    room: str
    seconds: int
    passed: int
    failed: int
    skipped: int
    second_try: int = 0
    """Tests that passed only then."""

    @property
    def row(self) -> str:
        """A line of the table."""
        word = "FAILED" if self.failed else "ok"
        if self.second_try:
            word += f", {self.second_try} only at the second try"
        return f"{self.room:<14}{self.seconds:>8}{self.passed:>8}{self.failed:>8}{self.skipped:>9}  {word}"


def from_junit(report: Path) -> tuple[int, int, int]:
    """The numbers of tests that passed, failed (or could not be set up) and were skipped."""
    passed = failed = skipped = 0
    for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 - pytest wrote it a moment ago
        bad = int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        left = int(suite.get("skipped", "0"))
        passed += int(suite.get("tests", "0")) - bad - left
        failed += bad
        skipped += left
    return passed, failed, skipped


def from_counts(report: Path) -> tuple[int, int, int]:
    """The numbers that a line of our own tells."""
    lines = re.findall(r"^(\d+) passed, (\d+) failed$", report.read_text(encoding="utf-8"), re.MULTILINE)
    return (int(lines[-1][0]), int(lines[-1][1]), 0) if lines else (0, 0, 0)


def outcome(folder: Path, room: str) -> Outcome:
    """Read one room's files. A room that failed without saying what counts as one failure."""
    passed, failed, skipped, second = 0, 0, 0, 0
    if (junit := folder / f"{room}.xml").exists():
        passed, failed, skipped = from_junit(junit)
        if (again := folder / f"{room}.again.xml").exists():
            second, failed, _ = from_junit(again)
    elif (counts := folder / f"{room}.counts").exists():
        passed, failed, skipped = from_counts(counts)
    if not failed and int((folder / f"{room}.status").read_text(encoding="utf-8")):
        failed = 1
    seconds = int((folder / f"{room}.seconds").read_text(encoding="utf-8"))
    return Outcome(room, seconds, passed + second, failed, skipped, second)


def main() -> int:
    """Print the table."""
    folder, rooms = Path(sys.argv[1]), sys.argv[2:]
    outcomes = [outcome(folder, room) for room in rooms]
    total = Outcome(
        "all",
        sum(each.seconds for each in outcomes),
        sum(each.passed for each in outcomes),
        sum(each.failed for each in outcomes),
        sum(each.skipped for each in outcomes),
        sum(each.second_try for each in outcomes),
    )
    print(f"\n{'room':<14}{'seconds':>8}{'passed':>8}{'failed':>8}{'skipped':>9}")
    for each in (*outcomes, total):
        print(each.row)
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
