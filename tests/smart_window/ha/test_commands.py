import asyncio
import logging
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import mqtt
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.contract import Control, ControlResult, MessageKind, Result, Source

from .house import QUICK, House, PlayedWindow, Sent, set_up


async def command(house: House, service: str, **data: Any) -> tuple[Sent, asyncio.Task[None]]:  # noqa: ANN401 - as Home Assistant takes them
    """Command the bedroom window; the control message that left, and the action that waits."""
    task = house.start(house.act(f"cover.{service}", "cover", **data))
    return await house.until_sent("/control"), task


@pytest.mark.parametrize(
    ("service", "data", "wanted"),
    [
        ("open_cover", {}, {"position": 100}),
        ("close_cover", {}, {"position": 0}),
        ("set_cover_position", {"position": 70}, {"position": 70}),
        ("stop_cover", {}, {"action": "stop"}),
    ],
)
async def test_a_persons_command_carries_the_fence_and_ends_with_the_windows_yes(
    quick_house: House,
    quick_window: PlayedWindow,
    service: str,
    data: dict[str, object],
    wanted: dict[str, object],
) -> None:
    sent, task = await command(quick_house, service, **data)
    assert sent.topic == "window/bedroom/control"
    assert (sent.qos, sent.retain) == (1, False)
    assert sent.json["source"] == "user"
    assert (sent.json["session"], sent.json["rev"]) == ("s1", 2)
    assert {name: sent.json[name] for name in wanted} == wanted
    assert ("position" in sent.json) != ("action" in sent.json)
    assert not task.done()
    await quick_window.result(sent.json["command_id"], "accepted")
    await task


@pytest.mark.parametrize("result", ["stale", "guard", "locked", "rain", "fault", "invalid"])
async def test_a_refusal_reaches_the_person_in_words(
    quick_house: House, quick_window: PlayedWindow, result: str
) -> None:
    sent, task = await command(quick_house, "open_cover")
    await quick_window.result(sent.json["command_id"], result, "rev")
    with pytest.raises(HomeAssistantError) as raised:
        await task
    assert raised.value.translation_key == f"refused_{result}"
    assert raised.value.translation_placeholders == {"reason": "rev"}


async def test_a_result_of_another_command_ends_nothing(quick_house: House, quick_window: PlayedWindow) -> None:
    sent, task = await command(quick_house, "open_cover")
    await quick_window.result("another", "stale")
    await quick_window.result(sent.json["command_id"], "accepted")
    await quick_window.result(sent.json["command_id"], "duplicate")
    await task


async def test_a_silent_window_is_an_error_after_three_seconds(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    _, task = await command(quick_house, "open_cover")
    await asyncio.sleep(0)
    freezer.tick(2.9)
    await asyncio.sleep(0)
    assert not task.done()
    freezer.tick(0.2)
    with pytest.raises(HomeAssistantError) as raised:
        await task
    assert raised.value.translation_key == "no_answer"


async def test_nothing_is_sent_or_held_while_mqtt_is_disconnected(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    quick_house.mqtt.connected = False
    hub = quick_house.hub
    station = hub.roster.get("bedroom")
    assert station is not None
    with pytest.raises(HomeAssistantError) as raised:
        await hub.owner.move(station, Context(), position=50)
    assert raised.value.translation_key == "mqtt_disconnected"
    assert quick_house.sent() == []
    assert station.window.hold_until is None


async def test_an_offline_window_is_not_commanded(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_house.hear("window/bedroom/availability", "offline")
    hub = quick_house.hub
    station = hub.roster.get("bedroom")
    assert station is not None
    with pytest.raises(HomeAssistantError) as raised:
        await hub.owner.move(station, Context(), position=50)
    assert raised.value.translation_key == "window_offline"
    assert quick_house.sent("/control") == []
    assert station.window.hold_until is None


async def test_the_command_leaves_before_the_guard_that_goes_with_its_hold(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    sent, task = await command(quick_house, "open_cover")
    topics = [one.topic for one in quick_house.sent("/control", "/guard")]
    assert topics == ["window/bedroom/control", "window/bedroom/guard"]
    assert quick_house.sent("/guard")[-1].json["machines"] is False
    await quick_window.result(sent.json["command_id"], "accepted")
    await task


async def test_the_guard_follows_though_the_broker_is_slow_to_confirm_the_command(
    quick_house: House, quick_window: PlayedWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = quick_house.hub.outbox._publish

    async def slow(kind: MessageKind, device_id: str, payload: bytes, *, retain: bool = False) -> None:
        if kind is MessageKind.CONTROL:
            await asyncio.Event().wait()
        await publish(kind, device_id, payload, retain=retain)

    monkeypatch.setattr(quick_house.hub.outbox, "_publish", slow)
    task = quick_house.start(quick_house.act("cover.open_cover", "cover"))
    sent = await quick_house.until_sent("/guard")
    assert sent.json["machines"] is False
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_scripts_command_is_no_hand(quick_house: House, quick_window: PlayedWindow) -> None:
    context = Context()
    quick_house.hass.bus.async_fire("script_started", {"name": "x", "entity_id": "script.x"}, context=context)
    await quick_house.settle()
    station = quick_house.hub.roster.get("bedroom")
    assert station is not None
    moving = quick_house.hub.owner.move(station, Context(parent_id=context.id), position=50)
    task = quick_house.start(moving)
    sent = await quick_house.until_sent("/control")
    assert sent.json["source"] == "automation"
    assert station.window.hold_until is None
    await quick_window.result(sent.json["command_id"], "accepted")
    await task


async def test_an_automations_command_is_no_hand(quick_house: House, quick_window: PlayedWindow) -> None:
    context = Context()
    event = {"name": "x", "entity_id": "automation.x"}
    quick_house.hass.bus.async_fire("automation_triggered", event, context=context)
    await quick_house.settle()
    station = quick_house.hub.roster.get("bedroom")
    assert station is not None
    task = quick_house.start(quick_house.hub.owner.move(station, context, position=50))
    sent = await quick_house.until_sent("/control")
    assert sent.json["source"] == "automation"
    assert quick_house.shown("sensor", "hold_until") == "unknown"
    await quick_window.result(sent.json["command_id"], "accepted")
    await task


async def test_each_command_on_the_wire_is_logged_once_whoever_sent_it(
    quick_house: House, quick_window: PlayedWindow, caplog: pytest.LogCaptureFixture
) -> None:
    control = {"position": 40, "source": "ml", "command_id": "q1", "session": "s1", "rev": 2, "confidence": 0.83}
    with caplog.at_level("INFO", logger="custom_components.smart_window"):
        await quick_house.hear("window/bedroom/control", control)
        await quick_house.hear("window/stranger/control", control)
    records = [one for one in caplog.records if one.name == "custom_components.smart_window.chronicle"]
    told = [one.message for one in records if one.levelname == "INFO"]
    # The same fields as the service's log lines carry.
    assert {(vars(one)["device_id"], vars(one)["correlation_id"]) for one in records} == {
        ("bedroom", "q1"),
        ("stranger", "q1"),
    }
    assert told == [
        "Window bedroom: 40 % by ml, confidence 0.83 (q1)",
        "Window stranger: 40 % by ml, confidence 0.83 (q1)",
    ]
    assert quick_house.device("stranger") is None


async def test_an_unload_ends_a_command_that_waits(quick_house: House, quick_window: PlayedWindow) -> None:
    _, task = await command(quick_house, "open_cover")
    await quick_house.hub.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await task
    assert raised.value.translation_key == "no_answer"


async def test_when_the_house_has_stopped_nothing_is_on_its_way_any_more(
    quick_house: House, quick_window: PlayedWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    async def never(*_: object, **__: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("guard")

    monkeypatch.setattr(mqtt, "async_publish", never)
    await quick_house.hear("window/bedroom/state", quick_window.now | {"hand_id": "h1", "rev": 3})
    assert not ended
    await quick_house.hub.outbox.close()
    assert ended


async def test_a_guard_that_cannot_leave_disturbs_nothing(
    quick_house: House, quick_window: PlayedWindow, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise HomeAssistantError("full")

    monkeypatch.setattr(mqtt, "async_publish", fails)
    await quick_window.press("h1")
    assert quick_house.shown("sensor", "reason") == "held"
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_command_that_cannot_leave_is_an_error(
    quick_house: House, quick_window: PlayedWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise HomeAssistantError("full")

    monkeypatch.setattr(mqtt, "async_publish", fails)
    with pytest.raises(HomeAssistantError, match="full"):
        await quick_house.act("cover.open_cover", "cover")


async def test_a_duplicate_was_accepted_before(quick_house: House, quick_window: PlayedWindow) -> None:
    sent, task = await command(quick_house, "open_cover")
    await quick_window.result(sent.json["command_id"], "duplicate")
    await task


async def test_a_broker_that_goes_while_the_hold_is_stored_gets_no_command(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    quick_house.mqtt.connected = False
    control = Control(source=Source.USER, command_id="c1", position=50)
    with pytest.raises(HomeAssistantError) as raised:
        await quick_house.hub.outbox.command("bedroom", control, lambda: None)
    assert raised.value.translation_key == "mqtt_disconnected"
    assert quick_house.sent() == []


def shown(house: House) -> tuple[str | None, object]:
    found = house.state("cover", "cover")
    return (None, None) if found is None else (found.state, found.attributes.get("current_position"))


async def test_the_cover_shows_at_once_where_it_was_commanded_to_and_then_what_the_window_says(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    sent, task = await command(quick_house, "set_cover_position", position=70)
    assert shown(quick_house) == ("opening", 70)
    await quick_window.result(sent.json["command_id"], "accepted")
    await task
    assert shown(quick_house) == ("opening", 70)
    await quick_window.report(position=34, target=70, operation="opening", command_id=sent.json["command_id"], rev=3)
    assert shown(quick_house) == ("opening", 34)


async def test_a_state_that_overtakes_the_answer_is_believed(quick_house: House, quick_window: PlayedWindow) -> None:
    sent, task = await command(quick_house, "close_cover")
    assert shown(quick_house) == ("closing", 0)
    await quick_house.hear(
        "window/bedroom/state",
        quick_window.now | {"position": 29, "operation": "closing", "command_id": sent.json["command_id"], "rev": 3},
        settle=False,
    )
    await asyncio.sleep(0)
    assert shown(quick_house) == ("closing", 29)
    await quick_window.result(sent.json["command_id"], "accepted")
    await task


async def test_the_cover_shows_the_old_position_again_when_the_window_refuses(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    sent, task = await command(quick_house, "open_cover")
    assert shown(quick_house) == ("opening", 100)
    await quick_window.result(sent.json["command_id"], "fault", "stall")
    with pytest.raises(HomeAssistantError):
        await task
    assert shown(quick_house) == ("open", 30)


async def test_the_cover_shows_the_old_position_again_when_the_window_stays_silent(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    _, task = await command(quick_house, "open_cover")
    freezer.tick(3.1)
    with pytest.raises(HomeAssistantError):
        await task
    assert shown(quick_house) == ("open", 30)


async def test_an_automations_command_is_a_hand_where_its_owner_says_so(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await set_up(hass, mqtt_mock, QUICK | {"hand": {"automations_are_hands": True}})
    window = PlayedWindow(house)
    await window.appear()
    context = Context()
    hass.bus.async_fire("automation_triggered", {"name": "x", "entity_id": "automation.x"}, context=context)
    await house.settle()
    station = house.hub.roster.get("bedroom")
    assert station is not None
    task = house.start(house.hub.owner.move(station, context, position=50))
    sent = await house.until_sent("/control")
    assert sent.json["source"] == "user"
    assert station.window.hands.hold is not None
    assert station.window.hands.hold.cause == "automation"
    await window.result(sent.json["command_id"], "accepted")
    await task


async def test_what_the_window_said_just_before_the_end_still_counts(
    hass: HomeAssistant, quick_house: House, quick_window: PlayedWindow
) -> None:
    sent, answered = await command(quick_house, "open_cover")
    _, waiting = await command(quick_house, "close_cover")
    outbox = quick_house.entry.runtime_data.outbox
    outbox.result(ControlResult(sent.json["command_id"], Result.ACCEPTED))
    await outbox.close()
    await answered
    with pytest.raises(HomeAssistantError) as raised:
        await waiting
    assert raised.value.translation_key == "no_answer"
