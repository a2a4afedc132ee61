"""The owner's switches: all windows paused, and a window whose buttons do nothing."""

from homeassistant.helpers import entity_registry as er

from custom_components.smart_window.const import DOMAIN

from .house import House, PlayedWindow


def pause(house: House) -> str:
    found = er.async_get(house.hass).async_get_entity_id("switch", DOMAIN, f"{house.entry.entry_id}.pause")
    assert found is not None
    return found


async def turn(house: House, entity_id: str, service: str) -> None:
    await house.hass.services.async_call("switch", service, {"entity_id": entity_id}, blocking=True)
    await house.settle()


async def test_paused_no_rule_and_no_model_moves_any_window(quick_house: House, quick_window: PlayedWindow) -> None:
    await turn(quick_house, pause(quick_house), "turn_on")
    assert quick_house.sent("/guard")[-1].json["machines"] is False
    assert quick_house.shown("sensor", "reason") == "paused"
    await quick_window.report(rain=True, rev=3)
    assert quick_house.moves() == []
    await quick_window.report(rain=False, rev=4)
    await turn(quick_house, pause(quick_house), "turn_off")
    assert quick_house.sent("/guard")[-1].json["machines"] is True


async def test_the_pause_survives_a_restart_and_counts_for_windows_that_come_later(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await turn(quick_house, pause(quick_house), "turn_on")
    assert await quick_house.hass.config_entries.async_reload(quick_house.entry.entry_id)
    await quick_house.settle()
    state = quick_house.hass.states.get(pause(quick_house))
    assert state is not None
    assert state.state == "on"
    await quick_window.report(rev=3)
    assert quick_house.shown("sensor", "reason") == "paused"
    kitchen = PlayedWindow(quick_house, "kitchen")
    await kitchen.appear()
    assert quick_house.shown("sensor", "reason", "kitchen") == "paused"


async def test_the_child_lock_reaches_the_guard_and_survives_a_restart(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_house.act("switch.turn_on", "child_lock")
    guard = quick_house.sent("/guard")[-1].json
    assert (guard["lock"], guard["machines"]) == ("child", True)
    assert await quick_house.hass.config_entries.async_reload(quick_house.entry.entry_id)
    await quick_house.settle()
    await quick_window.report(rev=3)
    assert quick_house.shown("switch", "child_lock") == "on"
    await quick_house.act("switch.turn_off", "child_lock")
    assert quick_house.sent("/guard")[-1].json["lock"] == "none"
