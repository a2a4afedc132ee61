"""A plain device sends readings and understands a number: its owner adopts it, and only people move it."""

import pytest
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.command import Outbox
from custom_components.smart_window.const import SUBENTRY_PLAIN
from custom_components.smart_window.contract import Topics

from .house import House, PlayedWindow


async def adopt(house: House, device_id: str = "porch") -> None:
    flows = house.hass.config_entries.subentries
    shown = await flows.async_init((house.entry.entry_id, SUBENTRY_PLAIN), context={"source": SOURCE_USER})
    assert shown["type"] is FlowResultType.FORM
    made = await flows.async_configure(shown["flow_id"], {"device_id": device_id})
    assert made["type"] is FlowResultType.CREATE_ENTRY
    await house.settle()
    await house.hear(f"sensor/{device_id}/temperature", "20")


async def move(house: House, position: int, context: Context | None = None) -> None:
    target = {"entity_id": house.entity("cover", "plain_cover", "porch"), "position": position}
    await house.hass.services.async_call("cover", "set_cover_position", target, blocking=True, context=context)


async def test_a_plain_device_gets_a_cover_once_it_is_adopted_and_is_told_a_bare_number(house: House) -> None:
    await house.hear("sensor/porch/temperature", "20")
    assert house.entity("cover", "plain_cover", "porch") is None
    await adopt(house)
    state = house.state("cover", "plain_cover", "porch")
    assert state is not None
    assert (state.state, state.attributes["assumed_state"]) == ("unknown", True)
    house.forget_sent()
    await move(house, 40)
    [sent] = house.moves()
    assert (sent.topic, sent.payload, sent.qos, sent.retain) == ("window/porch/control", b"40", 1, False)
    state = house.state("cover", "plain_cover", "porch")
    assert state is not None
    assert (state.state, state.attributes["current_position"]) == ("open", 40)
    await move(house, 0)
    assert house.shown("cover", "plain_cover", "porch") == "closed"
    await house.hear("window/porch/control", "0")
    assert house.hub.router.dropped == {}


async def test_who_gives_it_up_loses_the_cover_and_keeps_the_sensors(house: House) -> None:
    await house.hear("sensor/porch/temperature", "20")
    await adopt(house)
    [subentry_id] = house.entry.subentries
    assert house.hass.config_entries.async_remove_subentry(house.entry, subentry_id)
    await house.settle()
    await house.hear("sensor/porch/temperature", "21")
    assert house.entity("cover", "plain_cover", "porch") is None
    assert house.shown("sensor", "temperature", "porch") == "21.0"


async def test_machines_move_no_plain_device_and_nothing_leaves_by_itself(house: House) -> None:
    await house.hear("sensor/porch/temperature", "20")
    await adopt(house)
    house.forget_sent()
    house.hass.bus.async_fire("automation_triggered", context=(machine := Context()))
    await house.settle()
    with pytest.raises(HomeAssistantError) as refused:
        await move(house, 40, Context(parent_id=machine.id))
    assert refused.value.translation_key == "plain_refuses_machines"
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.hear("sensor/porch/temperature", "31")
    assert house.moves() == []
    assert house.sent("/request/porch") == []


async def test_only_what_said_nothing_of_itself_can_be_adopted_and_only_once(
    house: House, window: PlayedWindow
) -> None:
    await window.appear()
    flows = house.hass.config_entries.subentries
    key = (house.entry.entry_id, SUBENTRY_PLAIN)
    assert (await flows.async_init(key, context={"source": SOURCE_USER}))["reason"] == "no_device"
    await house.hear("sensor/porch/temperature", "20")
    await adopt(house)
    assert (await flows.async_init(key, context={"source": SOURCE_USER}))["reason"] == "no_device"


async def test_offline_or_without_a_broker_it_says_so(
    hass: HomeAssistant, house: House, mqtt_mock: MqttMockHAClient
) -> None:
    await house.hear("sensor/porch/temperature", "20")
    await adopt(house)
    mqtt_mock.connected = False
    with pytest.raises(HomeAssistantError) as refused:
        await move(house, 40)
    assert refused.value.translation_key == "mqtt_disconnected"


async def test_no_number_leaves_once_the_way_out_is_closed(hass: HomeAssistant, house: House) -> None:
    way_out = Outbox(hass, Topics())
    await way_out.close()
    house.forget_sent()
    with pytest.raises(HomeAssistantError) as refused:
        await way_out.number("porch", 40)
    assert refused.value.translation_key == "mqtt_disconnected"
    assert house.moves() == []
