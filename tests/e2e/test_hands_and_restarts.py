"""Home Assistant or the service stops at a bad moment; the window obeys its owner, and moves once or not at all."""

from stack.json_shape import member
from stack.tap import Heard

from .at_work import ask, away, record, settle
from .house import House
from .wire import Wire, each


async def put(house: House, device_id: str, position: float, *, release: bool = True) -> None:
    """Let a person move a window, and let go of it."""
    entity_id = await house.entity_id(device_id, "cover")
    await house.home.rest.call("cover.set_cover_position", {"entity_id": entity_id, "position": position})
    await house.stands(device_id, position)
    if release:
        await house.release(device_id)


async def state_with(house: House, device_id: str, since: int, within_s: float = 30, **fields: object) -> Heard:
    """Wait until a window says all this of itself."""
    topic = f"window/{device_id}/state"
    return await house.tap.heard(
        f"{fields} on {topic}",
        lambda message: message.topic == topic and not message.retained and fields.items() <= message.content.items(),
        within_s,
        since,
    )


async def back(house: House, device_id: str) -> None:
    """Wait until a Home Assistant that was started again is at work with a window."""
    await house.cover_when(device_id, "available", lambda now: now.is_available, 60)
    await settle(house, device_id)


async def is_held(house: House, device_id: str) -> bool:
    return (await house.home.state(await house.entity_id(device_id, "binary_sensor", "held"))).state == "on"


async def test_a_move_goes_on_while_home_assistant_restarts_and_is_no_hand(house: House) -> None:
    await settle(house, "stair")
    await house.set_mode("stair", "automatic")
    since = house.tap.mark
    answer = await ask(house, "stair")
    target = answer.content["position"]
    await state_with(house, "stair", since, target=target, command_id=answer.content["correlation_id"])
    async with away(house.stack.stop_home_assistant, house.stack.start_home_assistant_again):
        stopped = house.tap.mark
        assert Wire.of(house.tap, "stair", since).states[-1]["position"] != target
        await state_with(house, "stair", stopped, position=target, target=target, operation="idle")
    await back(house, "stair")

    assert (await house.stands("stair", float(str(target)))).position == target
    assert not await is_held(house, "stair")
    wire = Wire.of(house.tap, "stair", since)
    assert wire.targets[-1:] == [target]
    assert wire.asked == each(wire.commands, "command_id") == [answer.content["correlation_id"]]
    assert wire.commanded == [("ml", target)]
    assert each(wire.results, "result") == ["accepted"]
    assert len(house.commands(since)) == 1
    await house.set_mode("stair", "advise")


async def test_a_press_while_home_assistant_is_away_is_a_hand_and_stands(house: House) -> None:
    await house.set_mode("pantry", "automatic")
    since = house.tap.mark
    async with away(house.stack.stop_home_assistant, house.stack.start_home_assistant_again):
        await house.bench("pantry", "press", {"button": "open"})
        await state_with(house, "pantry", since, position=100, operation="idle")
    await back(house, "pantry")
    assert await is_held(house, "pantry")
    await ask(house, "pantry")

    await house.sensor_when("pantry", "reason", "held")
    assert await house.position("pantry") == 100
    wire = Wire.of(house.tap, "pantry", since)
    assert set(wire.targets) <= {90, 100}
    assert wire.targets[-1] == 100
    assert (wire.may_act, wire.acted) == ([False], [False])
    assert wire.guards[-1]["machines"] is False
    assert wire.results == ()
    assert house.commands(since) == []
    await house.release("pantry")
    await house.set_mode("pantry", "advise")


async def test_a_question_that_died_with_its_service_is_asked_again_by_its_id_and_moves_once(house: House) -> None:
    await put(house, "pantry", 90)
    service, since = house.stack.service, house.tap.mark
    await house.set_mode("pantry", "automatic")
    service.child.pause()
    await record(house, "pantry")
    lost = await house.request("pantry", since)
    async with away(service.child.kill, service.start):
        await house.sensor_when("pantry", "reason", "no_answer", within_s=30)
        assert house.commands(since) == []
        assert await house.position("pantry") == 90
        returns = house.tap.mark
    await service.ready(house.tap, returns)
    answer = await house.response("pantry", returns, within_s=60)
    target = answer.content["position"]
    await house.stands("pantry", float(str(target)))

    wire = Wire.of(house.tap, "pantry", since)
    assert answer.content["correlation_id"] == lost.content["correlation_id"]
    assert len(wire.asked) > 1
    assert set(wire.asked) == {lost.content["correlation_id"]}
    assert wire.acted == [True]
    assert wire.targets == [90, target]
    assert wire.commanded == [("ml", target)]
    assert each(wire.commands, "command_id") == wire.asked[:1]
    assert each(wire.results, "result") == ["accepted"]
    assert len(house.commands(since)) == 1
    await house.set_mode("pantry", "advise")


async def test_an_answer_from_before_advise_moves_nothing(house: House) -> None:
    await put(house, "pantry", 90)
    service, since = house.stack.service.child, house.tap.mark
    await house.set_mode("pantry", "automatic")
    service.pause()
    try:
        await record(house, "pantry")
        await house.request("pantry", since)
        await house.set_mode("pantry", "advise")
        guarded = await house.tap.heard(
            "the guard of advise",
            lambda message: message.topic == "window/pantry/guard" and message.content.get("machines") is False,
            10,
            since,
        )
        await house.live_state("pantry", guarded.number)
    finally:
        service.resume()
    refused = await house.tap.heard(
        "the window's refusal", lambda message: message.topic == "window/pantry/control/result", 10, since
    )
    again = await house.request("pantry", refused.number)
    await house.response("pantry", again.number)
    await house.sensor_when("pantry", "reason", "advised")

    assert await house.position("pantry") == 90
    wire = Wire.of(house.tap, "pantry", since)
    assert set(wire.targets) == {90}
    assert (wire.may_act, wire.acted) == ([True, False], [True, False])
    assert each(wire.commands, "command_id") == wire.asked[:1]
    assert each(wire.results, "result") == ["stale"]
    assert len(house.commands(since)) == 1


async def test_rain_that_fell_while_home_assistant_was_away_closes_and_nothing_opens(house: House) -> None:
    await put(house, "stair", 40)
    since = house.tap.mark
    await house.set_mode("stair", "automatic")
    async with away(house.stack.stop_home_assistant, house.stack.start_home_assistant_again):
        await house.bench("stair", "rain", {"on": True})
        await state_with(house, "stair", since, rain=True, position=0, operation="idle")
    await back(house, "stair")
    await ask(house, "stair")
    await house.sensor_when("stair", "reason", "rain")

    assert await house.position("stair") == 0
    assert not await is_held(house, "stair")
    wire = Wire.of(house.tap, "stair", since)
    assert wire.targets == [40, 0]
    assert [member(question, "grant", "a question").get("max") for question in wire.questions] == [0]
    assert wire.guards[-1]["max"] == 0
    assert house.commands(since) == []
    await house.bench("stair", "rain", {"on": False})
    await house.set_mode("stair", "advise")
