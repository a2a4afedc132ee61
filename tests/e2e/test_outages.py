"""Each part goes away and comes back; no window moves because of it."""

from .at_work import away, is_at_work, record
from .house import House

ALL = ("bedroom", "hall", "attic")


async def positions(house: House) -> dict[str, float | None]:
    return {device_id: await house.position(device_id) for device_id in ALL}


async def test_the_broker_goes_away_and_comes_back(house: House) -> None:
    await house.set_mode("hall", "automatic")
    before, since = await positions(house), house.tap.mark
    async with away(house.stack.broker.kill, house.stack.broker.start):
        for device_id in ALL:
            await house.cover_when(device_id, "unavailable", lambda now: not now.is_available)
    for device_id in ALL:
        await house.cover_when(device_id, "available", lambda now: now.is_available, 60)
    await house.tap.connected(10)
    await house.reconnect("hall")  # so that it could be asked about as well
    await is_at_work(house, "attic")
    assert await positions(house) == before
    assert house.commands(since) == []
    await house.set_mode("hall", "advise")


async def test_home_assistant_is_restarted(house: House) -> None:
    await house.set_mode("hall", "automatic")
    before, since = await positions(house), house.tap.mark
    await house.stack.restart_home_assistant()
    for device_id in ALL:
        await house.cover_when(device_id, "available", lambda now: now.is_available, 60)
    await house.reconnect("hall")  # so that it could be asked about as well
    await is_at_work(house, "attic")
    assert await positions(house) == before
    assert house.commands(since) == []
    await house.set_mode("hall", "advise")


async def test_a_question_that_a_dying_service_took_is_asked_again_under_its_id(house: House) -> None:
    await is_at_work(house, "hall")
    async with away(house.stack.service.child.kill, house.stack.service.start):
        await house.set_mode("hall", "automatic")
        before, since = await house.position("hall"), house.tap.mark
        await record(house, "hall")
        request = await house.request("hall", since)
        await house.sensor_when("hall", "reason", "no_answer", within_s=30)
        assert await house.position("hall") == before
        assert house.commands(since) == []
        back = house.tap.mark

    await house.stack.service.ready(house.tap, back)
    answer = await house.response("hall", back, within_s=60)
    assert answer.content["correlation_id"] == request.content["correlation_id"]
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
        await record(house, "bedroom")
        await house.response("bedroom", since)

    await house.bench("bedroom", "temperature", {"value": 24.5})
    await house.issue_when("recording_fails", there=False, within_s=120)
