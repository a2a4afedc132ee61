"""What is a hand, what it holds, and what survives a restart."""

from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.contract import MessageKind

from .house import QUICK, House, PlayedWindow, new_entry, set_up


def held(house: House) -> bool:
    return house.shown("sensor", "hold_until") != "unknown"


async def restart(house: House) -> None:
    """As far as the integration is concerned: all is forgotten but what was stored."""
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()


async def test_the_first_state_ever_seen_is_no_hand(house: House, window: PlayedWindow) -> None:
    window.now["hand_id"] = "h7"
    await window.appear()
    assert not held(house)


async def test_a_press_holds_the_window_and_takes_the_machines_leave(
    quick_house: House, quick_window: PlayedWindow, hass_storage: dict[str, Any]
) -> None:
    await quick_window.press("h1", position=0, target=0)
    assert held(quick_house)
    assert quick_house.shown("sensor", "reason") == "held"
    assert quick_house.sent("/guard")[-1].json["machines"] is False
    stored = hass_storage[f"smart_window.{quick_house.entry.entry_id}"]["data"]["windows"]["bedroom"]["hands"]
    assert stored["handled"] == ["h1"]
    assert stored["hold"] is not None


async def test_a_repeated_or_older_hand_is_not_another_one(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.press("h1")
    await quick_window.press("h2")
    await quick_house.act("button.press", "release_hold")
    assert not held(quick_house)
    await quick_window.report(hand_id="h1")
    await quick_window.report(hand_id="h2")
    assert not held(quick_house)


async def test_a_press_while_home_assistant_was_away_is_a_hand(quick_house: House, quick_window: PlayedWindow) -> None:
    await restart(quick_house)
    await quick_window.report(hand_id="h9", rev=5, retain=True)
    assert held(quick_house)


async def test_a_hold_survives_a_restart_and_the_same_hand_is_not_taken_twice(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.press("h1")
    await restart(quick_house)
    await quick_window.report(retain=True)
    assert held(quick_house)
    await quick_house.act("button.press", "release_hold")
    await restart(quick_house)
    await quick_window.report(retain=True)
    assert not held(quick_house)


async def test_a_hold_ends_with_its_time(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.press("h1")
    await quick_house.wait(freezer, 3590)
    assert held(quick_house)
    await quick_window.report()
    quick_house.forget_sent()
    await quick_house.wait(freezer, 20)
    assert not held(quick_house)
    assert quick_house.sent("/guard")[-1].json["machines"] is True


async def test_releasing_gives_the_leave_back(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.press("h1")
    quick_house.forget_sent()
    await quick_house.act("button.press", "release_hold")
    assert not held(quick_house)
    assert [one.json["machines"] for one in quick_house.sent("/guard")] == [True]


async def test_a_persons_hold_is_stored_before_the_command_leaves(
    quick_house: House, quick_window: PlayedWindow, hass_storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = f"smart_window.{quick_house.entry.entry_id}"
    assert hass_storage[key]["data"]["windows"]["bedroom"]["hands"]["hold"] is None
    publish = quick_house.hub.outbox._publish
    found: list[object] = []

    async def look(kind: MessageKind, device_id: str, payload: bytes, *, retain: bool = False) -> None:
        found.append(hass_storage[key]["data"]["windows"]["bedroom"]["hands"]["hold"])
        await publish(kind, device_id, payload, retain=retain)

    monkeypatch.setattr(quick_house.hub.outbox, "_publish", look)
    task = quick_house.start(quick_house.act("cover.open_cover", "cover"))
    sent = await quick_house.until_sent("/control")
    await quick_window.result(sent.json["command_id"], "accepted")
    await task
    assert found[0] is not None
    await restart(quick_house)
    await quick_window.report(retain=True)
    assert held(quick_house)


async def test_the_mode_survives_a_restart(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_house.act("select.select_option", "mode", option="off")
    await restart(quick_house)
    await quick_window.report(retain=True)
    assert quick_house.shown("select", "mode") == "off"


async def test_what_was_stored_of_a_window_outlives_a_start_in_which_it_was_silent(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await set_up(hass, mqtt_mock, QUICK)
    window = PlayedWindow(house)
    await window.appear()
    await house.act("select.select_option", "mode", option="automatic")
    await restart(house)
    await PlayedWindow(house, "kitchen").appear()
    await restart(house)
    await window.report(retain=True)
    assert house.shown("select", "mode") == "automatic"


async def test_what_was_stored_and_fits_no_more_becomes_a_careful_start(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, hass_storage: dict[str, Any]
) -> None:
    entry = new_entry(QUICK)
    kept = {"windows": {"bedroom": {"mode": "of_a_later_version", "hands": {"handled": 7}}}, "removed": []}
    hass_storage[f"smart_window.{entry.entry_id}"] = {"version": 1, "minor_version": 1, "data": kept}
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    house = House(hass, mqtt_mock, entry)
    await PlayedWindow(house).appear()
    assert house.shown("select", "mode") == "advise"
    assert not held(house)


async def held_by_a_press(hass: HomeAssistant, mqtt: MqttMockHAClient, hand: dict[str, Any]) -> House:
    house = await set_up(hass, mqtt, QUICK | {"hand": hand})
    window = PlayedWindow(house)
    await window.appear()
    await window.press("h1")
    return house


async def test_a_hold_until_released_outlives_days_and_a_restart_and_is_seen(
    freezer: FrozenDateTimeFactory, hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await held_by_a_press(hass, mqtt_mock, {"hold_rule": "until_released"})
    assert house.shown("binary_sensor", "held") == "on"
    assert house.shown("sensor", "hold_until") == "unknown"
    await house.wait(freezer, 30 * 86_400)
    await restart(house)
    window = PlayedWindow(house)
    await window.report(hand_id="h1", retain=True)
    assert house.shown("binary_sensor", "held") == "on"
    await house.act("button.press", "release_hold")
    assert house.shown("binary_sensor", "held") == "off"


async def test_a_hold_until_the_morning_ends_at_that_time_of_the_day(
    freezer: FrozenDateTimeFactory, hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to("2026-11-23 21:00:00+00:00")
    house = await held_by_a_press(hass, mqtt_mock, {"hold_rule": "until_morning", "morning": "06:30:00"})
    assert house.shown("sensor", "hold_until") == "2026-11-24T05:30:00+00:00"


async def test_a_hold_is_an_event_when_it_begins_and_when_it_ends(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    def told() -> object:
        found = quick_house.state("event", "decision")
        return None if found is None else found.attributes.get("event_type")

    task = quick_house.start(quick_house.act("cover.open_cover", "cover"))
    sent = await quick_house.until_sent("/control")
    await quick_window.result(sent.json["command_id"], "accepted")
    await task
    assert told() == "hold_began"
    await quick_house.act("button.press", "release_hold")
    assert told() == "hold_ended"


async def test_the_last_move_is_stored_ten_seconds_after_it_began_and_nothing_without_one(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow, hass_storage: dict[str, Any]
) -> None:
    await quick_window.appear()
    key = f"smart_window.{quick_house.entry.entry_id}"

    def last_move() -> object:
        return hass_storage[key]["data"]["windows"]["bedroom"].get("last_move")

    await quick_house.wait(freezer, 15)
    before = last_move()
    await quick_window.report(rain=False)
    await quick_house.wait(freezer, 15)
    assert last_move() == before
    await quick_window.report(operation="opening", target=60, source="ml", rev=7)
    await quick_house.wait(freezer, 15)
    assert last_move() is not None
    assert last_move() != before
