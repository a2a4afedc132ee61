from itertools import pairwise

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.helpers import device_registry as dr, entity_registry as er

from custom_components.smart_window.const import DOMAIN

from .house import House, PlayedWindow


async def test_an_announced_window_has_a_cover_and_its_sensors(house: House, window: PlayedWindow) -> None:
    await window.appear()
    cover = house.state("cover", "cover")
    assert cover is not None
    assert cover.state == "open"
    assert cover.attributes["current_position"] == 30
    assert cover.attributes["device_class"] == "window"
    assert cover.name == "Bedroom window"
    assert house.shown("select", "mode") == "advise"
    for key in ("temperature", "humidity", "sound_level", "prediction", "confidence", "reason", "hold_until"):
        assert house.shown("sensor", key) is not None, key


async def test_a_window_is_a_device_under_the_hub(house: House, window: PlayedWindow) -> None:
    await window.appear()
    device = house.device()
    assert device is not None
    assert (device.name, device.model, device.sw_version) == ("Bedroom window", "SW-1", "1.2.3")
    assert device.area_id == "bedroom"
    registry = dr.async_get(house.hass)
    assert device.via_device_id is not None
    hub = registry.async_get(device.via_device_id)
    assert hub is not None
    assert (DOMAIN, house.entry.entry_id) in hub.identifiers


@pytest.mark.parametrize(
    ("position", "shown", "state"), [(0, 0, "closed"), (0.4, 1, "open"), (0.6, 1, "open"), (99.6, 100, "open")]
)
async def test_only_what_is_closed_is_shown_as_closed(
    house: House, window: PlayedWindow, position: float, shown: int, state: str
) -> None:
    await window.appear()
    await window.report(position=position)
    cover = house.state("cover", "cover")
    assert cover is not None
    assert (cover.attributes["current_position"], cover.state) == (shown, state)


async def test_an_unknown_position_is_unknown(house: House, window: PlayedWindow) -> None:
    await window.appear()
    await window.report(position=None, target=None)
    assert house.shown("cover", "cover") == "unknown"


@pytest.mark.parametrize("operation", ["opening", "closing"])
async def test_a_moving_sash_is_shown_as_moving(house: House, window: PlayedWindow, operation: str) -> None:
    await window.appear()
    await window.report(operation=operation, target=50)
    assert house.shown("cover", "cover") == operation


async def test_a_state_is_written_only_when_it_looks_different(house: House, window: PlayedWindow) -> None:
    await window.appear()
    await window.measure("temperature", 20)
    before = {state.entity_id: state.last_reported for state in house.hass.states.async_all()}
    await window.measure("temperature", 20.001)
    await window.report()
    assert {state.entity_id: state.last_reported for state in house.hass.states.async_all()} == before
    await window.measure("temperature", 20.5)
    after = {state.entity_id: state.last_reported for state in house.hass.states.async_all()}
    assert {name for name in after if after[name] != before[name]} == {house.entity("sensor", "temperature")}


async def test_a_reading_of_the_same_value_is_told_once_in_each_minute(
    freezer: FrozenDateTimeFactory, house: House, window: PlayedWindow
) -> None:
    await window.appear()
    told: dict[str, set[float]] = {"temperature": set(), "humidity": set()}
    for _ in range(18):  # three minutes
        await window.measure("temperature", 20)
        await window.measure("humidity", 50)
        await house.wait(freezer, 10)
        for key, moments in told.items():
            state = house.state("sensor", key)
            assert state is not None
            moments.add(state.last_reported.timestamp())
    for moments in told.values():
        assert 3 <= len(moments) <= 4
        in_order = sorted(moments)
        assert max(after - before for before, after in pairwise(in_order)) <= 60


async def test_last_seen_is_off_by_default_and_tells_once_a_minute(
    freezer: FrozenDateTimeFactory, house: House, window: PlayedWindow
) -> None:
    await window.appear()
    entity_id = house.entity("sensor", "last_seen")
    assert entity_id is not None
    registry = er.async_get(house.hass)
    entry = registry.async_get(entity_id)
    assert entry is not None
    assert entry.disabled
    registry.async_update_entity(entity_id, disabled_by=None)
    await house.wait(freezer, 31)  # Home Assistant reloads the entry by itself then
    await window.appear()
    first = house.shown("sensor", "last_seen")
    await house.wait(freezer, 40)
    await window.report()
    assert house.shown("sensor", "last_seen") == first
    await house.wait(freezer, 30)
    await window.report()
    assert house.shown("sensor", "last_seen") != first
