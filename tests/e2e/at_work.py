"""Waits until the parts work again, and makes them work: what the tests of outages and restarts share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from stack.tap import Heard
from stack.waiting import TooLateError

from .house import House

ATTEMPTS: Final = 6
UNSETTLED: Final = frozenset({"settling", "no_state", "offline", "unknown"})
"""What Home Assistant shows as the reason before it has a window's live state, where nothing comes before that."""


async def settle(house: House, device_id: str) -> None:
    """Reconnect a window until Home Assistant has heard its live state.

    Home Assistant subscribes to one kind of message after the other, and a state that was sent too early is a kept one.
    A mode or a hold hides whether it has: `ask` helps then.
    """
    for attempt in range(ATTEMPTS):
        await house.reconnect(device_id)
        try:
            await house.sensor_other_than(device_id, "reason", UNSETTLED, within_s=10)
        except TooLateError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return


async def ask(house: House, device_id: str) -> Heard:
    """Let the window be asked about; returns the answer.

    A clip that comes before Home Assistant has subscribed to sound, or before it has a live state, leads to nothing:
    the window connects anew, and sends another.
    """
    since = house.tap.mark
    for _ in range(ATTEMPTS):
        await record(house, device_id)
        try:
            return await house.response(device_id, since, within_s=15)
        except TooLateError:
            await house.reconnect(device_id)
    raise TooLateError(f"{device_id} was not asked about; Home Assistant shows {await house.reasons(device_id)}")


async def is_at_work(house: House, device_id: str) -> None:
    """Wait until Home Assistant asks about a window again: only then nothing that moved is a finding."""
    await house.reconnect(device_id)
    await ask(house, device_id)


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
