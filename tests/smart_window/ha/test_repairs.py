from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component

from custom_components.smart_window.repairs import async_create_fix_flow

from .house import ANNOUNCE, House, PlayedWindow
from .test_guard import FOREIGN


async def fix(hass: HomeAssistant, issue_id: str) -> dict[str, Any]:
    """Click through the repair as its owner does."""
    assert await async_setup_component(hass, "repairs", {})
    manager = hass.data["repairs"]["flow_manager"]
    result = await manager.async_init("smart_window", data={"issue_id": issue_id})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "confirm"
    assert result["description_placeholders"] == {"name": "Bedroom window"}
    done: dict[str, Any] = await manager.async_configure(result["flow_id"], {})
    await hass.async_block_till_done()
    return done


CONTROL = {"position": 90, "source": "user", "command_id": "c1", "session": "s1", "rev": 1}


async def test_a_retained_command_is_not_obeyed_and_is_told_and_cleared_by_a_click(
    house: House, window: PlayedWindow, caplog: pytest.LogCaptureFixture
) -> None:
    await window.appear()
    house.forget_sent()
    with caplog.at_level("INFO"):
        await house.hear("window/bedroom/control", CONTROL, retain=True)
    assert house.issues() == {"retained_control.bedroom"}
    assert "90 % by user" not in caplog.text
    assert house.shown("sensor", "hold_until") == "unknown"
    assert house.sent() == []
    done = await fix(house.hass, "retained_control.bedroom")
    assert done["type"] is FlowResultType.CREATE_ENTRY
    [sent] = house.sent()
    assert (sent.topic, sent.payload, sent.retain) == ("window/bedroom/control", b"", True)
    await house.hear("window/bedroom/control", "")
    assert house.issues() == set()


async def test_even_a_broken_retained_command_is_told(house: House, window: PlayedWindow) -> None:
    await window.appear()
    await house.hear("window/bedroom/control", "50", retain=True)
    assert house.issues() == {"retained_control.bedroom"}


async def test_a_window_is_taken_over_by_a_click(house: House, window: PlayedWindow) -> None:
    await house.hear("window/bedroom/guard", FOREIGN, retain=True)
    await window.appear()
    assert house.sent("/guard") == []
    done = await fix(house.hass, "foreign_guard.bedroom")
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert house.issues() == set()
    assert house.sent("/guard")[-1].json["hub"] != FOREIGN["hub"]


async def test_a_repair_says_so_when_it_cannot_be_done_now(house: House, window: PlayedWindow) -> None:
    await window.appear()
    await house.hear("window/bedroom/guard", FOREIGN, retain=True)
    house.mqtt.connected = False
    done = await fix(house.hass, "foreign_guard.bedroom")
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "mqtt_disconnected"
    assert house.issues() == {"foreign_guard.bedroom"}


async def test_a_repair_of_an_entry_that_is_gone_ends(house: House) -> None:
    data: dict[str, str | int | float | None] = {
        "entry_id": "none",
        "issue": "foreign_guard",
        "device_id": "bedroom",
        "name": "x",
    }
    flow = await async_create_fix_flow(house.hass, "foreign_guard.bedroom", data)
    flow.hass = house.hass
    done = await flow.async_step_confirm({})  # type: ignore[attr-defined]
    assert done["reason"] == "not_loaded"
    assert await async_create_fix_flow(house.hass, "other", None) is not None


async def test_a_window_of_another_contract_is_left_alone_and_told(house: House, window: PlayedWindow) -> None:
    await house.hear("window/bedroom/announce", ANNOUNCE | {"contract": 2})
    await window.report()
    await window.measure("temperature", 20)
    assert house.issues() == {"window_contract.bedroom"}
    assert house.sent() == []
    await house.hear("window/bedroom/announce", ANNOUNCE)
    assert house.issues() == set()


async def test_unloading_takes_the_repairs_back(house: House, window: PlayedWindow) -> None:
    await window.appear()
    await house.hear("window/bedroom/control", CONTROL, retain=True)
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert house.issues() == set()


async def test_a_removed_window_takes_its_repairs_with_it(house: House, window: PlayedWindow) -> None:
    await window.appear()
    await house.hear("window/bedroom/control", CONTROL, retain=True)
    await house.hear("window/bedroom/announce", "")
    assert house.issues() == set()
