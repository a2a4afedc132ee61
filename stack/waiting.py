"""Waiting for a condition of another process: ask until it holds, or say what did not come."""

import asyncio
from collections.abc import Awaitable, Callable

from .errors import StackError

PAUSE_S = 0.05


class TooLateError(StackError):
    """What was waited for did not come in time."""


async def until[T](what: str, probe: Callable[[], Awaitable[T | None]], within_s: float) -> T:
    """Return the first answer of `probe` that is neither None nor False.

    `probe` reports "not yet" by returning None or False; its exceptions are passed on.
    Raises TooLateError naming `what` after `within_s` seconds.
    """
    limit = asyncio.timeout(within_s)
    try:
        async with limit:
            while True:
                answer = await probe()
                if answer is not None and answer is not False:
                    return answer
                await asyncio.sleep(PAUSE_S)
    except TimeoutError as error:
        if not limit.expired():
            raise
        msg = f"{what}: not within {within_s:g} s"
        raise TooLateError(msg) from error


async def listens(host: str, port: int) -> bool:
    """Say whether a TCP connection to the port is accepted."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True
