"""Each part goes away and comes back; no window moves because of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from stack.waiting import TooLateError

from .house import House

ALL = ("bedroom", "hall", "attic")


async def positions(house: House) -> dict[str, float | None]:
    return {device_id: await house.position(device_id) for device_id in ALL}


async def ask_attic(house: House) -> None:
    """Let the attic's window, which only advises, be asked about: Home Assistant is at work again then.

    A kept state is no sign of life; a window shows one when it connects, and Home Assistant settles after it. The
    hall's goes first, so that it could be asked about as well.
    """
    for device_id in ("hall", "attic"):
        await settle(house, device_id)
    since = house.tap.mark
    await house.bench("attic", "record")
    await house.response("attic", since)


async def settle(house: House, device_id: str) -> None:
    """Reconnect a window until Home Assistant has heard its live state: one that was sent too early is a kept one."""
    for attempt in range(5):
        await house.reconnect(device_id)
        try:
            await house.sensor_other_than(device_id, "reason", "settling", within_s=10)
        except TooLateError:
            if attempt == 4:
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


async def test_the_broker_goes_away_and_comes_back(house: House) -> None:
    await house.set_mode("hall", "automatic")
    before, since = await positions(house), house.tap.mark
    async with away(house.stack.broker.kill, house.stack.broker.start):
        for device_id in ALL:
            await house.cover_when(device_id, "unavailable", lambda now: not now.is_available)
    for device_id in ALL:
        await house.cover_when(device_id, "available", lambda now: now.is_available, 60)
    await house.tap.connected(10)
    await ask_attic(house)
    assert await positions(house) == before
    assert house.commands(since) == []
    await house.set_mode("hall", "advise")


async def test_home_assistant_is_restarted(house: House) -> None:
    await house.set_mode("hall", "automatic")
    before, since = await positions(house), house.tap.mark
    await house.stack.restart_home_assistant()
    for device_id in ALL:
        await house.cover_when(device_id, "available", lambda now: now.is_available, 60)
    await ask_attic(house)
    assert await positions(house) == before
    assert house.commands(since) == []
    await house.set_mode("hall", "advise")


async def test_without_the_service_a_question_ends_and_its_reason_says_so(house: House) -> None:
    async with away(house.stack.service.child.kill, house.stack.service.start):
        await house.set_mode("hall", "automatic")
        before, since = await house.position("hall"), house.tap.mark
        await house.bench("hall", "record")
        request = await house.request("hall", since)
        await house.sensor_when("hall", "reason", "no_answer", within_s=30)
        assert await house.position("hall") == before
        assert house.commands(since) == []
        back = house.tap.mark

    await house.stack.service.ready(house.tap, back)
    answer = await house.response("hall", back, within_s=60)
    assert answer.content["correlation_id"] != request.content["correlation_id"]
    assert answer.content["acted"] is True
    await house.set_mode("hall", "advise")


async def test_without_clickhouse_a_repair_says_so_and_the_rest_works(house: House) -> None:
    async with away(house.stack.clickhouse.kill, house.stack.clickhouse.start):
        since = house.tap.mark
        await house.bench("bedroom", "temperature", {"value": 23.5})
        await house.issue_when("recording_fails", there=True)
        await house.sensor_when("bedroom", "temperature", "23.5")
        entity_id = await house.entity_id("bedroom", "cover")
        await house.home.rest.call("cover.set_cover_position", {"entity_id": entity_id, "position": 15})
        await house.stands("bedroom", 15)
        await house.release("bedroom")
        await house.bench("bedroom", "record")
        await house.response("bedroom", since)

    await house.bench("bedroom", "temperature", {"value": 24.5})
    await house.issue_when("recording_fails", there=False, within_s=120)
