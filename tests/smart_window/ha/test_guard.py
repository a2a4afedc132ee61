from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from .house import House, PlayedWindow, set_up

FOREIGN: dict[str, Any] = {
    "hub": "another",
    "machines": True,
    "min": 0,
    "max": 100,
    "lock": "none",
    "rain_position": 0,
    "microphone": True,
}


async def test_the_guard_is_retained_names_its_hub_and_gives_a_new_window_no_leave(quick_house: House) -> None:
    await PlayedWindow(quick_house).appear()
    sent = quick_house.sent("/guard")[-1]
    assert (sent.qos, sent.retain) == (1, True)
    guard = sent.json
    assert guard["machines"] is False
    assert guard["lock"] == "none"
    assert len(guard["hub"]) == 32
    assert guard["ts"] > 0


async def test_the_guard_follows_the_mode_at_once(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_house.act("select.select_option", "mode", option="advise")
    await quick_house.act("select.select_option", "mode", option="automatic")
    assert [one.json["machines"] for one in quick_house.sent("/guard")] == [False, True]


async def test_the_guard_is_repeated_each_minute(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    for _ in range(3):
        await quick_house.wait(freezer, 60)
        await quick_window.report()
    guards = quick_house.sent("/guard")
    assert len(guards) == 3
    assert len({(one.json["hub"], one.json["machines"]) for one in guards}) == 1


async def test_a_window_that_comes_online_gets_its_guard(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_house.hear("window/bedroom/availability", "offline")
    quick_house.forget_sent()
    await quick_house.hear("window/bedroom/availability", "online")
    assert len(quick_house.sent("/guard")) == 1


async def test_an_unchanged_window_gets_no_other_guard(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.report()
    await quick_window.measure("temperature", 20)
    assert quick_house.sent("/guard") == []


async def test_a_window_that_only_measures_gets_no_guard(freezer: FrozenDateTimeFactory, quick_house: House) -> None:
    await PlayedWindow(quick_house, "porch").measure("temperature", 20)
    await quick_house.wait(freezer, 60)
    assert quick_house.sent() == []


async def test_the_hubs_name_stays_the_same_over_a_restart(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_house.act("select.select_option", "mode", option="off")
    await quick_house.hass.config_entries.async_reload(quick_house.entry.entry_id)
    await quick_window.report()
    assert len({one.json["hub"] for one in quick_house.sent("/guard")}) == 1
    assert len(quick_house.sent("/guard")) > 1


async def test_under_a_foreign_guard_this_hub_only_advises_until_its_owner_takes_over(
    freezer: FrozenDateTimeFactory, hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await set_up(hass, mqtt_mock, {"questions": {"min_interval_s": 0}, "advanced": {"settle_s": 0}})
    window = PlayedWindow(house)
    await house.hear("window/bedroom/guard", FOREIGN, retain=True)
    await window.appear()
    await house.act("select.select_option", "mode", option="automatic")
    assert house.shown("sensor", "reason") == "foreign_guard"
    assert house.issues() == {"foreign_guard.bedroom"}
    await house.wait(freezer, 60)
    await window.report()
    assert house.sent("/guard") == []
    await window.measure("temperature", 25)
    assert house.sent("/request/bedroom")[-1].json["grant"]["act"] is False

    assert house.hub.owner.take_over("bedroom")
    await house.settle()
    assert house.issues() == set()
    assert house.sent("/guard")[-1].json["machines"] is True


async def test_a_foreign_guard_that_comes_later_is_noticed_and_answered_by_no_other(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_house.hear("window/bedroom/guard", FOREIGN)
    assert quick_house.issues() == {"foreign_guard.bedroom"}
    await quick_house.wait(freezer, 60)
    assert quick_house.sent("/guard") == []


async def test_our_own_guard_is_not_foreign(quick_house: House) -> None:
    window = PlayedWindow(quick_house)
    await window.appear()
    own = quick_house.sent("/guard")[-1]
    await quick_house.hear("window/bedroom/guard", own.payload)
    assert quick_house.issues() == set()


async def test_a_window_with_a_new_session_gets_its_guard_again_since_a_kept_one_is_no_link(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.report(session="s2", rev=1)
    assert len(quick_house.sent("/guard")) == 1
    await quick_window.report(session="s2", rev=1, position=31)
    assert len(quick_house.sent("/guard")) == 1
