"""What a person finds on a window's page beside its cover, and what it does there."""

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from .house import ANNOUNCE, House, PlayedWindow, set_up, with_settings

RAINY = ANNOUNCE | {"capabilities": ["position", "temperature", "humidity", "audio", "rain"]}


async def enable(house: House, platform: str, key: str, window: PlayedWindow) -> None:
    entity_id = house.entity(platform, key)
    assert entity_id is not None
    er.async_get(house.hass).async_update_entity(entity_id, disabled_by=None)
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    await window.appear()


async def test_air_tells_its_water_and_spares_the_recorder(house: House, window: PlayedWindow) -> None:
    await window.appear()
    assert house.shown("sensor", "absolute_humidity") == "unknown"
    await enable(house, "sensor", "dew_point", window)
    await window.measure("temperature", 20)
    await window.measure("humidity", 50)
    assert house.shown("sensor", "absolute_humidity") == "8.6"
    assert house.shown("sensor", "dew_point") == "9.5"
    before = house.state("sensor", "absolute_humidity")
    for humidity in (50.5, 49.6, 50.4):
        await window.measure("humidity", humidity)
    assert house.state("sensor", "absolute_humidity") is before
    await window.measure("humidity", 55)
    assert house.shown("sensor", "absolute_humidity") == "9.4"


async def test_rain_obstacle_fault_and_connection_are_told(house: House, window: PlayedWindow) -> None:
    window.announce = RAINY
    await window.appear()
    shown = {key: house.shown("binary_sensor", key) for key in ("rain", "obstacle", "fault", "online", "held")}
    assert shown == {"rain": "off", "obstacle": "off", "fault": "off", "online": "on", "held": "off"}
    await window.report(rain=True, obstacle=True, fault="stall", rev=2)
    assert [house.shown("binary_sensor", key) for key in ("rain", "obstacle", "fault")] == ["on", "on", "on"]
    fault = house.state("binary_sensor", "fault")
    assert fault is not None
    assert fault.attributes["code"] == "stall"
    await house.hear("window/bedroom/availability", "offline")
    assert house.shown("binary_sensor", "online") == "off"
    assert house.shown("binary_sensor", "rain") == "unavailable"
    assert house.shown("binary_sensor", "held") == "off"


async def test_rain_is_there_only_where_it_is_sensed(house: House, window: PlayedWindow) -> None:
    await window.appear()
    assert house.entity("binary_sensor", "rain") is None
    await window.report(rain=True, rev=2)
    assert house.shown("binary_sensor", "rain") == "on"


async def test_the_last_move_and_who_wanted_it_survive_a_reload(quick_house: House, quick_window: PlayedWindow) -> None:
    assert quick_house.shown("sensor", "last_move") == "unknown"
    await quick_window.report(target=60, operation="opening", source="ml", rev=3)
    moved = quick_house.shown("sensor", "last_move")
    assert moved not in {None, "unknown"}
    assert quick_house.shown("sensor", "last_move_source") == "ml"
    assert await quick_house.hass.config_entries.async_reload(quick_house.entry.entry_id)
    await quick_house.settle()
    await quick_window.report(retain=True)
    assert quick_house.shown("sensor", "last_move") == moved
    assert quick_house.shown("sensor", "last_move_source") == "ml"


async def test_sound_is_in_decibels_of_its_kind(house: House, window: PlayedWindow) -> None:
    await window.appear()
    assert house.entity("sensor", "noise") is None
    levels = {"la_eq": -41.5, "la_10": -37, "la_90": -53, "spl_eq": 52.2}
    features = {"format": "features", "schema": "s", "values": [1.0], "levels": levels}
    await house.hear("sensor/bedroom/audio", features)
    level, noise = house.state("sensor", "sound_level"), house.state("sensor", "noise")
    assert level is not None
    assert noise is not None
    assert (level.state, level.attributes["unit_of_measurement"]) == ("-41.5", "dBFS")
    assert (noise.state, noise.attributes["unit_of_measurement"]) == ("52.0", "dBA")
    assert house.entity("sensor", "sound_l10") is not None
    assert house.entity("sensor", "sound_l90") is not None


@pytest.mark.parametrize("known", [False, True])
async def test_a_maximum_opening_binds_machines_and_stands_in_the_form(
    quick_house: House, quick_window: PlayedWindow, *, known: bool
) -> None:
    if known:
        await with_settings(quick_house, limits={"night_position": 40}, outdoors={"weather": "weather.home"})
    await quick_house.act("number.set_value", "maximum_opening", value=35)
    await quick_house.settle()
    assert quick_house.shown("number", "maximum_opening") == "35"
    assert quick_house.sent("/guard")[-1].json["max"] == 35
    [subentry] = quick_house.entry.subentries.values()
    assert subentry.unique_id == "bedroom"
    assert subentry.data["limits"]["band_max"] == 35
    if known:
        assert subentry.data["limits"]["night_position"] == 40
        assert subentry.data["outdoors"] == {"weather": "weather.home"}
    else:
        assert subentry.title == "Bedroom window"


async def test_a_maximum_opening_below_the_least_is_refused_and_changes_nothing(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await with_settings(quick_house, limits={"band_min": 20})
    with pytest.raises(ServiceValidationError) as refused:
        await quick_house.act("number.set_value", "maximum_opening", value=10)
    assert refused.value.translation_key == "does_not_fit"
    assert quick_house.shown("number", "maximum_opening") == "100"


async def test_the_confidence_needed_is_the_houses_until_the_window_has_its_own(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    assert quick_house.shown("number", "min_confidence") == "60"
    await quick_house.act("number.set_value", "min_confidence", value=85)
    await quick_house.settle()
    await quick_window.report(rev=3)
    await quick_window.measure("temperature", 25)
    assert quick_house.sent("/request/bedroom")[-1].json["grant"]["min_confidence"] == 0.85


async def test_a_microphone_is_muted_on_the_window_itself(quick_house: House, quick_window: PlayedWindow) -> None:
    assert quick_house.shown("switch", "microphone") == "on"
    await quick_house.act("switch.turn_off", "microphone")
    await quick_house.settle()
    assert quick_house.shown("switch", "microphone") == "off"
    guard = quick_house.sent("/guard")[-1]
    assert guard.retain
    assert guard.json["microphone"] is False


async def test_a_microphone_that_the_house_switched_off_stays_off(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await set_up(hass, mqtt_mock, {"limits": {"microphone": False}})
    window = PlayedWindow(house)
    await window.appear()
    assert house.shown("switch", "microphone") == "off"
    with pytest.raises(ServiceValidationError) as refused:
        await house.act("switch.turn_on", "microphone")
    assert refused.value.translation_key == "microphones_off"
    assert not house.entry.subentries


@pytest.mark.freeze_time("2026-11-23 23:30:00-08:00")
async def test_quiet_hours_can_be_kept_by_one_window_alone(quick_house: House, quick_window: PlayedWindow) -> None:
    assert quick_house.shown("switch", "quiet_hours") == "off"
    await quick_house.act("switch.turn_on", "quiet_hours")
    await quick_house.settle()
    assert quick_house.shown("switch", "quiet_hours") == "on"
    assert quick_house.shown("sensor", "reason") == "quiet_hours"
    await quick_house.act("switch.turn_off", "quiet_hours")
    await quick_house.settle()
    assert quick_house.shown("sensor", "reason") == "ready"


async def test_a_taste_is_chosen_on_the_page(quick_house: House, quick_window: PlayedWindow) -> None:
    assert quick_house.shown("select", "taste") == "balanced"
    await quick_house.act("select.select_option", "taste", option="quiet")
    await quick_house.settle()
    assert quick_house.shown("select", "taste") == "quiet"
    station = quick_house.hub.roster.get("bedroom")
    assert station is not None
    assert station.window.own.taste == "quiet"


@pytest.mark.parametrize(("key", "action"), [("clear_obstacle", "clear"), ("home", "home")])
async def test_a_button_commands_the_window_as_a_person(
    quick_house: House, quick_window: PlayedWindow, key: str, action: str
) -> None:
    if key == "home":
        await enable(quick_house, "button", key, quick_window)
    quick_house.forget_sent()
    task = quick_house.start(quick_house.act("button.press", key))
    sent = await quick_house.until_sent("/control")
    assert sent.json["action"] == action
    assert sent.json["source"] == "user"
    await quick_window.result(sent.json["command_id"], "accepted")
    await task


async def test_ask_now_asks_though_nothing_changed(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.measure("temperature", 21)
    await quick_window.answer(quick_house.sent("/request/bedroom")[-1].json["correlation_id"])
    quick_house.forget_sent()
    await quick_house.act("button.press", "ask_now")
    [request] = quick_house.sent("/request/bedroom")
    assert request.json["grant"]["act"] is True
    with pytest.raises(HomeAssistantError) as refused:
        await quick_house.act("button.press", "ask_now")
    assert refused.value.translation_key == "question_out"


async def test_ask_now_without_a_reading_says_what_is_missing(quick_house: House, quick_window: PlayedWindow) -> None:
    with pytest.raises(HomeAssistantError) as refused:
        await quick_house.act("button.press", "ask_now")
    assert refused.value.translation_key == "nothing_measured"


async def test_last_seen_needs_no_more_than_one_write_a_minute(
    freezer: FrozenDateTimeFactory, house: House, window: PlayedWindow
) -> None:
    await window.appear()
    await enable(house, "sensor", "last_seen", window)
    told = set()
    for _ in range(12):
        await house.wait(freezer, 10)
        await window.report()
        told.add(house.shown("sensor", "last_seen"))
    assert len(told) <= 3
