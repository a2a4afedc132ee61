"""Answers as lines over time, as Grafana makes them: first a time, then texts as labels and numbers as lines. Pure."""

import math
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from grafana.example.reader import Answer

from . import words

DAY_S = 86_400.0
_GAP = 3_600.0 / DAY_S  # as in the panels: a longer one stays open, where another line shows that time went on
_MINUTE = 60.0 / DAY_S


@dataclass(slots=True)
class Series:
    """One line. `name` is the column's, `label` that of the row (empty: rows have none); times are Unix days."""

    name: str
    label: str
    times: list[float] = field(default_factory=list[float])
    values: list[float] = field(default_factory=list[float])

    @property
    def step(self) -> float:
        """The usual distance of its points, in days."""
        steps = [after - before for before, after in pairwise(self.times)]
        return median(steps) if steps else _MINUTE

    def with_gaps(self) -> tuple[list[float], list[float]]:
        """Times and values, with nothing where it was silent for long."""
        times, values = self.times[:1], self.values[:1]
        for before, time, value in zip(self.times, self.times[1:], self.values[1:], strict=False):
            if time - before > max(_GAP, 2 * self.step):
                times.append(before + _MINUTE)
                values.append(math.nan)
            times.append(time)
            values.append(value)
        return times, values


def of_answer(answer: Answer, label_by: str | None) -> list[Series]:
    """All lines of an answer, by label and then in the order of its columns."""
    numbers = [at for at, kind in enumerate(answer.types) if at and "String" not in kind]
    label_at = answer.names.index(label_by) if label_by in answer.names else None
    found: dict[tuple[str, int], Series] = {}
    for row in answer.rows:
        time = words.moment(row[0])
        label = "" if label_at is None else str(row[label_at])
        for at in numbers:
            value = words.number(row[at])
            if time is None or value is None:
                continue
            line = found.setdefault((label, at), Series(answer.names[at], label))
            line.times.append(time.timestamp() / DAY_S)
            line.values.append(value)
    return [found[key] for key in sorted(found)]
