import json
import socket
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.config_entries import SOURCE_HASSIO, SOURCE_MQTT, SOURCE_USER, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.const import DOMAIN

from .house import ANNOUNCE, House, PlayedWindow, new_entry, set_up

OPTIONS: dict[str, dict[str, Any]] = {
    "questions": {
        "temperature_change": 1.0,
        "humidity_change": 4.0,
        "sound_change": 9.0,
        "every_clip": False,
        "heartbeat_s": 600,
        "min_interval_s": 0,
        "min_confidence": 0.75,
        "fallback": False,
    },
    "hand": {"hold_rule": "minutes", "hold_minutes": 90, "morning": "06:30:00", "automations_are_hands": True},
    "times": {
        "night_begin": "23:00:00",
        "night_end": "06:00:00",
        "quiet": True,
        "quiet_begin": "22:30:00",
        "quiet_end": "07:15:00",
    },
    "limits": {"band_min": 5, "band_max": 90, "rain_position": 0, "microphone": False},
    "outdoors": {},
    "recording": {
        "clickhouse_user": "default",
        "clickhouse_database": "smart_window",
        "spool_mb": 200,
        "readings_days": 0,
        "decisions_days": 0,
        "health_days": 0,
    },
    "advanced": {
        "settle_s": 0,
        "calm_s": 60,
        "smallest_change": 10,
        "shortest_pause_s": 60,
        "moves_per_hour": 6,
        "moves_per_day": 30,
        "reversals": 8,
    },
}


def found(payload: str | bytes, topic: str = "window/bedroom/announce") -> MqttServiceInfo:
    return MqttServiceInfo(
        topic=topic, payload=payload, qos=1, retain=True, subscribed_topic="window/+/announce", timestamp=0.0
    )


async def test_an_announce_on_the_broker_starts_a_flow_that_ends_in_an_entry(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    async_fire_mqtt_message(hass, "window/bedroom/announce", json.dumps(ANNOUNCE), qos=1, retain=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_MQTT
    assert flow["context"]["title_placeholders"] == {"name": "Bedroom window"}
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"prefix": ""}
    await hass.async_block_till_done()
    [entry] = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED


async def test_many_announces_start_one_flow(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    for device_id in ("bedroom", "kitchen", "attic"):
        async_fire_mqtt_message(hass, f"window/{device_id}/announce", json.dumps(ANNOUNCE), qos=1, retain=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(hass.config_entries.flow.async_progress_by_handler(DOMAIN)) == 1


@pytest.mark.parametrize(
    ("payload", "topic"),
    [
        ("", "window/bedroom/announce"),
        ("no json", "window/bedroom/announce"),
        (b"\xff", "window/bedroom/announce"),
        ('{"contract": 2, "name": "Later"}', "window/bedroom/announce"),
        (json.dumps(ANNOUNCE), "window/NOT-AN-ID/announce"),
    ],
)
async def test_what_is_no_announce_starts_nothing(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, payload: str | bytes, topic: str
) -> None:
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_MQTT}, data=found(payload, topic)
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "invalid_announce"


async def test_a_window_of_a_house_that_is_set_up_starts_no_flow(house: House) -> None:
    result = await house.hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_MQTT}, data=found(json.dumps(ANNOUNCE))
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


@pytest.mark.parametrize(("typed", "prefix"), [("", ""), (" /upstairs/attic/ ", "upstairs/attic")])
async def test_set_up_by_hand_with_or_without_a_prefix(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, typed: str, prefix: str
) -> None:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.FORM
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {"prefix": typed})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"prefix": prefix}


async def test_a_prefix_that_no_topic_can_have_is_refused_at_its_field(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {"prefix": "home/#"})
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"prefix": "invalid_prefix"}
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {"prefix": "home"})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_without_mqtt_the_flow_says_what_is_missing(hass: HomeAssistant) -> None:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "mqtt_missing"


async def test_there_is_one_entry_at_most(house: House) -> None:
    result = await house.hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_another_prefix_by_reconfiguring(house: House) -> None:
    result = await house.entry.start_reconfigure_flow(house.hass)
    assert result["step_id"] == "reconfigure"
    result = await house.hass.config_entries.flow.async_configure(result["flow_id"], {"prefix": "+"})
    assert result["errors"] == {"prefix": "invalid_prefix"}
    result = await house.hass.config_entries.flow.async_configure(result["flow_id"], {"prefix": "attic"})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    await house.settle()
    window = PlayedWindow(house)
    await window.appear()
    assert house.device() is None
    await house.hear("attic/window/bedroom/announce", ANNOUNCE)
    assert house.device() is not None


async def test_options_reach_the_pure_core(house: House) -> None:
    result = await house.hass.config_entries.options.async_init(house.entry.entry_id)
    assert result["type"] is FlowResultType.FORM
    result = await house.hass.config_entries.options.async_configure(result["flow_id"], OPTIONS)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await house.settle()
    settings = house.hub.settings
    assert settings.temperature_change == 1
    assert settings.sound_change == 9
    assert settings.every_clip is False
    assert settings.min_interval_s == 0
    assert settings.hold_minutes == 90
    assert settings.settle_s == 0
    assert settings.morning == 390
    assert settings.automations_are_hands is True
    assert (settings.quiet, settings.quiet_begin, settings.quiet_end) == (True, 1350, 435)
    assert (settings.night_begin, settings.night_end) == (1380, 360)
    assert (settings.band_min, settings.band_max, settings.microphone) == (5, 90, False)
    assert settings.fallback is False
    assert (settings.calm_s, settings.reversals, settings.moves_per_day) == (60, 8, 30)
    assert house.hub.recording.recorder is None


@pytest.mark.parametrize(
    ("section", "values", "error"),
    [
        ("recording", {"clickhouse_url": "ftp://x"}, "invalid_recording"),
        ("recording", {"clickhouse_url": "http://a:b@host"}, "invalid_recording"),
        ("recording", {"clickhouse_url": "http://host", "clickhouse_database": "a-b"}, "invalid_recording"),
        ("recording", {"clickhouse_url": "http://host", "clickhouse_user": ""}, "invalid_recording"),
        ("recording", {"clickhouse_url": "http://host", "clickhouse_ca_file": "/ca.pem"}, "invalid_recording"),
        ("recording", {"clickhouse_url": "http://host", "clickhouse_cluster": "a b"}, "invalid_recording"),
        ("outdoors", {"weather_entity": "weather.nowhere"}, "unknown_entity"),
        ("outdoors", {"anybody_home": ["person.nobody"]}, "unknown_entity"),
        ("times", {"quiet_begin": "22:00:00", "quiet_end": "22:00:00"}, "quiet_hours_empty"),
        ("times", {"night_begin": "22:00:00", "night_end": "22:00:00"}, "night_empty"),
        ("limits", {"band_min": 60, "band_max": 40}, "band_upside_down"),
        ("advanced", {"moves_per_hour": 40, "moves_per_day": 30}, "moves_per_day_too_few"),
    ],
)
async def test_options_that_cannot_be_get_an_error_and_can_be_corrected(
    house: House, section: str, values: dict[str, object], error: str
) -> None:
    result = await house.hass.config_entries.options.async_init(house.entry.entry_id)
    wrong = OPTIONS | {section: OPTIONS[section] | values}
    result = await house.hass.config_entries.options.async_configure(result["flow_id"], wrong)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {section: error}
    result = await house.hass.config_entries.options.async_configure(result["flow_id"], OPTIONS)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("questions", {"min_confidence": 1.5}),
        ("questions", {"min_interval_s": -1}),
        ("hand", {"hold_minutes": 0}),
        ("advanced", {"settle_s": 601}),
        ("outdoors", {"weather_entity": "light.lamp"}),
    ],
)
async def test_numbers_out_of_bounds_are_refused(house: House, section: str, values: dict[str, object]) -> None:
    result = await house.hass.config_entries.options.async_init(house.entry.entry_id)
    with pytest.raises(InvalidData):
        await house.hass.config_entries.options.async_configure(
            result["flow_id"], OPTIONS | {section: OPTIONS[section] | values}
        )


async def test_a_removed_window_can_be_allowed_again(house: House, window: PlayedWindow) -> None:
    await window.appear()
    await house.hub.remove("bedroom")
    result = await house.hass.config_entries.options.async_init(house.entry.entry_id)
    answer = OPTIONS | {"removed": {"allow_again": ["bedroom"]}}
    result = await house.hass.config_entries.options.async_configure(result["flow_id"], answer)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await house.settle()
    assert "removed" not in house.entry.options
    await window.appear()
    assert house.device() is not None


async def test_options_of_an_entry_that_is_not_loaded_offer_no_removed_windows(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    entry = new_entry()
    entry.add_to_hass(hass)
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["type"] is FlowResultType.FORM
    assert result["data_schema"] is not None
    assert "removed" not in result["data_schema"].schema
    result = await hass.config_entries.options.async_configure(result["flow_id"], OPTIONS)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


async def test_a_window_is_allowed_again_only_while_the_entry_is_loaded(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await set_up(hass, mqtt_mock)
    await PlayedWindow(house).appear()
    await house.hub.remove("bedroom")
    result = await hass.config_entries.options.async_init(house.entry.entry_id)
    await hass.config_entries.async_unload(house.entry.entry_id)
    answer = OPTIONS | {"removed": {"allow_again": ["bedroom"]}}
    result = await hass.config_entries.options.async_configure(result["flow_id"], answer)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await house.settle()


def app(**config: object) -> HassioServiceInfo:
    return HassioServiceInfo(config=config, name="Smart Window inference", slug="smart_window_ml", uuid="1")


async def by_app(hass: HomeAssistant, info: HassioServiceInfo) -> ConfigFlowResult:
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_HASSIO}, data=info)


async def test_the_services_app_offers_the_integration(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    result = await by_app(hass, app(instance="ml-1", prefix="home/attic"))
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "app")
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"prefix": "home/attic"}


async def test_the_services_app_leaves_an_entry_alone(house: House) -> None:
    before = dict(house.entry.data)
    result = await by_app(house.hass, app(instance="ml-1", prefix="another"))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert house.entry.data == before


CLICKHOUSE = {
    "clickhouse_url": "http://127.0.0.1:8123",
    "clickhouse_user": "smart_window",
    "clickhouse_password": "of the writer",
    "clickhouse_database": "smart_window",
}


async def test_the_apps_clickhouse_is_recorded_into_with_one_click(house: House) -> None:
    result = await by_app(house.hass, app(**CLICKHOUSE))
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "recording")
    assert CLICKHOUSE["clickhouse_password"] not in str(result)
    result = await house.hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "recording_on")
    assert house.entry.options["recording"] == CLICKHOUSE


async def test_who_records_already_is_left_alone(house: House) -> None:
    elsewhere = {"recording": CLICKHOUSE | {"clickhouse_url": "http://192.0.2.1:8123"}}
    house.hass.config_entries.async_update_entry(house.entry, options=elsewhere)
    result = await by_app(house.hass, app(**CLICKHOUSE))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_recording")
    assert house.entry.options == elsewhere


async def test_before_the_set_up_the_apps_clickhouse_sets_up_both(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    with patch("custom_components.smart_window.async_setup_entry", return_value=True):  # recording has its own tests
        result = await by_app(hass, app(**CLICKHOUSE))
        result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["options"] == {"recording": CLICKHOUSE}
    assert result["context"]["unique_id"] == DOMAIN


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"instance": "ml-1", "prefix": 7},
        {"instance": "ml-1", "prefix": "a/#"},
        CLICKHOUSE | {"clickhouse_url": "file:///etc/passwd"},
        CLICKHOUSE | {"clickhouse_user": ""},
        CLICKHOUSE | {"clickhouse_password": None},
        CLICKHOUSE | {"clickhouse_database": "x; DROP"},
    ],
)
async def test_an_app_that_says_nothing_of_use_starts_nothing(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, config: dict[str, object]
) -> None:
    result = await by_app(hass, app(**config))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "invalid_app")


async def test_a_server_that_does_not_answer_is_told_before_anything_is_saved(
    socket_enabled: None, house: House
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    result = await house.hass.config_entries.options.async_init(house.entry.entry_id)
    wrong = OPTIONS | {"recording": OPTIONS["recording"] | {"clickhouse_url": f"http://{place}"}}
    result = await house.hass.config_entries.options.async_configure(result["flow_id"], wrong)
    assert result["errors"] == {"recording": "recording_unreachable"}
    assert result["description_placeholders"] is not None
    assert place in result["description_placeholders"]["detail"]
    assert house.entry.options == {}


async def test_a_server_that_is_away_does_not_keep_other_options_from_being_saved(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    recording = OPTIONS["recording"] | {"clickhouse_url": "http://127.0.0.1:1"}
    house = await set_up(hass, mqtt_mock, {"recording": recording})
    result = await hass.config_entries.options.async_init(house.entry.entry_id)
    result = await hass.config_entries.options.async_configure(result["flow_id"], OPTIONS | {"recording": recording})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await house.settle()
