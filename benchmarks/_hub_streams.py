"""What ./scripts/bench hub runs under the harness: two streams of readings, into ours and into core's, in turn."""

# It is a test to the harness, and looks inside the event loop and the client.
# ruff: noqa: ARG001, ASYNC110, ASYNC240, FBT003, PYI034, S101, SLF001

import asyncio
import gc
import json
import os
import time
from asyncio import events
from collections.abc import Generator, Iterator
from pathlib import Path
from random import Random
from statistics import fmean
from unittest.mock import patch

import pytest
from homeassistant.components.mqtt import MqttData
from homeassistant.components.mqtt.client import MQTT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from paho.mqtt.client import MQTTMessage
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_mqtt_message
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.const import DOMAIN

WINDOWS = int(os.environ.get("BENCH_WINDOWS", "500"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "32"))
KINDS = {"temperature": ("°C", 21.4), "humidity": ("%", 48.0)}
OURS, CORE = "sensor", "core"
ALSO_SHOWN = (("sensor", "absolute_humidity"), ("sensor", "health"), ("binary_sensor", "online"))
BLOCKS = 8
"""So often the two sides take turns."""
BATCH = 100
"""Messages that are handed over in one turn of the event loop."""


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(enable_custom_integrations: None) -> None:
    """Without this, hass does not look into custom_components at all."""


@pytest.fixture(autouse=True)
def no_mqtt_client_timer() -> Generator[None]:
    """The mocked client leaves its own timer behind."""
    with patch("homeassistant.components.mqtt.client.MQTT._async_start_misc_periodic"):
        yield


class LongestCallback:
    """The thread CPU time of the longest callback of the event loop, but for those of the benchmark's own task.

    Python's collector runs in whichever callback makes one object too many, for all that the program holds: its time
    is no callback's, and told apart.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.collecting = 0.0
        self._collected, self._collects_since = 0.0, 0.0
        self._run = events.Handle._run

    def __enter__(self) -> LongestCallback:
        run, own = self._run, asyncio.current_task()

        def timed(handle: events.Handle) -> None:
            if getattr(handle._callback, "__self__", None) is own:  # type: ignore[attr-defined]
                run(handle)
                return
            self._collected = 0.0
            began = time.thread_time()
            run(handle)
            self.seconds = max(self.seconds, time.thread_time() - began - self._collected)

        events.Handle._run = timed  # type: ignore[method-assign,assignment]
        gc.callbacks.append(self._collects)
        return self

    def __exit__(self, *_: object) -> None:
        gc.callbacks.remove(self._collects)
        events.Handle._run = self._run  # type: ignore[method-assign]

    def _collects(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._collects_since = time.thread_time()
            return
        took = time.thread_time() - self._collects_since
        self._collected += took
        self.collecting = max(self.collecting, took)


def window(number: int) -> str:
    return f"w{number:03}"


def announce(number: int) -> bytes:
    said = {"contract": 1, "device_id": window(number), "name": f"Window {number}", "model": "SW-1"}
    return json.dumps(said | {"capabilities": list(KINDS)}).encode()


def discovery(number: int, kind: str) -> bytes:
    said = {
        "name": kind,
        "unique_id": f"core-{number}-{kind}",
        "device_class": kind,
        "unit_of_measurement": KINDS[kind][0],
        "state_class": "measurement",
        "state_topic": f"{CORE}/{window(number)}/{kind}",
        "value_template": "{{ value_json.value }}",
        "device": {"identifiers": [f"core-{number}"], "name": f"Core {number}"},
    }
    return json.dumps(said).encode()


def stream(where: str, *, hard: bool, rounds: int, seed: int, first: int = 1) -> Iterator[MQTTMessage]:
    """A reading each 2 s of each window. Realistic: noise below what the sensor resolves; hard: each value is new."""
    random = Random(seed)
    for turn in range(first, first + rounds):
        for number in range(WINDOWS):
            for kind, (unit, base) in KINDS.items():
                noise = random.uniform(-0.004, 0.004)
                value = base + turn * 0.3 + noise if hard else base + noise
                message = MQTTMessage(topic=f"{where}/{window(number)}/{kind}".encode())
                message.payload = json.dumps({"value": round(value, 4), "unit": unit, "ts": 1.79e9 + turn * 2}).encode()
                message.qos = 0
                message.timestamp = time.monotonic()
                yield message


def leave_two_sensors(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Nothing but temperature and humidity is enabled on either side: the owner disabled what a window shows beside."""
    registry = er.async_get(hass)
    for number in range(WINDOWS):
        for platform, key in ALSO_SHOWN:
            name = f"{window(number)}.{key}"
            registry.async_get_or_create(
                platform, DOMAIN, name, config_entry=entry, disabled_by=er.RegistryEntryDisabler.USER
            )


async def play(hass: HomeAssistant, messages: list[MQTTMessage]) -> float:
    """Seconds of CPU time per message."""
    data: MqttData = hass.data["mqtt"]
    # The harness wraps the client in a mock, which a home has not; it would weigh as much as a reading does.
    client: MQTT = getattr(data.client, "_mock_wraps", data.client)
    receive, session = client._async_mqtt_on_message, client._mqttc
    gc.collect()
    began = time.process_time()
    for start in range(0, len(messages), BATCH):
        for message in messages[start : start + BATCH]:
            hass.loop.call_soon(receive, session, None, message)
        await asyncio.sleep(0)
    # Ours deals with what a turn of the loop has no time for in the next ones: it counts where it came from.
    while any(len(entry.runtime_data.inbox) for entry in hass.config_entries.async_loaded_entries(DOMAIN)):
        await asyncio.sleep(0)
    await hass.async_block_till_done()
    return (time.process_time() - began) / len(messages)


def rss() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_streams(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    hass.loop.set_debug(False)  # the harness's, which keeps a traceback of each timer
    for number in range(WINDOWS):
        for kind in KINDS:
            async_fire_mqtt_message(hass, f"homeassistant/sensor/core-{number}/{kind}/config", discovery(number, kind))
        await hass.async_block_till_done()
    entry = MockConfigEntry(domain=DOMAIN, title="Smart Window", data={"prefix": ""}, unique_id=DOMAIN)
    entry.add_to_hass(hass)
    leave_two_sensors(hass, entry)
    gc.collect()
    before = rss()
    with LongestCallback() as longest:
        began = time.process_time()
        assert await hass.config_entries.async_setup(entry.entry_id)
        for number in range(WINDOWS):
            topic = f"window/{window(number)}/announce"
            hass.loop.call_soon(async_fire_mqtt_message, hass, topic, announce(number), 1, True)
            await asyncio.sleep(0)
        await hass.async_block_till_done()
        await play(hass, list(stream(OURS, hard=True, rounds=1, seed=0)))
        set_up = time.process_time() - began
    held = (rss() - before) / WINDOWS
    await play(hass, list(stream(CORE, hard=True, rounds=1, seed=0)))
    ours_and_cores = ("sensor.window_", "binary_sensor.window_", "sensor.core_")
    shown = [one for one in hass.states.async_entity_ids() if one.startswith(ours_and_cores)]
    assert len(shown) == 4 * WINDOWS

    figures: dict[tuple[str, bool], list[float]] = {}
    for block in range(BLOCKS):
        for hard in (False, True):
            for where in (OURS, CORE) if block % 2 else (CORE, OURS):
                # The first reading comes from the other stream's values: it is sent before, and does not count.
                await play(hass, list(stream(where, hard=hard, rounds=1, seed=block + 3, first=0)))
                messages = list(stream(where, hard=hard, rounds=max(1, ROUNDS // BLOCKS), seed=block))
                figures.setdefault((where, hard), []).append(await play(hass, messages))
    # Apart from the above: a stopwatch around each callback would weigh on both sides.
    with LongestCallback() as running:
        for hard in (False, True):
            await play(hass, list(stream(OURS, hard=hard, rounds=1, seed=9)))
    # The mean of all: Python's collector runs in some blocks and not in others, and both sides make it run.
    us = {key: fmean(found) * 1e6 for key, found in figures.items()}
    Path(os.environ["BENCH_FIGURES"]).write_text(
        json.dumps(
            {
                "ratio": round(us[OURS, False] / us[CORE, False], 3),
                "ratio_hard": round(us[OURS, True] / us[CORE, True], 3),
                "us_per_message": round(us[OURS, False], 1),
                "us_per_message_core": round(us[CORE, False], 1),
                "us_per_message_hard": round(us[OURS, True], 1),
                "us_per_message_core_hard": round(us[CORE, True], 1),
                "bytes_per_window": round(held),
                "setup_s": round(set_up, 2),
                "longest_callback_ms": round(longest.seconds * 1000, 1),
                "longest_collection_ms": round(longest.collecting * 1000, 1),
                "longest_callback_streaming_ms": round(running.seconds * 1000, 1),
                "windows": WINDOWS,
            }
        )
    )
