from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, MqttMockHAClient
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import paths

from .house import ANNOUNCE, House, PlayedWindow, set_up


@pytest.mark.freeze_time("2026-11-23 12:00:00+00:00")
async def test_diagnostics_tell_all_but_secrets(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    hass_client: ClientSessionGenerator,
    snapshot: SnapshotAssertion,
) -> None:
    recording = {
        "clickhouse_url": "http://10.1.2.3:8123",
        "clickhouse_user": "someone",
        "clickhouse_password": "hush",
        "clickhouse_database": "smart_window",
    }
    options: dict[str, Any] = {"advanced": {"settle_s": 0}, "recording": recording}
    house = await set_up(hass, mqtt_mock, options)
    window = PlayedWindow(house, announce=ANNOUNCE | {"mac": "02:00:00:00:00:01"})
    await window.appear()
    await window.measure("temperature", 21.25)
    await house.hear("sensor/bedroom/humidity", "true")
    await house.hear("ml/status/ml-1", {"contract": 1, "instance": "ml-1", "state": "ready", "model_version": "m1"})
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, house.entry)
    text = str(found)
    for secret in ("hush", "someone", "10.1.2.3", "02:00:00:00:00:01"):
        assert secret not in text
    assert found["dropped"] == {"type": 1}
    # Settings and decision have tests of their own; the question's id is drawn at random.
    assert found["windows"]["bedroom"]["decision"]["why"] == "mode_advise"
    assert found["windows"]["bedroom"]["decisions"][-1]["told"] == "mode_advise"
    parts = ("decision", "decisions", "own", "surroundings", "question")
    volatile = paths("settings", "recorder", *(f"windows.bedroom.{part}" for part in parts))
    assert found == snapshot(exclude=volatile)

    device = house.device()
    assert device is not None
    of_device: Any = await get_diagnostics_for_device(hass, hass_client, house.entry, device)
    assert of_device["bedroom"] == found["windows"]["bedroom"]


async def test_system_health_says_what_a_person_compares_first(house: House, window: PlayedWindow) -> None:
    assert await async_setup_component(house.hass, "system_health", {})
    await window.appear()
    info = await get_system_health_info(house.hass, "smart_window")
    assert info == {
        "loaded": True,
        "connected": True,
        "windows": 1,
        "online": 1,
        "service": "unknown",
        "model_version": "unknown",
        "dropped_messages": 0,
        "recording": "off",
    }
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert await get_system_health_info(house.hass, "smart_window") == {"loaded": False}
