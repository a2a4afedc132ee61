"""Triggers and conditions of a window for automations, as Home Assistant's own editor offers them."""

import pytest
from homeassistant.components.device_automation import DeviceAutomationType
from homeassistant.core import ServiceCall
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_get_device_automations, async_mock_service

from custom_components.smart_window.device_condition import async_condition_from_config

from .house import House, PlayedWindow
from .test_actions import advise


def device_id(house: House) -> str:
    device = house.device()
    assert device is not None
    return device.id


async def automation(house: House, trigger: str, *conditions: str) -> list[ServiceCall]:
    calls = async_mock_service(house.hass, "test", "automation")
    base = {"domain": "smart_window", "device_id": device_id(house)}
    config = {
        "alias": trigger,
        "trigger": {"platform": "device", "type": trigger, **base},
        "condition": [{"condition": "device", "type": one, **base} for one in conditions],
        "action": {"service": "test.automation", "data": {"told": "{{ trigger.event.data.sentence }}"}},
    }
    assert await async_setup_component(house.hass, "automation", {"automation": config})
    await house.settle()
    return calls


async def test_a_window_offers_its_triggers_and_conditions_and_the_hub_none(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    found = {
        kind: {
            one["type"]
            for one in await async_get_device_automations(quick_house.hass, kind, device_id(quick_house))
            if one["domain"] == "smart_window"
        }
        for kind in (DeviceAutomationType.TRIGGER, DeviceAutomationType.CONDITION)
    }
    assert found == {
        DeviceAutomationType.TRIGGER: {"suggested", "hold_began", "hold_ended", "could_not_close"},
        DeviceAutomationType.CONDITION: {"is_held", "could_not_close", "has_suggestion"},
    }
    entry_id = quick_house.entry.entry_id
    hub = dr.async_get(quick_house.hass).async_get_device_by_identifier(("smart_window", entry_id), entry_id)
    assert hub is not None
    ours = await async_get_device_automations(quick_house.hass, DeviceAutomationType.TRIGGER, hub.id)
    assert [one for one in ours if one["domain"] == "smart_window"] == []


async def test_a_suggestion_begins_an_automation(quick_house: House, quick_window: PlayedWindow) -> None:
    calls = await automation(quick_house, "suggested")
    await advise(quick_house, quick_window)
    assert [call.data["told"] for call in calls] == ["The model advises 70 %: street noise, confidence 90 %."]


async def test_a_hold_begins_and_ends_automations(quick_house: House, quick_window: PlayedWindow) -> None:
    calls = await automation(quick_house, "hold_began")
    await quick_window.press("h1")
    assert len(calls) == 1


async def test_what_could_not_close_begins_an_automation_for_this_window_alone(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    calls = await automation(quick_house, "could_not_close")
    kitchen = PlayedWindow(quick_house, "kitchen")
    await kitchen.appear()
    await quick_house.act("select.select_option", "mode", "kitchen", option="automatic")
    await kitchen.report(rain=True, obstacle=True, rev=3)
    assert calls == []
    await quick_window.report(rain=True, obstacle=True, rev=3)
    assert len(calls) == 1


@pytest.mark.parametrize("held", [True, False])
async def test_an_automation_may_ask_whether_a_window_is_held(
    quick_house: House, quick_window: PlayedWindow, *, held: bool
) -> None:
    calls = await automation(quick_house, "could_not_close", "is_held")
    if held:
        await quick_window.press("h1")
    await quick_window.report(rain=True, obstacle=True, rev=9)
    assert len(calls) == held


async def test_a_condition_of_the_last_event_holds_until_the_next_one(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    base = {"domain": "smart_window", "device_id": device_id(quick_house), "condition": "device"}
    failed = async_condition_from_config(quick_house.hass, {**base, "type": "could_not_close"})
    suggested = async_condition_from_config(quick_house.hass, {**base, "type": "has_suggestion"})
    assert failed(quick_house.hass, None) is False
    await quick_window.report(rain=True, obstacle=True, rev=9)
    assert failed(quick_house.hass, None) is True
    assert suggested(quick_house.hass, None) is False
    await quick_window.report(rain=False, obstacle=False, rev=11, position=0, target=0)
    assert failed(quick_house.hass, None) is False
    gone = async_condition_from_config(quick_house.hass, {**base, "device_id": "gone", "type": "could_not_close"})
    assert gone(quick_house.hass, None) is False
