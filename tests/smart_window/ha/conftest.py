"""The integration set up on the mocked MQTT client, and hands to play a window with."""

from collections.abc import Generator
from pathlib import Path
from unittest.mock import patch

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from pytest_homeassistant_custom_component.typing import MqttMockHAClient
from syrupy.assertion import SnapshotAssertion

from custom_components.smart_window import recording

from .house import QUICK, House, PlayedWindow, set_up


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(enable_custom_integrations: None) -> None:
    """Without this, hass does not look into custom_components at all."""


@pytest.fixture(autouse=True)
def no_mqtt_client_timer() -> Generator[None]:
    """The mocked client leaves its own timer behind. Patched by name: a timer of ours still fails the test."""
    with patch("homeassistant.components.mqtt.client.MQTT._async_start_misc_periodic"):
        yield


@pytest.fixture(autouse=True)
def subscribed_in_one_go() -> Generator[None]:
    """Home Assistant waits for the broker between two topics, and trips over one that goes away meanwhile."""
    with patch("homeassistant.components.mqtt.client.MQTT._async_wait_for_mid_or_raise"):
        yield


@pytest.fixture(autouse=True)
def own_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows wait in a folder of this test alone: the harness has one configuration for all."""
    monkeypatch.setattr(recording, "spool_folder", lambda _, entry_id: tmp_path / f"{entry_id}.spool")


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Syrupy's own fixture hides the plugin's, and would write times into snapshots."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
async def house(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> House:
    """Set up, without a window."""
    return await set_up(hass, mqtt_mock)


@pytest.fixture
def window(house: House) -> PlayedWindow:
    """A window that has not appeared yet."""
    return PlayedWindow(house)


@pytest.fixture
async def quick_house(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> House:
    """Set up so that nothing waits: no settling, no pause between questions."""
    return await set_up(hass, mqtt_mock, QUICK)


@pytest.fixture
async def quick_window(quick_house: House) -> PlayedWindow:
    """A window that has appeared in the quick house, in automatic."""
    window = PlayedWindow(quick_house)
    await window.appear()
    await quick_house.act("select.select_option", "mode", option="automatic")
    await window.report(rev=2)
    quick_house.forget_sent()
    return window
