"""A window's own settings, as its owner fills them in."""

from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_USER
from homeassistant.data_entry_flow import FlowResultType, InvalidData

from .house import House, PlayedWindow, window_settings

KIND = "window"


async def begin(house: House) -> Any:  # noqa: ANN401 - as Home Assistant gives it
    flows = house.hass.config_entries.subentries
    return await flows.async_init((house.entry.entry_id, KIND), context={"source": SOURCE_USER})


async def fill(house: House, flow: Any, values: dict[str, Any]) -> Any:  # noqa: ANN401 - as Home Assistant gives it
    return await house.hass.config_entries.subentries.async_configure(flow["flow_id"], values)


async def test_a_window_that_was_heard_is_chosen_and_set_up(house: House, window: PlayedWindow) -> None:
    await window.appear()
    house.hass.states.async_set("sensor.out", "12")
    flow = await begin(house)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "user")
    flow = await fill(house, flow, {"device_id": "bedroom"})
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "settings")
    assert flow["description_placeholders"] == {"name": "Bedroom window"}
    flow = await fill(house, flow, window_settings(outdoors={"outdoor_temperature": "sensor.out"}))
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await house.settle()
    [subentry] = house.entry.subentries.values()
    assert (subentry.unique_id, subentry.title) == ("bedroom", "Bedroom window")
    station = house.hub.roster.get("bedroom")
    assert station is not None
    assert station.window.own.frost_limit == -5


async def test_without_a_window_there_is_nothing_to_set_up(house: House, window: PlayedWindow) -> None:
    assert (await begin(house))["reason"] == "no_window"
    await window.appear()
    flow = await fill(house, await begin(house), {"device_id": "bedroom"})
    await fill(house, flow, window_settings())
    assert (await begin(house))["reason"] == "no_window"


async def test_an_entry_that_is_not_loaded_offers_no_window(house: House, window: PlayedWindow) -> None:
    await window.appear()
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert (await begin(house))["reason"] == "no_window"


async def test_settings_are_changed_later(house: House, window: PlayedWindow) -> None:
    await window.appear()
    flow = await fill(house, await begin(house), {"device_id": "bedroom"})
    await fill(house, flow, window_settings())
    [subentry] = house.entry.subentries.values()
    flow = await house.entry.start_subentry_reconfigure_flow(house.hass, subentry.subentry_id)
    assert flow["step_id"] == "reconfigure"
    flow = await fill(house, flow, window_settings(limits={"band_max": 70}, room={"taste": "quiet", "volume_m3": 42}))
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await house.settle()
    station = house.hub.roster.get("bedroom")
    assert station is not None
    own = station.window.own
    assert (own.band_max, own.taste, own.volume_m3) == (70, "quiet", 42)


@pytest.mark.parametrize(
    ("section", "values", "error"),
    [
        ("outdoors", {"outdoor_temperature": "sensor.nowhere"}, "unknown_entity"),
        ("outdoors", {"rain": ["binary_sensor.nowhere"]}, "unknown_entity"),
        ("room", {"climate": "climate.nowhere"}, "unknown_entity"),
        ("limits", {"band_min": 60, "band_max": 40}, "band_upside_down"),
        ("hazards", {"wind_limit": 2, "wind_hysteresis": 3}, "hysteresis_too_large"),
    ],
)
async def test_what_cannot_be_gets_an_error_and_can_be_corrected(
    house: House, window: PlayedWindow, section: str, values: dict[str, Any], error: str
) -> None:
    await window.appear()
    flow = await fill(house, await begin(house), {"device_id": "bedroom"})
    flow = await fill(house, flow, window_settings(**{section: values}))
    assert flow["type"] is FlowResultType.FORM
    assert flow["errors"] == {section: error}
    flow = await fill(house, flow, window_settings())
    assert flow["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("outdoors", {"weather": "light.lamp"}),
        ("hazards", {"wind_limit": 900}),
        ("limits", {"airing": "sometimes"}),
        ("room", {"volume_m3": -1}),
    ],
)
async def test_what_the_form_does_not_offer_is_refused(
    house: House, window: PlayedWindow, section: str, values: dict[str, Any]
) -> None:
    await window.appear()
    flow = await fill(house, await begin(house), {"device_id": "bedroom"})
    with pytest.raises(InvalidData):
        await fill(house, flow, window_settings(**{section: values}))
