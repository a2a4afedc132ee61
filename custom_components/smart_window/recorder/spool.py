"""The spool: an outbox on disk, one file per batch. All file work happens in a thread, one piece at a time."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import override

from .loss import Loss
from .outbox import Batch, Outbox, OutboxError
from .see_through import see_through
from .spool_folder import SpoolFolder

_MERGE_ROWS = 10_000


class Spool(Outbox):
    """Bounded by bytes: readings are thinned when it is full, the oldest first; everything else stays."""

    def __init__(self, folder: Path, *, limit_bytes: int, random: Random, merge_rows: int = _MERGE_ROWS) -> None:
        """Use `folder` alone: whatever is there is taken for ours. `random` must differ from start to start."""
        token: Callable[[], str] = lambda: f"{random.getrandbits(128):032x}"  # noqa: E731  # one line, used once
        self._files = SpoolFolder(folder, limit_bytes=limit_bytes, merge_rows=merge_rows, token=token)
        self._lock = asyncio.Lock()

    @property
    @override
    def rows(self) -> int:
        return self._files.rows

    @property
    @override
    def size_bytes(self) -> int:
        return self._files.size

    @property
    @override
    def outlives(self) -> bool:
        return True

    @override
    async def open(self) -> None:
        await self._alone(self._files.open)

    @override
    async def keep(self, batch: Batch, *, sent: bool) -> None:
        await self._alone(lambda: self._files.keep(batch, sent=sent))

    @override
    async def first(self) -> Batch | None:
        return await self._alone(self._files.first)

    @override
    async def remove(self, token: str) -> None:
        await self._alone(lambda: self._files.remove(token))

    @override
    async def set_aside(self, batch: Batch) -> None:
        await self._alone(lambda: self._files.set_aside(batch.token))

    @override
    async def losses(self) -> Sequence[Loss]:
        async with self._lock:
            lost, self._files.lost = self._files.lost, []
        return lost

    async def _alone[T](self, work: Callable[[], T]) -> T:
        """Do it in a thread, to its end: a cancelled caller must not leave the next one beside it."""
        async with self._lock:
            return await see_through(asyncio.to_thread(_told, work))


def _told[T](work: Callable[[], T]) -> T:
    try:
        return work()
    except OSError as error:
        raise OutboxError(f"the spool: {error}") from error
