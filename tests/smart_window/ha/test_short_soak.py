"""Some minutes of twenty windows in one process: nothing is left behind, and no object of ours is one more.

The short form of tests/soak, which runs a whole day on the real stack and measures memory there: the harness's clients
remember every call, and would take more than we do.
"""

import gc
from collections import Counter
from random import Random

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import MqttMockHAClient, MqttMockPahoClient

from custom_components.smart_window import memory, recent, trend

from .house import QUICK, House, PlayedWindow, set_up
from .test_leaks import Count, count

WINDOWS = 20
MINUTES, WARM = 9, 5
PASSING = 5
"""Objects that the last message may still hold: twenty windows leave at least twenty."""
_FEATURES = {"format": "features", "schema": "smart-window-features.v1", "values": [0.5] * 26}


def objects_of_ours() -> Counter[str]:
    """How many objects of each of our classes are alive."""
    gc.collect()
    kinds = (type(one) for one in gc.get_objects())
    return Counter(kind.__qualname__ for kind in kinds if kind.__module__.startswith("custom_components.smart_window"))


async def one_minute(house: House, windows: list[PlayedWindow], chance: Random, freezer: FrozenDateTimeFactory) -> int:
    """What the windows say, and what the service answers; how many messages that were."""
    messages = 0
    for half in range(2):
        for window in windows:
            said: dict[str, object] = {
                f"sensor/{window.device_id}/temperature": {"value": round(22 + chance.gauss(0, 2), 2)},
                f"sensor/{window.device_id}/humidity": {"value": round(50 + chance.gauss(0, 5), 1)},
            }
            if half:
                levels = {"la_eq": round(chance.uniform(-60, -20), 1)}
                said |= {
                    f"sensor/{window.device_id}/audio": _FEATURES | {"levels": levels},
                    f"window/{window.device_id}/state": window.now,
                }
            for topic, content in said.items():
                await house.hear(topic, content, settle=False)
            messages += len(said)
        await house.settle()
        for asked in house.sent():
            if "/request/" in asked.topic:
                window = next(one for one in windows if asked.topic.endswith(f"/{one.device_id}"))
                await window.answer(asked.json["correlation_id"], position=round(chance.uniform(0, 100)))
                messages += 1
        house.mqtt.reset_mock()  # it remembers every call
        await house.wait(freezer, 30)
    return messages


async def test_minutes_of_twenty_windows_leaves_nothing_behind(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    mqtt_client_mock: MqttMockPahoClient,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What is remembered for diagnostics, trends and "why" takes an hour to come together, and stays at its bound then.
    monkeypatch.setattr(memory, "REMEMBERED", 4)
    monkeypatch.setattr(recent, "RECENT", 4)
    monkeypatch.setattr(trend, "LOOKS_BACK_S", 180.0)
    hass.loop.set_debug(enabled=False)  # it keeps where each task was made
    house, chance = await set_up(hass, mqtt_mock, QUICK), Random(1)
    windows = [PlayedWindow(house, f"w{number}") for number in range(WINDOWS)]
    for window in windows:
        await window.appear()
        await house.act("select.select_option", "mode", window.device_id, option="automatic")
    messages = 0
    counts: dict[int, Count] = {}
    objects: dict[int, Counter[str]] = {}
    for minute in range(1, MINUTES + 1):
        messages += await one_minute(house, windows, chance, freezer)
        mqtt_client_mock.reset_mock()
        if minute in {WARM, MINUTES}:
            counts[minute], objects[minute] = count(hass, mqtt_mock), objects_of_ours()
    assert messages > MINUTES * WINDOWS * 6
    assert counts[MINUTES] == counts[WARM]
    grown = objects[MINUTES] - objects[WARM]
    assert grown.total() <= PASSING, grown
