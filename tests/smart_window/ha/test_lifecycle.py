"""Start, reload, unload, restart, stop, a broker that goes: nothing moves, and nothing is left behind."""

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from .house import House, PlayedWindow, new_entry, set_up


async def connection(house: House, *, connected: bool) -> None:
    house.mqtt.connected = connected
    async_dispatcher_send(house.hass, mqtt.MQTT_CONNECTION_STATE, connected)
    await house.settle()


async def test_without_mqtt_the_entry_waits(hass: HomeAssistant) -> None:
    entry = new_entry()
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is not ConfigEntryState.LOADED


async def test_without_a_client_the_entry_is_tried_again(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(_: HomeAssistant) -> bool:
        return False

    monkeypatch.setattr(mqtt, "async_wait_for_mqtt_client", none)
    entry = new_entry()
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY


async def test_a_subscription_that_fails_leaves_nothing_behind(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise HomeAssistantError("gone")

    entry = new_entry()
    entry.add_to_hass(hass)
    with monkeypatch.context() as patch:
        patch.setattr(mqtt, "async_subscribe", fails)
        assert not await hass.config_entries.async_setup(entry.entry_id)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED


async def test_one_subscription_per_kind_of_message(house: House) -> None:
    patterns = [call.args[0] for call in house.mqtt.async_subscribe.call_args_list]
    ours = [pattern for pattern in patterns if pattern.split("/")[0] in {"window", "sensor", "ml"}]
    assert ours == [
        "window/+/announce",  # Home Assistant's own, for discovery
        "ml/status/+",
        "window/+/guard",
        "window/+/announce",
        "window/+/availability",
        "window/+/state",
        "sensor/+/temperature",
        "sensor/+/humidity",
        "sensor/+/audio",
        "window/+/control",
        "window/+/control/result",
        "ml/inference/response/+",
        "ml/feedback/+/result",
        "ml/models/+/result",
    ]
    qos = {call.args[0]: call.args[2] for call in house.mqtt.async_subscribe.call_args_list}
    assert {qos[pattern] for pattern in ours} == {1}


async def test_a_reload_moves_nothing_and_asks_nothing(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.measure("temperature", 25)
    quick_house.forget_sent()
    for _ in range(5):
        assert await quick_house.hass.config_entries.async_reload(quick_house.entry.entry_id)
        await quick_house.settle()
        await quick_window.report(retain=True)
    assert quick_house.moves() == []
    assert quick_house.sent("/request/bedroom") == []


async def test_an_unloaded_hub_hears_and_says_nothing(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    assert await quick_house.hass.config_entries.async_unload(quick_house.entry.entry_id)
    quick_house.forget_sent()
    await quick_window.measure("temperature", 25)
    await quick_window.press("h1")
    await quick_house.wait(freezer, 200)
    assert quick_house.sent() == []
    assert quick_house.shown("cover", "cover") == "unavailable"


async def test_home_assistant_stops_without_a_word(quick_house: House, quick_window: PlayedWindow) -> None:
    hub = quick_house.hub
    await quick_window.press("h1")
    quick_house.forget_sent()
    await quick_house.hass.async_stop(force=True)
    assert quick_house.sent() == []
    assert not hub.outbox.connected


async def test_the_recorder_ends_by_itself_when_home_assistant_stops(
    socket_enabled: None, hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await set_up(hass, mqtt_mock, {"recording": {"clickhouse_url": "http://127.0.0.1:1"}})
    task = house.hub.recording._task
    assert task is not None
    await hass.async_stop(force=True)
    assert task.done()
    assert not task.cancelled()


async def test_a_removed_entry_leaves_no_file(
    quick_house: House, quick_window: PlayedWindow, hass_storage: dict[str, object]
) -> None:
    key = f"smart_window.{quick_house.entry.entry_id}"
    assert key in hass_storage
    await quick_house.hass.config_entries.async_remove(quick_house.entry.entry_id)
    await quick_house.settle()
    assert key not in hass_storage
    assert quick_house.device() is None


async def test_without_a_broker_windows_are_unavailable_and_come_back_unmoved(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.measure("temperature", 20)
    await quick_window.answer(quick_house.sent("/request/bedroom")[-1].json["correlation_id"])
    quick_house.forget_sent()
    await connection(quick_house, connected=False)
    assert quick_house.shown("cover", "cover") == "unavailable"
    assert quick_house.shown("sensor", "temperature") == "unavailable"
    assert quick_house.shown("select", "mode") == "automatic"
    await connection(quick_house, connected=True)
    await quick_window.report()
    assert quick_house.shown("cover", "cover") == "open"
    assert quick_house.moves() == []
    assert [one.topic for one in quick_house.sent()] == ["window/bedroom/guard"]


async def test_a_question_from_before_an_outage_is_forgotten(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.measure("temperature", 25)
    asked = quick_house.sent("/request/bedroom")[-1].json["correlation_id"]
    await connection(quick_house, connected=False)
    await connection(quick_house, connected=True)
    assert quick_house.shown("cover", "cover") == "unavailable"
    await quick_window.report()
    await quick_window.answer(asked)
    assert quick_house.shown("sensor", "prediction") == "unknown"
    assert len(quick_house.sent("/request/bedroom")) == 1
    await quick_window.measure("temperature", 25)
    assert len(quick_house.sent("/request/bedroom")) == 2


async def test_a_broker_that_is_away_for_a_minute_is_a_repair_until_it_is_back(
    freezer: FrozenDateTimeFactory, house: House
) -> None:
    await connection(house, connected=False)
    await house.wait(freezer, 59)
    assert house.issues() == set()
    await house.wait(freezer, 2)
    assert house.issues() == {"mqtt_gone"}
    await connection(house, connected=True)
    assert house.issues() == set()


async def test_a_window_that_says_offline_is_unavailable(house: House, window: PlayedWindow) -> None:
    await window.appear()
    await house.hear("window/bedroom/availability", "offline")
    assert house.shown("cover", "cover") == "unavailable"
    await house.hear("window/bedroom/availability", "online")
    assert house.shown("cover", "cover") == "open"


async def test_coming_and_going_is_logged_once_each(
    house: House, window: PlayedWindow, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="custom_components.smart_window"):
        await window.appear()
        for word in ("offline", "offline", "online", "online"):
            await house.hear("window/bedroom/availability", word)
            await window.measure("temperature", 20)
    told = [one.message for one in caplog.records if one.name == "custom_components.smart_window.asking"]
    assert told == ["Window bedroom is online", "Window bedroom is unavailable", "Window bedroom is online"]


async def test_a_window_that_is_silent_for_three_heartbeats_is_unavailable(
    freezer: FrozenDateTimeFactory, house: House, window: PlayedWindow
) -> None:
    await window.appear()
    await house.wait(freezer, 175)
    assert house.shown("cover", "cover") == "open"
    await house.wait(freezer, 10)
    assert house.shown("cover", "cover") == "unavailable"


async def test_a_timer_that_is_overdue_is_not_lost_to_what_comes_before_it(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.measure("temperature", 25)
    station = quick_house.hub.roster.get("bedroom")
    assert station is not None
    assert station.window.question is not None
    freezer.tick(11)
    # The event loop is late: a state is dealt with before the question's time limit.
    await quick_house.hear("window/bedroom/state", quick_window.now | {"rev": 3}, settle=False)
    async_fire_time_changed(quick_house.hass)
    await quick_house.settle()
    assert station.window.question is None


async def test_a_minute_of_many_windows_is_dealt_with_in_parts_and_forgets_none(
    freezer: FrozenDateTimeFactory, quick_house: House
) -> None:
    windows = [PlayedWindow(quick_house, f"w{number:02}") for number in range(25)]
    for window in windows:
        await window.appear()
    quick_house.forget_sent()
    await quick_house.wait(freezer, 60)
    await quick_house.hass.async_block_till_done(wait_background_tasks=True)
    assert len({one.topic for one in quick_house.sent("/guard")}) == 25
