"""Rows that wait to be sent, by table: bounded, and cut into batches by count and age. Pure."""

from collections import deque
from dataclasses import dataclass, field

from .encode import Values


@dataclass(slots=True)
class _Waiting:
    due: float
    rows: deque[Values] = field(default_factory=deque)
    starts: deque[float] = field(default_factory=deque)  # when each batch's first row came


@dataclass(frozen=True, slots=True)
class Cut:
    """Rows of one table, taken out; the first came at `since`."""

    table: str
    since: float
    rows: tuple[Values, ...]


class Queue:
    """Not thread-safe: everything happens in the event loop."""

    def __init__(self, *, rows: int, batch_rows: int, batch_age_s: float) -> None:
        """Hold at most `rows`; a batch has at most `batch_rows` and is due `batch_age_s` after its first row came."""
        self._limit = rows
        self._batch_rows = batch_rows
        self._batch_age_s = batch_age_s
        self._waiting: dict[str, _Waiting] = {}  # tables with rows only
        self.rows = 0
        self.due: float | None = None  # when the next batch is due; None when nothing waits

    def add(self, table: str, values: Values, now: float) -> bool:
        """Take a row; False when the queue is full."""
        if self.rows >= self._limit:
            return False
        waiting = self._waiting.get(table)
        if waiting is None:
            waiting = self._waiting[table] = _Waiting(now + self._batch_age_s)
            self._sooner(waiting.due)
        rows = waiting.rows
        if len(rows) % self._batch_rows == 0:
            waiting.starts.append(now)
        rows.append(values)
        self.rows += 1
        if len(rows) == self._batch_rows:
            waiting.due = now
            self._sooner(now)
        return True

    def cut(self, now: float) -> Cut | None:
        """Take out the batch that has been due the longest; None when none is. Infinite `now`: whatever waits."""
        if self.due is None or self.due > now:
            return None
        table, waiting = min(self._waiting.items(), key=lambda item: item[1].due)
        since = waiting.starts.popleft()
        rows = tuple(waiting.rows.popleft() for _ in range(min(len(waiting.rows), self._batch_rows)))
        self.rows -= len(rows)
        if not waiting.rows:
            del self._waiting[table]
        elif len(waiting.rows) < self._batch_rows:
            waiting.due = waiting.starts[0] + self._batch_age_s
        self.due = min((each.due for each in self._waiting.values()), default=None)
        return Cut(table, since, rows)

    def _sooner(self, due: float) -> None:
        if self.due is None or due < self.due:
            self.due = due
