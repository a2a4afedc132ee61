"""How the whole fares: figures of the last minute, from counters that only grow. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .recorder.rows import PredictionRow, Row

NO_ANSWER: Final = "no_answer"
TOLD_APART: Final = 0.1
"""A figure that changed by less than this share tells nothing new: Home Assistant's own recorder is spared."""


class Deltas:
    """What counters grew by since the last time."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def since_last(self, name: str, total: float) -> float:
        """The growth; a counter that is smaller than before began anew."""
        before = self._last.get(name, 0.0)
        self._last[name] = total
        return total if total < before else total - before


class Answers:
    """What the questions of a minute came to."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._latency_ms = 0.0

    def see(self, row: Row) -> None:
        """A row on its way to the record."""
        if not isinstance(row, PredictionRow):
            return
        self._counts["questions"] += 1
        if row.error == NO_ANSWER:
            self._counts["no_answers"] += 1
        else:
            self._counts["answers" if row.error is None else "answers_failed"] += 1
        if row.latency_ms is not None:
            self._counts["timed"] += 1
            self._latency_ms += row.latency_ms

    def take(self) -> tuple[dict[str, float], float | None]:
        """Counts since the last call, and the mean time from a question's leaving to its answer, ms."""
        counts, total = self._counts, self._latency_ms
        self._counts, self._latency_ms = Counter(), 0.0
        timed = counts.pop("timed", 0)
        found = {name: float(counts[name]) for name in ("questions", "answers", "answers_failed", "no_answers")}
        return found, total / timed if timed else None


@dataclass(frozen=True, slots=True)
class Pulse:
    """The figures that are entities. None: not known, or not so."""

    messages_per_minute: float | None = None
    inference_ms: float | None = None
    broker_ms: float | None = None
    database: str | None = None
    database_ms: float | None = None
    waiting_rows: float | None = None
    spool_mb: float | None = None
    errors: float = 0.0
    service: str | None = None
    service_version: str | None = None

    def told_anew(self, told: Pulse) -> Pulse:
        """What to show after `told` was shown: figures that hardly changed stay as they were."""
        return Pulse(
            messages_per_minute=_anew(told.messages_per_minute, self.messages_per_minute),
            inference_ms=_anew(told.inference_ms, self.inference_ms),
            broker_ms=_anew(told.broker_ms, self.broker_ms),
            database=self.database,
            database_ms=_anew(told.database_ms, self.database_ms),
            waiting_rows=_anew(told.waiting_rows, self.waiting_rows),
            spool_mb=_anew(told.spool_mb, self.spool_mb),
            errors=self.errors,
            service=self.service,
            service_version=self.service_version,
        )


def _anew(told: float | None, now: float | None) -> float | None:
    if now is None:
        return told
    rounded = float(f"{now:.2g}")
    if told is None or (rounded == 0) != (told == 0):
        return rounded
    return rounded if abs(rounded - told) > TOLD_APART * abs(told) else told


def metrics(prefix: str, counts: Mapping[str, float]) -> dict[str, float]:
    """Counts as metrics of a health row: those that are not zero."""
    return {f"{prefix}{name}": value for name, value in counts.items() if value}
