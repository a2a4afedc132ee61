"""A virtual window on a real broker."""

import asyncio
import itertools
import json
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random

import pytest

from simulator.broker import Endpoint, client
from simulator.device import Setup
from simulator.profile import WindowProfile
from simulator.sounds import SoundKind, clip
from simulator.window import Window, World
from stack.broker import Broker
from tests.contract.contract_files import validator
from tests.simulator.conftest import Observer

GUARD = {"hub": "h", "machines": True, "min": 0, "max": 100, "lock": "none", "rain_position": 0, "microphone": True}
PROFILE = WindowProfile(
    "bedroom", "Bedroom", interval=0, clip_interval=0, clip_s=1.0, setup=Setup(position=20, travel_s=1.0)
)


SLOW = replace(PROFILE, setup=Setup(position=50, travel_s=60.0))  # a scene happens while it moves


@asynccontextmanager
async def living(profile: WindowProfile, endpoint: Endpoint) -> AsyncIterator[asyncio.Task[None]]:
    ids = itertools.count(1)
    world = World(asyncio.get_running_loop().time, time.time, lambda: f"id{next(ids)}", Random(1))
    task = asyncio.create_task(Window(profile, endpoint, world).run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def window(endpoint: Endpoint, observer: Observer) -> AsyncIterator[asyncio.Task[None]]:
    async with living(PROFILE, endpoint) as task:
        await observer.state()
        yield task


async def guarded(observer: Observer, **changes: object) -> dict[str, object]:
    """Put a live guard in force; return the state that follows."""
    before = await observer.tell("window/bedroom/guard", GUARD | changes, retain=True)
    return await observer.state(since=before)


async def test_it_announces_itself_and_says_goodbye(window: asyncio.Task[None], observer: Observer) -> None:
    announce = json.loads(await observer.until("window/bedroom/announce"))
    validator("announce").validate(announce)
    assert await observer.until("window/bedroom/availability") == b"online"
    validator("state").validate(await observer.state())
    window.cancel()
    assert await observer.until("window/bedroom/availability", lambda raw: raw == b"offline")


async def test_it_obeys_and_tells_the_way(window: asyncio.Task[None], observer: Observer) -> None:
    state = await guarded(observer)
    fence = {"session": state["session"], "rev": state["rev"]}
    before = len(observer.heard)
    assert await observer.command(position=100, source="ml", command_id="c1", confidence=0.9, **fence) == "accepted"
    assert (await observer.state(since=before, operation="opening"))["command_id"] == "c1"
    arrived = await observer.state(since=before, operation="idle", position=100.0)
    assert (arrived["source"], arrived["target"]) == ("ml", 100.0)
    places = [
        json.loads(one.payload)["position"] for one in observer.heard[before:] if one.topic.value.endswith("/state")
    ]
    assert any(20 < place < 100 for place in places)
    assert await observer.command(position=0, source="ml", command_id="c2", **fence) == "stale:rev"
    assert await observer.command(position=100, source="ml", command_id="c1", **fence) == "duplicate"


async def test_a_retained_command_is_not_obeyed(endpoint: Endpoint, observer: Observer) -> None:
    command = {"position": 90, "source": "user", "command_id": "kept", "session": "id1", "rev": 1}
    await observer.tell("window/bedroom/control", command, retain=True)
    async with living(PROFILE, endpoint):
        answer = json.loads(await observer.until("window/bedroom/control/result"))
    assert (answer["command_id"], answer["result"], answer["reason"]) == ("kept", "invalid", "retained")
    states = [json.loads(one.payload) for one in observer.heard if one.topic.value == "window/bedroom/state"]
    assert {(state["target"], state["session"]) for state in states} == {(20.0, "id1")}


async def test_a_connection_that_comes_back_is_a_new_session_and_no_move(
    window: asyncio.Task[None], observer: Observer
) -> None:
    first = await guarded(observer)
    await observer.tell("bench/bedroom/disconnect", {"seconds": 0.1})
    await observer.until("window/bedroom/availability", lambda raw: raw == b"offline")
    before = len(observer.heard)
    second = await observer.state(since=before)
    assert second["session"] != first["session"]
    assert (second["rev"], second["target"], second["operation"]) == (first["rev"], 20.0, "idle")
    late = {"session": first["session"], "rev": first["rev"]}
    assert await observer.command(position=80, source="ml", command_id="late", **late) == "stale:session"


async def test_a_broker_that_restarts_is_found_again(
    window: asyncio.Task[None], observer: Observer, broker: Broker, endpoint: Endpoint
) -> None:
    first = await guarded(observer)
    await broker.restart()
    async with client(endpoint) as session:
        await session.subscribe([("window/#", 1)])
        again = Observer(session)
        second = await again.state()
        assert await again.until("window/bedroom/availability") == b"online"
        await again.close()
    assert second["session"] != first["session"]
    assert (second["rev"], second["target"], second["operation"]) == (first["rev"], 20.0, "idle")


async def test_the_bench(endpoint: Endpoint, observer: Observer) -> None:
    async with living(SLOW, endpoint):
        await observer.state()
        await observer.tell("bench/bedroom/press", {"button": "open"})
        assert (await observer.state(operation="opening"))["hand_id"] is not None
        await observer.tell("bench/bedroom/rain", {"on": True})
        assert (await observer.state(rain=True))["source"] == "safety"
        await observer.tell("bench/bedroom/stall", {})
        assert (await observer.state(obstacle=True))["fault"] == "rain"
        before = await observer.tell("bench/bedroom/rain", {"on": False})
        await observer.state(since=before, rain=False, fault=None)
        await observer.tell("bench/bedroom/nonsense", {})
        await observer.tell("bench/bedroom/press", {"button": "dance"})
        before = await observer.tell("bench/bedroom/press", {"button": "close"})
        await observer.state(since=before, operation="closing", obstacle=False)
        before = await observer.tell("bench/bedroom/power_cut", {})
        woken = await observer.state(since=before, rev=1)
        assert (woken["position"], woken["operation"]) == (None, "idle")
        assert woken["hand_id"] is not None


async def test_the_bench_fixes_a_room(window: asyncio.Task[None], observer: Observer) -> None:
    await observer.tell("bench/bedroom/temperature", {"value": 31.5})
    await observer.until("sensor/bedroom/temperature", lambda raw: json.loads(raw)["value"] == 31.5)
    await observer.tell("bench/bedroom/humidity", {"value": 77})
    await observer.until("sensor/bedroom/humidity", lambda raw: json.loads(raw)["value"] == 77)
    await observer.tell("bench/bedroom/temperature", {"value": None})
    await observer.until("sensor/bedroom/temperature", lambda raw: abs(json.loads(raw)["value"] - 24) < 1)


async def test_a_clip_comes_in_chunks_that_fit(window: asyncio.Task[None], observer: Observer) -> None:
    await observer.tell("bench/bedroom/sound", {"kind": "street", "level": "loud"})
    await observer.tell("bench/bedroom/record", {})
    await observer.until("sensor/bedroom/audio", lambda raw: struct.unpack_from("<HH", raw, 8) == (7, 8))
    chunks = [one.payload for one in observer.heard if one.topic.value == "sensor/bedroom/audio"]
    data = b"".join(chunk[32:] for chunk in chunks)
    assert data in {clip(SoundKind.STREET_LOUD, 1.0, seed).tobytes() for seed in range(4)}


async def test_a_guard_closes_the_microphone(window: asyncio.Task[None], observer: Observer) -> None:
    await guarded(observer, microphone=False)
    await observer.tell("bench/bedroom/record", {})
    await guarded(observer, microphone=True)
    await observer.tell("bench/bedroom/record", {})
    await observer.until("sensor/bedroom/audio", lambda raw: struct.unpack_from("<HH", raw, 8) == (7, 8))
    clips = {one.payload[4:8] for one in observer.heard if one.topic.value == "sensor/bedroom/audio"}
    assert len(clips) == 1
