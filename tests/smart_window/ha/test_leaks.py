"""Reloaded, disabled, removed and added again, twenty times in a row: nothing is left behind, all of it counted."""

import asyncio
import gc
from collections import Counter
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.const import DOMAIN
from custom_components.smart_window.hub import Hub
from custom_components.smart_window.station import Station

from .house import QUICK, House, PlayedWindow, new_entry

TIMES = 20
OF_OTHERS = {"homeassistant_final_write"}
"""A listener for each file of Home Assistant's that waits to be written: it comes and goes by the clock."""


@dataclass(frozen=True)
class Count:
    """How many there are of all that could leak."""

    listeners: dict[str, int]
    signals: dict[str, int]
    subscriptions: int
    timers: dict[str, int]
    tasks: dict[str, int]
    states: int
    entities: int
    devices: int
    hubs: int
    stations: int


def count(hass: HomeAssistant, mqtt: MqttMockHAClient) -> Count:
    mqtt.reset_mock()  # it remembers whose callback subscribed
    gc.collect()
    objects = Counter(type(one) for one in gc.get_objects() if type(one) in {Hub, Station})
    loop: Any = asyncio.get_running_loop()
    timers = Counter(
        getattr(handle._callback, "__qualname__", repr(handle._callback))
        for handle in loop._scheduled
        if not handle.cancelled() and "smart_window" in getattr(handle._callback, "__module__", "")
    )
    tasks = Counter(
        task.get_name() for task in asyncio.all_tasks() if "smart_window" in task.get_name() and not task.done()
    )
    signals: dict[Any, dict[Any, Any]] = hass.data.get(DATA_DISPATCHER, {})
    return Count(
        listeners={str(event): many for event, many in hass.bus.async_listeners().items() if event not in OF_OTHERS},
        signals={str(signal): len(targets) for signal, targets in signals.items() if targets},
        subscriptions=len(hass.data["mqtt"].client.subscriptions),
        timers=dict(timers),
        tasks=dict(tasks),
        states=len(hass.states.async_all()),
        entities=sum(one.platform == DOMAIN for one in er.async_get(hass).entities.values()),
        devices=sum(any(domain == DOMAIN for domain, _ in one.identifiers) for one in dr.async_get(hass).devices),
        hubs=objects[Hub],
        stations=objects[Station],
    )


async def live(house: House) -> None:
    """Two windows live a little: one is asked about and held, one rained on."""
    bedroom, kitchen = PlayedWindow(house), PlayedWindow(house, "kitchen")
    for window in (bedroom, kitchen):
        await window.appear()
        await window.measure("temperature", 25)
        await window.measure("humidity", 50)
    await kitchen.press("h1", rain=True)
    await house.settle()


async def test_twenty_times_over_nothing_is_left_behind(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    entries = hass.config_entries
    counts: list[Count] = []
    for _ in range(TIMES):
        entry = new_entry(QUICK)
        entry.add_to_hass(hass)
        house = House(hass, mqtt_mock, entry)
        assert await entries.async_setup(entry.entry_id)
        await live(house)
        assert await entries.async_reload(entry.entry_id)
        await live(house)
        assert await entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
        await house.settle()
        assert await entries.async_set_disabled_by(entry.entry_id, None)
        await live(house)
        assert house.shown("cover", "cover") == "open"
        await entries.async_remove(entry.entry_id)
        await house.settle()
        del entry, house
        counts.append(count(hass, mqtt_mock))
    # The first round makes what stays for good: platforms, translations, the registry's own signals.
    assert counts[1:] == [counts[1]] * (TIMES - 1)
    last = counts[-1]
    assert (last.timers, last.tasks, last.entities, last.devices) == ({}, {}, 0, 0)
    assert last.hubs <= 1
    assert last.stations <= 2


async def test_twenty_reloads_keep_one_of_everything(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    entry = new_entry(QUICK)
    entry.add_to_hass(hass)
    house = House(hass, mqtt_mock, entry)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await live(house)
    counts: list[Count] = []
    for _ in range(TIMES):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await live(house)
        counts.append(count(hass, mqtt_mock))
    assert counts[1:] == [counts[1]] * (TIMES - 1)
    # One is alive; the one before may still be held by the last frame that saw it, and none before that.
    assert counts[-1].hubs <= 2
    assert counts[-1].stations <= 4
