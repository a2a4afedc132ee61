"""Entries that other versions of Smart Window wrote: read where that can be, left as they are where not."""

from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.config_flow import SmartWindowConfigFlow
from custom_components.smart_window.const import DOMAIN
from custom_components.smart_window.migration import MINOR_VERSION, VERSION

SAID: dict[str, Any] = {
    "questions": {"temperature_change": 0.7, "asked_of_old": True},
    "recording": {"clickhouse_url": "http://10.1.2.3:8123", "clickhouse_password": "hush"},
    "removed": {"allow_again": ["attic"]},
    "of_old": {"anything": 1},
}


def entry_of(version: int, minor: int) -> MockConfigEntry:
    return MockConfigEntry(
        domain=DOMAIN, data={"prefix": "home"}, options=SAID, unique_id=DOMAIN, version=version, minor_version=minor
    )


async def test_an_old_entry_keeps_what_its_owner_set_and_loses_what_no_form_has(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    entry = entry_of(1, 1)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.version, entry.minor_version) == (VERSION, MINOR_VERSION)
    assert entry.options == {"questions": {"temperature_change": 0.7}, "recording": SAID["recording"]}
    assert entry.data == {"prefix": "home"}
    assert entry.runtime_data.settings.temperature_change == 0.7


@pytest.mark.parametrize("minor", [MINOR_VERSION, MINOR_VERSION + 1])
async def test_what_this_version_or_the_next_wrote_stays_as_it_is(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, minor: int
) -> None:
    entry = entry_of(VERSION, minor)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert (entry.version, entry.minor_version, dict(entry.options)) == (VERSION, minor, SAID)


async def test_what_a_much_newer_version_wrote_is_not_touched(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    entry = entry_of(VERSION + 1, 1)
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR
    assert (entry.version, dict(entry.options)) == (VERSION + 1, SAID)


def test_a_new_entry_is_of_this_version() -> None:
    assert (SmartWindowConfigFlow.VERSION, SmartWindowConfigFlow.MINOR_VERSION) == (VERSION, MINOR_VERSION)
