"""The committed figures, and what got worse since. Pure but for the file's text that is passed in and out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Final, override

from .figures import Better, Figure, figures_of

WORSE: Final = 0.25
"""By more than this a ratio must not differ from the committed one without being pointed out."""


class RowsError(ValueError):
    """The file of figures cannot be read."""


@dataclass(frozen=True, slots=True)
class Run:
    """Where and when, with what: all as text for a person. `date` is the day, `note` what else a reader must know."""

    date: str
    commit: str
    machine: str
    versions: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One benchmark's last run, and all that it printed."""

    run: Run
    seconds: float
    printed: Mapping[str, object]


type Rows = Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Worse:
    """A ratio that is worse than the committed one by more than WORSE."""

    benchmark: str
    figure: Figure
    before: float
    now: float

    @override
    def __str__(self) -> str:
        """One line."""
        return (
            f"{self.benchmark}: {self.figure.says} (`{self.figure.name}`) is {self.now:.3g}, was {self.before:.3g}: "
            f"worse by {self.by:.0%} beside {self.figure.rival}"
        )

    @property
    def by(self) -> float:
        """The share by which it is worse."""
        good, bad = (self.before, self.now) if self.figure.better is Better.LOWER else (self.now, self.before)
        return bad / good - 1 if good else float("inf")


def worsened(committed: Rows, now: Rows) -> Iterator[Worse]:
    """The ratios that got worse: figures with a rival, in benchmarks that are in both."""
    for name, row in now.items():
        before = committed.get(name)
        if before is None:
            continue
        for figure in figures_of(name, row.printed):
            was, value = figure.value(before.printed), figure.value(row.printed)
            if figure.rival is None or figure.better is None or was is None or value is None:
                continue
            worse = Worse(name, figure, was, value)
            if worse.by > WORSE:
                yield worse


def rows_of(text: str) -> dict[str, Row]:
    """The rows in a file's text. Raises RowsError."""
    try:
        content = json.loads(text)
        return {
            name: Row(Run(**row["run"]), float(row["seconds"]), dict(row["printed"])) for name, row in content.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RowsError(f"no figures of benchmarks: {type(error).__name__}: {error}") from error


def text_of(rows: Rows) -> str:
    """The file's text; the same rows give the same text."""
    return json.dumps({name: asdict(row) for name, row in sorted(rows.items())}, indent=1, ensure_ascii=False) + "\n"
