"""Waits until the parts work again, and makes them work: what the tests of outages and restarts share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from stack.tap import Heard
from stack.waiting import TooLateError

from .house import House

ATTEMPTS: Final = 6


async def settle(house: House, device_id: str) -> None:
    """Reconnect a window until Home Assistant has heard its live state: one that was sent too early is a kept one."""
    for attempt in range(ATTEMPTS):
        await house.reconnect(device_id)
        try:
            await house.sensor_other_than(device_id, "reason", "settling", within_s=10)
        except TooLateError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return


async def is_at_work(house: House, *device_ids: str) -> None:
    """Wait until Home Assistant asks about these windows again: only then nothing that moved is a finding.

    A kept state is no sign of life. A window shows one when it connects and once a minute, and Home Assistant settles
    after it: so each is reconnected, and records until it is asked about.
    """
    for device_id in device_ids:
        since = house.tap.mark
        for _ in range(ATTEMPTS):
            await house.reconnect(device_id)
            await record(house, device_id)
            if await house.was_answered(device_id, since, within_s=15):
                break
        else:
            raise TooLateError(f"{device_id} was not asked about: {await house.reasons(device_id)}")


async def ask(house: House, device_id: str) -> Heard:
    """Let the window be asked about; returns the answer."""
    since = house.tap.mark
    await record(house, device_id)
    return await house.response(device_id, since)


async def record(house: House, device_id: str) -> None:
    """Let a window send a clip; what the bench says while the window connects anew is lost, and said again."""
    topic, since = f"sensor/{device_id}/audio", house.tap.mark
    for attempt in range(3):
        await house.bench(device_id, "record")
        try:
            await house.tap.heard(f"a clip on {topic}", lambda message: message.topic == topic, 3, since)
        except TooLateError:
            if attempt == 2:
                raise
        else:
            return


@asynccontextmanager
async def away(stop: Callable[[], Awaitable[None]], start: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Take a part away, and bring it back whatever happens meanwhile: the next test needs it."""
    await stop()
    try:
        yield
    finally:
        await start()
