"""Hazards and the plain rule command windows; a start alone moves nothing."""

from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from .house import House, PlayedWindow, set_up

PLAIN: dict[str, Any] = {
    "questions": {"min_interval_s": 0, "fallback": True},
    "outdoors": {"weather_entity": "weather.home"},
    "advanced": {"settle_s": 0},
}


def events(house: House) -> str | None:
    found = house.state("event", "decision")
    return None if found is None else found.attributes.get("event_type")


async def test_rain_closes_a_window_by_a_command_of_safety_that_carries_the_fence(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.report(rain=True, rev=3)
    [sent] = quick_house.moves()
    assert (sent.qos, sent.retain) == (1, False)
    assert sent.topic == "window/bedroom/control"
    assert (sent.json["source"], sent.json["position"]) == ("safety", 0)
    assert (sent.json["session"], sent.json["rev"]) == ("s1", 3)
    assert quick_house.shown("sensor", "reason") == "rain"
    assert events(quick_house) == "commanded"


async def test_the_command_of_safety_is_repeated_until_the_state_shows_it(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.report(rain=True, rev=3)
    for count, seconds in ((2, 1.1), (3, 2.1), (4, 4.1)):
        await quick_house.wait(freezer, seconds)
        assert len(quick_house.moves()) == count
    ids = {one.json["command_id"] for one in quick_house.moves()}
    assert len(ids) == 4
    await quick_window.report(position=0, target=0, rev=4)
    for _ in range(3):
        await quick_house.wait(freezer, 60)
        await quick_window.report()
    assert len(quick_house.moves()) == 4


async def test_the_command_leaves_before_the_guard_that_would_make_its_fence_old(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.report(rain=True, rev=3)
    topics = [one.topic for one in quick_house.sent("/control", "/guard")]
    assert topics[0] == "window/bedroom/control"


async def test_a_stale_command_of_safety_leaves_again_with_the_state_that_follows(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.report(rain=True, rev=3)
    [sent] = quick_house.moves()
    await quick_window.result(sent.json["command_id"], "stale", "rev")
    await quick_window.report(rev=4)
    assert [one.json["rev"] for one in quick_house.moves()] == [3, 4]


@pytest.mark.parametrize("mode", ["advise", "off"])
async def test_where_nothing_may_move_it_a_hazard_moves_nothing(
    quick_house: House, quick_window: PlayedWindow, mode: str
) -> None:
    await quick_house.act("select.select_option", "mode", option=mode)
    await quick_window.report(rain=True, rev=4)
    assert quick_house.moves() == []


async def test_a_window_that_only_protects_is_closed_by_a_hazard_and_only_advised_by_the_model(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_house.act("select.select_option", "mode", option="protect")
    await quick_window.report(rev=4)
    await quick_window.measure("temperature", 25)
    assert quick_house.sent("/request/bedroom")[-1].json["grant"]["act"] is False
    await quick_window.report(rain=True, rev=5)
    assert [one.json["source"] for one in quick_house.moves()] == ["safety"]


async def test_nothing_is_commanded_while_mqtt_is_disconnected(quick_house: House, quick_window: PlayedWindow) -> None:
    quick_house.mqtt.connected = False
    await quick_window.report(rain=True, rev=3)
    assert quick_house.sent() == []


async def test_a_restart_alone_moves_nothing_and_a_hazard_waits_until_all_has_settled(
    freezer: FrozenDateTimeFactory, hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await set_up(hass, mqtt_mock, {"advanced": {"settle_s": 30}})
    window = PlayedWindow(house)
    await window.appear()
    await house.act("select.select_option", "mode", option="automatic")
    await house.wait(freezer, 31)
    await window.report(rev=2)
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    await window.report(retain=True)
    await window.report()
    await house.wait(freezer, 60)
    await window.report()
    assert house.moves() == []
    assert await hass.config_entries.async_unload(house.entry.entry_id)
    assert await hass.config_entries.async_setup(house.entry.entry_id)
    await house.settle()
    await window.report(retain=True)
    await window.report(rain=True, rev=3)
    await house.wait(freezer, 29)
    assert house.moves() == []
    await house.wait(freezer, 2)
    assert [one.json["source"] for one in house.moves()] == ["safety"]


async def test_where_the_service_is_absent_the_plain_rule_moves_the_window(
    freezer: FrozenDateTimeFactory, hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await set_up(hass, mqtt_mock, PLAIN)
    hass.states.async_set("weather.home", "sunny", {"temperature": 18, "temperature_unit": "°C", "humidity": 40})
    window = PlayedWindow(house)
    await window.appear()
    await house.act("select.select_option", "mode", option="automatic")
    await window.report(rev=2)
    await window.measure("temperature", 30)
    await house.wait(freezer, 11)
    await window.report()
    await window.measure("temperature", 31)
    for _ in range(12):
        await house.wait(freezer, 10)
        await window.report()
        if house.moves():
            break
    sent = house.moves()[0].json
    assert sent["source"] == "fallback"
    assert (sent["session"], sent["rev"]) == ("s1", 2)


async def test_a_window_that_cannot_be_closed_is_an_event_a_repair_and_an_alert_until_it_is_closed(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.report(rain=True, obstacle=True, rev=3)
    assert events(quick_house) == "could_not_close"
    found = quick_house.state("event", "decision")
    assert found is not None
    assert (found.attributes["why"], found.attributes["blocked"]) == ("rain", "obstacle")
    assert "could_not_close.bedroom" in quick_house.issues()
    assert quick_house.alerts() == {"smart_window.could_not_close.bedroom"}
    await quick_window.report(obstacle=False, position=0, target=0, rev=4)
    assert events(quick_house) == "closed_after_all"
    assert quick_house.issues() == set()
    assert quick_house.alerts() == set()


async def test_a_press_in_the_rain_stands_and_is_told(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.report(rain=True, position=0, target=0, rev=3)
    await quick_window.press("h1", position=50, target=50)
    assert quick_house.moves() == []
    assert quick_house.shown("sensor", "reason") == "held_in_hazard"
    assert "could_not_close.bedroom" in quick_house.issues()


async def test_a_restart_does_not_make_a_hazard_younger_than_the_hand_that_knew_of_it(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.report(rain=True, position=0, target=0, rev=3)
    await quick_house.wait(freezer, 30)
    await quick_window.press("h1", position=50, target=50)
    await quick_house.wait(freezer, 30)
    assert await quick_house.hass.config_entries.async_reload(quick_house.entry.entry_id)
    await quick_house.settle()
    await quick_window.report(retain=True)
    await quick_window.report()
    assert quick_house.shown("sensor", "reason") == "held_in_hazard"
    assert quick_house.moves() == []
