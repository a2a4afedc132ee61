"""Windows appear and vanish at run time; a removed one stays removed."""

from typing import Any
from unittest.mock import patch

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import mqtt
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity_platform import MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.smart_window import roster
from custom_components.smart_window.contract import MessageKind
from custom_components.smart_window.entity import ESSENTIAL

from .house import ANNOUNCE, House, PlayedWindow
from .test_questions import chunks, tone

RETAINED = [
    "window/bedroom/announce",
    "window/bedroom/availability",
    "window/bedroom/state",
    "window/bedroom/guard",
]


async def delete_device(hass: HomeAssistant, ws: WebSocketGenerator, house: House, device_id: str) -> bool:
    assert await async_setup_component(hass, "config", {})
    client = await ws(hass)
    answer = await client.remove_device(device_id)
    await house.settle()
    return bool(answer["success"])


async def test_a_reading_alone_makes_a_device_with_that_sensor_and_no_cover(house: House) -> None:
    await house.hear("sensor/porch/temperature", "20.5")
    assert house.device("porch") is not None
    assert house.shown("sensor", "temperature", "porch") == "20.5"
    for platform, key in (("cover", "cover"), ("select", "mode"), ("sensor", "humidity"), ("sensor", "prediction")):
        assert house.entity(platform, key, "porch") is None
    await house.hear("sensor/porch/humidity", "55")
    assert house.shown("sensor", "humidity", "porch") == "55.0"


async def test_a_state_adds_the_cover_and_an_announce_the_name(house: House) -> None:
    window = PlayedWindow(house)
    await house.hear("sensor/bedroom/temperature", "20.5")
    await window.report()
    assert house.shown("cover", "cover") == "open"
    await window.appear()
    device = house.device()
    assert device is not None
    assert device.name == "Bedroom window"
    assert house.shown("sensor", "temperature") == "20.5"


async def test_a_window_without_a_position_has_no_cover(house: House) -> None:
    await house.hear("window/porch/announce", ANNOUNCE | {"capabilities": ["temperature"]})
    assert house.entity("sensor", "temperature", "porch") is not None
    assert house.entity("cover", "cover", "porch") is None


async def test_availability_alone_makes_no_device(house: House) -> None:
    await house.hear("window/porch/availability", "online", retain=True)
    assert house.device("porch") is None
    await house.hear("window/porch/announce", ANNOUNCE, retain=True)
    assert house.device("porch") is not None


async def test_a_new_name_or_version_reaches_the_device(house: House, window: PlayedWindow) -> None:
    await window.appear()
    window.announce |= {"name": "South window", "sw_version": "2.0.0"}
    await window.appear()
    device = house.device()
    assert device is not None
    assert (device.name, device.sw_version) == ("South window", "2.0.0")


async def test_there_is_room_for_64_devices_that_never_announced_themselves(house: House) -> None:
    for number in range(70):
        await house.hear(f"sensor/stranger{number}/temperature", "20", settle=False)
    await house.settle()
    assert len(house.hub.roster.shown) == 64
    assert house.hub.roster.turned_away == 6
    await PlayedWindow(house).appear()
    assert house.device() is not None


async def test_whoever_speaks_without_an_announcement_is_asked_for_once(
    freezer: FrozenDateTimeFactory, house: House, window: PlayedWindow
) -> None:
    asked: list[str] = []
    subscribe = mqtt.async_subscribe

    async def counted(*args: Any, **more: Any) -> CALLBACK_TYPE:  # noqa: ANN401 - as they are handed on
        asked.append(args[1])
        return await subscribe(*args, **more)

    with patch("homeassistant.components.mqtt.async_subscribe", counted):
        await house.wait(freezer, 60)
        assert asked == []
        await house.hear("sensor/porch/temperature", "20.5")
        for _ in range(3):
            await house.wait(freezer, 61)
        assert asked == ["window/+/announce"]
        await house.hear("sensor/shed/temperature", "20.5")
        await house.wait(freezer, 61)
        assert asked == ["window/+/announce"] * 2
    # One subscription is left: what is announced comes once.
    await house.hear("window/porch/announce", ANNOUNCE | {"device_id": "porch", "name": "Porch window"})
    device = house.device("porch")
    assert device is not None
    assert device.name == "Porch window"
    assert house.hub.router.taken[MessageKind.ANNOUNCE] == 1


async def test_chunks_of_strangers_fill_no_memory(house: House) -> None:
    chunk = chunks(tone(1))[0]
    for number in range(70):
        await house.hear(f"sensor/stranger{number}/audio", chunk, settle=False)
    await house.settle()
    assert len(list(house.hub.roster)) == 64
    assert house.hub.roster.shown == []
    assert house.hub.roster.turned_away == 6


async def test_quiet_ids_fill_no_memory(house: House) -> None:
    for number in range(1030):
        await house.hear(f"window/q{number}/availability", "online", settle=False)
    await house.settle()
    assert len(list(house.hub.roster)) == 1024
    assert house.hub.roster.shown == []
    await PlayedWindow(house).appear()
    assert house.shown("cover", "cover") == "open"


async def test_a_window_that_wants_to_be_forgotten_goes_and_may_come_back(house: House, window: PlayedWindow) -> None:
    await window.appear()
    await house.act("select.select_option", "mode", option="automatic")
    await house.hear("window/bedroom/announce", "")
    assert house.device() is None
    assert house.entity("cover", "cover") is None
    assert list(house.hub.roster) == []
    await window.appear()
    assert house.shown("cover", "cover") == "open"
    assert house.shown("select", "mode") == "advise"


async def test_a_removed_window_is_cleared_and_stays_removed(
    house: House, window: PlayedWindow, hass_ws_client: WebSocketGenerator
) -> None:
    await window.appear()
    device = house.device()
    assert device is not None
    house.forget_sent()
    assert await delete_device(house.hass, hass_ws_client, house, device.id)
    cleared = house.sent()
    assert [one.topic for one in cleared] == RETAINED
    assert all(one.payload == b"" and one.retain for one in cleared)
    await window.appear()
    await window.measure("temperature", 20)
    assert house.device() is None
    assert house.entity("cover", "cover") is None
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await window.appear()
    assert house.device() is None
    await house.hub.owner.allow_again(["bedroom"])
    await window.appear()
    assert house.shown("cover", "cover") == "open"


async def test_what_the_broker_still_keeps_of_a_removed_window_is_cleared_once(
    house: House, window: PlayedWindow
) -> None:
    await window.appear()
    await house.hub.remove("bedroom")
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    house.forget_sent()
    await window.report()
    assert house.sent() == []  # it lives, and would only say it again
    await house.hear("window/bedroom/announce", ANNOUNCE, retain=True)
    # The mocked broker tells our own clearing as retained, so the next one is on a topic that was not cleared.
    await house.hear("sensor/bedroom/temperature", "20", retain=True)
    assert [one.topic for one in house.sent()] == RETAINED


async def test_a_window_removed_while_the_broker_is_away_stays_removed(house: House, window: PlayedWindow) -> None:
    await window.appear()
    house.mqtt.connected = False
    house.forget_sent()
    await house.hub.remove("bedroom")
    assert house.sent() == []
    house.mqtt.connected = True
    await house.hear("window/bedroom/state", window.now, retain=True)
    assert [one.topic for one in house.sent()] == RETAINED


async def test_the_hub_itself_cannot_be_deleted(house: House, hass_ws_client: WebSocketGenerator) -> None:
    registry = dr.async_get(house.hass)
    [hub] = dr.async_entries_for_config_entry(registry, house.entry.entry_id)
    assert not await delete_device(house.hass, hass_ws_client, house, hub.id)


async def test_two_windows_with_one_mac_stay_two_devices(house: House) -> None:
    mac = {"mac": "02:00:00:00:00:01"}
    await house.hear("window/bedroom/announce", ANNOUNCE | mac)
    await house.hear("window/kitchen/announce", ANNOUNCE | mac)
    first, second = house.device("bedroom"), house.device("kitchen")
    assert first is not None
    assert second is not None
    assert first.id != second.id


async def test_in_a_crowd_a_new_window_shows_the_essential_and_the_rest_waits_to_be_enabled(
    house: House, window: PlayedWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "ROOMY", 1)
    await window.appear()
    await PlayedWindow(house, "kitchen", ANNOUNCE | {"device_id": "kitchen"}).appear()
    registry = er.async_get(house.hass)

    def keys(device_id: str, *, enabled: bool) -> set[str]:
        found = er.async_entries_for_config_entry(registry, house.entry.entry_id)
        ours = [one for one in found if one.unique_id.startswith(f"{device_id}.")]
        return {one.unique_id.partition(".")[2] for one in ours if (one.disabled_by is None) is enabled}

    shown = keys("kitchen", enabled=True)
    assert shown == ESSENTIAL - {"plain_cover"}
    assert keys("bedroom", enabled=True) > shown
    assert keys("kitchen", enabled=False) | shown == keys("bedroom", enabled=False) | keys("bedroom", enabled=True)
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert keys("kitchen", enabled=True) == shown


async def test_a_thousand_windows_stay_below_what_home_assistant_takes_of_one_entry(
    house: House, window: PlayedWindow
) -> None:
    await window.appear()
    await house.hear(
        "window/bedroom/announce", ANNOUNCE | {"capabilities": ["position", "temperature", "humidity", "audio", "rain"]}
    )
    enabled = er.async_get(house.hass).entities.get_enabled_count_for_config_entry_id(house.entry.entry_id)
    each = len(ESSENTIAL - {"plain_cover"})
    assert roster.ROOMY * enabled + (1000 - roster.ROOMY) * each < MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
