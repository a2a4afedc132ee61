"""Batches that were not delivered yet, in order. The seam between the recorder and where they wait."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, override

from .encode import Values
from .loss import Loss, LossKind


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table under one token.

    A server that stored them although we did not hear of it drops the second copy, as long as the token is the same:
    once a batch was sent it is never split or merged, and never gets another token.
    `columns` names the values of a row; empty: all columns of the table as this version writes them.
    """

    table: str
    token: str
    rows: tuple[Values, ...]
    columns: tuple[str, ...] = ()


class OutboxError(Exception):
    """A batch cannot be kept now; it stays where it is. `is_full`: the owner's limit, not the disk, is the cause."""

    def __init__(self, detail: str, *, is_full: bool = False) -> None:
        """Say what went wrong, in words for a person."""
        super().__init__(detail)
        self.detail = detail
        self.is_full = is_full


class Outbox(Protocol):
    """Keeps batches until they are delivered, oldest first. Every method may raise OutboxError."""

    @property
    def rows(self) -> int:
        """How many rows wait."""

    @property
    def size_bytes(self) -> int:
        """How much room they take on disk; 0 in memory."""

    @property
    def outlives(self) -> bool:
        """Whether what waits outlives the process."""

    async def open(self) -> None:
        """Find what waited before. To be awaited before anything else."""

    async def keep(self, batch: Batch, *, sent: bool) -> None:
        """Put a batch at the end. `sent`: a server may have it already."""

    async def first(self) -> Batch | None:
        """Return the oldest batch and leave it where it is. It counts as sent from now on."""

    async def remove(self, token: str) -> None:
        """Forget a batch: it was delivered."""

    async def set_aside(self, batch: Batch) -> None:
        """Put away a batch that no server will ever take, so that it does not hold up the others."""

    async def losses(self) -> Sequence[Loss]:
        """Return what was given up since the last call."""


class MemoryOutbox(Outbox):
    """Bounded by rows; the oldest batches go first when there is no room. What is set aside is gone."""

    def __init__(self, *, rows: int) -> None:
        """Hold at most `rows`, and at least the newest batch."""
        self._limit = rows
        self._batches: deque[Batch] = deque()
        self._rows = 0
        self._lost: list[Loss] = []

    @property
    @override
    def rows(self) -> int:
        return self._rows

    @property
    @override
    def size_bytes(self) -> int:
        return 0

    @property
    @override
    def outlives(self) -> bool:
        return False

    @override
    async def open(self) -> None:
        return

    @override
    async def keep(self, batch: Batch, *, sent: bool) -> None:
        self._batches.append(batch)
        self._rows += len(batch.rows)
        while self._rows > self._limit and len(self._batches) > 1:
            oldest = self._batches.popleft()
            self._rows -= len(oldest.rows)
            self._lost.append(Loss(LossKind.THINNED, oldest.table, len(oldest.rows)))

    @override
    async def first(self) -> Batch | None:
        return self._batches[0] if self._batches else None

    @override
    async def remove(self, token: str) -> None:
        for batch in self._batches:
            if batch.token == token:
                self._batches.remove(batch)
                self._rows -= len(batch.rows)
                return

    @override
    async def set_aside(self, batch: Batch) -> None:
        await self.remove(batch.token)

    @override
    async def losses(self) -> Sequence[Loss]:
        lost, self._lost = self._lost, []
        return lost
