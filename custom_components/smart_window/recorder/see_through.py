"""Work that is finished even when the one who waits for it is cancelled."""

import asyncio
from collections.abc import Coroutine


async def see_through[T](work: Coroutine[object, object, T]) -> T:
    """Do it in a task of its own. A cancelled caller ends after it, not before."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # seen; being cancelled goes first
        raise
