"""Batches on their way to the server, the oldest first: those that the outbox keeps, then those in memory."""

import asyncio
from collections import deque
from dataclasses import dataclass

from .outbox import Batch, Outbox
from .see_through import see_through


@dataclass(slots=True)
class _Waiting:
    batch: Batch
    since: float
    sent: bool = False


class Line:
    """Batches move from memory into the outbox in their order, so what the outbox keeps is always the older part."""

    def __init__(self, outbox: Outbox) -> None:
        """Begin with what the outbox keeps."""
        self._outbox = outbox
        self._memory: deque[_Waiting] = deque()
        self._lock = asyncio.Lock()
        self.rows_in_memory = 0

    @property
    def rows(self) -> int:
        """How many rows wait in all."""
        return self.rows_in_memory + self._outbox.rows

    @property
    def since(self) -> float | None:
        """When the oldest row that is only in memory came."""
        return self._memory[0].since if self._memory else None

    def add(self, batch: Batch, since: float) -> None:
        """Put a batch at the end; its oldest row came at `since`."""
        self._memory.append(_Waiting(batch, since))
        self.rows_in_memory += len(batch.rows)

    async def first(self) -> Batch | None:
        """Return the oldest batch, which is about to be sent. Raises OutboxError."""
        async with self._lock:
            if self._outbox.rows and (batch := await self._outbox.first()) is not None:
                return batch
            if not self._memory:
                return None
            self._memory[0].sent = True
            return self._memory[0].batch

    async def delivered(self, batch: Batch) -> None:
        """Forget a batch wherever it is now. Raises OutboxError."""
        await see_through(self._delivered(batch))

    async def set_aside(self, batch: Batch) -> None:
        """Put away a batch that no server will ever take. Raises OutboxError."""
        await see_through(self._set_aside(batch))

    async def store(self, until: float) -> int:
        """Let the outbox keep what came at `until` or before; returns how many rows. Raises OutboxError."""
        stored = 0
        while self._memory and self._memory[0].since <= until:
            stored += await see_through(self._store_oldest())
        return stored

    async def _delivered(self, batch: Batch) -> None:
        async with self._lock:
            if self._is_head(batch):
                self._pop()
            else:
                await self._outbox.remove(batch.token)

    async def _set_aside(self, batch: Batch) -> None:
        async with self._lock:
            if self._is_head(batch):
                await self._outbox.keep(batch, sent=True)
                self._pop()
            await self._outbox.set_aside(batch)

    async def _store_oldest(self) -> int:
        async with self._lock:
            if not self._memory:
                return 0
            oldest = self._memory[0]
            await self._outbox.keep(oldest.batch, sent=oldest.sent)
            self._pop()
            return len(oldest.batch.rows)

    def _is_head(self, batch: Batch) -> bool:
        return bool(self._memory) and self._memory[0].batch is batch

    def _pop(self) -> None:
        self.rows_in_memory -= len(self._memory.popleft().batch.rows)
