"""The real firmware as a process, on a real broker: what a window does when all is well, and when it is not."""

import json
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pytest

from firmware.host.program import linux_program
from firmware.host.window import LinuxWindowSettings, linux_window
from simulator.sounds import RATE
from simulator.wav import wav_bytes
from stack.broker import Broker, BrokerSettings
from stack.json_shape import JsonObject
from stack.ports import free_ports
from stack.process import Child
from stack.tap import Heard, Tap
from tests.firmware.build import ROOT

pytestmark = pytest.mark.timeout(300)
_SOON_S = 20.0
_HEADER = struct.Struct("<4sIHHIIQI")
# Two seconds in which each sample says where it is, so that a gap or a repeat shows.
_SOUND = ((np.arange(2 * RATE, dtype=np.int64) * 7919) % 65521 - 32760).astype(np.int16)
_GUARD: JsonObject = {
    "hub": "h",
    "machines": True,
    "min": 0,
    "max": 100,
    "lock": "none",
    "rain_position": 0,
    "microphone": True,
}


@pytest.fixture(scope="session")
def program() -> Path:
    return linux_program(ROOT)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    (port,) = free_ports(1, Random())
    made = Broker(BrokerSettings(tmp_path / "broker", port, keeps_state=True))
    await made.start()
    yield made
    await made.stop()


@dataclass(slots=True)
class House:
    """A window, and who watches it."""

    tap: Tap
    window: Child
    broker: Broker
    commands: int = 0

    async def bench(self, what: str, content: JsonObject | None = None) -> None:
        await self.tap.publish(f"bench/attic/{what}", content or {})

    async def guard(self, **changes: object) -> None:
        """Publish twice: the first one after a connection may be the broker's kept copy."""
        for _ in range(2):
            await self.tap.publish("window/attic/guard", json.dumps(_GUARD | changes), retain=True)

    async def state(self, what: str, since: int = 0, **wanted: object) -> JsonObject:
        """Wait for a state in which all of this holds; a position may be off by 2."""

        def holds(message: Heard) -> bool:
            said = message.content
            return message.topic == "window/attic/state" and all(_fits(k, said.get(k), v) for k, v in wanted.items())

        return (await self.tap.heard(what, holds, _SOON_S, since)).content

    async def last(self) -> JsonObject:
        """The newest state."""
        return self.tap.all(lambda message: message.topic == "window/attic/state")[-1].content

    async def send(self, payload: bytes | str | JsonObject) -> str:
        """Send a control message; return result or result:reason."""
        mark = self.tap.mark
        await self.tap.publish("window/attic/control", payload)
        heard = await self.tap.heard("a result", lambda m: m.topic.endswith("/control/result"), _SOON_S, mark)
        said = heard.content
        return f"{said['result']}:{said['reason']}" if said.get("reason") else str(said["result"])

    async def command(self, source: str, **fields: object) -> str:
        self.commands += 1
        state = await self.last()
        made = {"source": source, "command_id": f"c{self.commands}", "session": state["session"], "rev": state["rev"]}
        result = await self.send(json.dumps(made | fields))
        if result == "accepted":  # the next command must know what this one changed
            await self.state("the command in the state", command_id=(made | fields)["command_id"])
        return result


def _number(found: object) -> float | None:
    return found if isinstance(found, int | float) else None


def _fits(name: str, found: object, wanted: object) -> bool:
    if name == "position" and isinstance(wanted, int | float):
        return isinstance(found, int | float) and abs(found - wanted) <= 2
    return found == wanted


@pytest.fixture
async def house(tmp_path: Path, program: Path, broker: Broker) -> AsyncIterator[House]:
    sound = tmp_path / "sound.wav"
    sound.write_bytes(wav_bytes(_SOUND, RATE))
    window = linux_window(
        LinuxWindowSettings(
            program,
            tmp_path / "attic",
            "attic",
            "Attic window",
            broker.host,
            broker.port,
            wav=sound,
            travel_s=2.0,
            interval=0,
            clip_interval=0,
        )
    )
    async with Tap(broker.host, broker.port) as tap:
        await window.start()
        made = House(tap, window, broker)
        await made.state("the first state")
        await _until_online(made)
        yield made
        await window.stop()


async def _until_online(house: House, since: int = 0) -> None:
    await house.tap.heard(
        "online", lambda m: m.topic.endswith("/availability") and m.payload == b"online", _SOON_S, since
    )


async def _closed(house: House) -> None:
    """Learn the place: a window that was never closed does not know it."""
    assert await house.command("user", action="home") == "accepted"
    await house.state("closed", position=0, operation="idle")


async def test_a_window_announces_itself_and_is_moved(house: House) -> None:
    announced = await house.tap.heard("announce", lambda m: m.topic.endswith("/announce"), _SOON_S)
    said = announced.content
    assert (said["contract"], said["device_id"], said["name"]) == (1, "attic", "Attic window")
    assert said["capabilities"] == ["position", "temperature", "humidity", "rain", "audio"]
    assert said["audio"] == {"rate": 16000, "format": "pcm_s16le", "framing": "SWA1"}
    first = await house.state("the first state", position=None, operation="idle", rev=1)
    assert first["target"] is None

    await house.bench("temperature", {"value": 21.5})
    reading = await house.tap.heard("a reading", lambda m: m.topic == "sensor/attic/temperature", _SOON_S)
    assert (reading.content["value"], reading.content["unit"]) == (21.5, "°C")

    assert await house.command("ml", position=40) == "guard:no_guard"
    await _closed(house)
    await house.guard()
    await house.state("the guard counts", rev=3)
    assert await house.command("ml", position=60) == "accepted"
    await house.state("the machine's place", position=60, operation="idle", source="ml")
    assert await house.command("ml", position=30, command_id="c3") == "duplicate"
    assert await house.command("ml", position=30, session="s-other") == "stale:session"

    mark = house.tap.mark
    await house.bench("press", {"button": "close"})
    pressed = await house.state("the hand", mark, source="user", operation="closing")
    assert pressed["hand_id"] is not None
    await house.state("the hand's place", mark, position=0, operation="idle", source="user")


async def test_a_first_guard_after_a_connection_may_be_a_kept_one(house: House) -> None:
    await house.tap.publish("window/attic/guard", _GUARD, retain=True)
    await house.state("its content counts", rev=2)
    assert await house.command("ml", position=40) == "guard:link"
    await house.tap.publish("window/attic/guard", _GUARD, retain=True)
    assert await house.command("ml", position=40) == "accepted"


async def test_rain_closes_and_an_obstacle_stays(house: House) -> None:
    await _closed(house)
    await house.guard()
    await house.command("user", position=100)
    await house.state("open", position=100, operation="idle")
    mark = house.tap.mark
    await house.bench("rain", {"on": True})
    await house.state("rain closes", mark, source="safety", operation="closing", rain=True)
    # The motor waits before it turns; only a sash that moves can be blocked.
    await house.tap.heard("it moves", lambda m: 0 < (_number(m.content.get("position")) or 0) < 95, _SOON_S, mark)
    mark = house.tap.mark
    await house.bench("stall")
    blocked = await house.state("an obstacle", mark, obstacle=True, operation="idle", fault="rain")
    assert blocked["position"] != 0
    await house.bench("rain", {"on": False})
    await house.state("dry", mark, rain=False, fault=None)
    assert await house.command("ml", position=0) == "fault:obstacle"
    assert await house.command("user", action="clear") == "accepted"
    assert await house.command("ml", position=0) == "accepted"
    await house.state("closed at last", mark, position=0, operation="idle", obstacle=False)


@pytest.mark.parametrize("message", ["control", "guard"])
async def test_no_invalid_example_moves_it(house: House, message: str) -> None:
    await _closed(house)
    before = await house.last()
    folder = ROOT / "contract" / "examples" / message / "invalid"
    sent = [path for path in sorted(folder.iterdir()) if not path.with_suffix(".topic").exists()]
    for path in sent:
        if message == "control":
            assert (await house.send(path.read_bytes())).startswith("invalid:"), path.name
        else:
            await house.tap.publish("window/attic/guard", path.read_bytes())
    assert len(sent) > 20
    assert await house.command("ml", position=50) == "guard:no_guard"
    after = await house.last()
    assert {key: after[key] for key in before if key != "ts"} == {key: before[key] for key in before if key != "ts"}
    assert house.window.is_running


async def test_a_clip_is_whole_and_one_that_was_cut_off_comes_again(house: House) -> None:
    await house.bench("record")
    first = await _whole_clip(house, lambda _: True)
    mark = house.tap.mark
    await house.bench("record")
    await house.tap.heard("its first chunk", _is_chunk, _SOON_S, mark)
    await house.broker.kill()
    await house.broker.start()
    second = await _whole_clip(house, lambda clip_id: clip_id != first)
    assert second == (first + 1) % 2**32


async def test_no_sound_leaves_while_the_microphone_is_off(house: House) -> None:
    await house.guard(microphone=False)
    await house.state("the guard counts", rev=2)
    mark = house.tap.mark
    await house.bench("record")
    await _closed(house)
    assert house.tap.all(_is_chunk, mark) == []
    await house.guard()
    await house.bench("record")
    await house.tap.heard("a chunk", _is_chunk, _SOON_S, mark)
    await house.guard(microphone=False)
    await house.command("user", position=100)
    await house.state("the guard counted", mark, position=100, operation="idle")
    assert len(house.tap.all(_is_chunk, mark)) < 160_000 / 3904


async def test_a_window_that_was_killed_in_a_move_knows_that_it_is_lost(house: House) -> None:
    await _closed(house)
    await house.bench("press", {"button": "open"})
    hand = (await house.state("opening", operation="opening"))["hand_id"]
    await house.window.kill()
    mark = house.tap.mark
    await house.tap.heard("its will", lambda m: m.payload == b"offline", _SOON_S)
    await house.window.start()
    lost = await house.state("its state", mark, position=None, operation="idle", hand_id=hand)
    assert (lost["rev"], lost["source"]) == (1, None)
    await _until_online(house, mark)
    mark = house.tap.mark
    assert await house.command("user", position=20) == "accepted"
    await house.state("it closes first", mark, operation="closing", position=None)
    await house.state("and finds its place", mark, position=20, operation="idle")


async def test_a_power_cut_at_rest_keeps_the_place_and_a_jam_is_given_up(house: House) -> None:
    await _closed(house)
    await house.command("user", position=50)
    await house.state("half open", position=50, operation="idle")
    mark = house.tap.mark
    await house.bench("power_cut")
    await house.state("it is back", mark, position=50, operation="idle", rev=1, source=None)
    await _until_online(house, mark)
    await house.bench("jam", {"on": True})
    await house.command("user", position=90)
    await house.state("it is driven", mark, operation="opening", target=90)
    given_up = await house.state("it is given up", house.tap.mark, operation="idle", target=90)
    assert given_up["position"] != 90


def _is_chunk(message: Heard) -> bool:
    return message.topic == "sensor/attic/audio"


async def _whole_clip(house: House, wanted: Callable[[int], bool]) -> int:
    """Wait for all chunks of a clip that has a wanted id; check their framing and their sound."""
    parts: dict[int, dict[int, bytes]] = {}

    def completes(message: Heard) -> bool:
        if not _is_chunk(message):
            return False
        magic, clip_id, seq, count, total, offset, _, checksum = _HEADER.unpack_from(message.payload)
        samples = message.payload[_HEADER.size :]
        assert (magic, total, offset, checksum) == (b"SWA1", 160_000, seq * 3904, zlib.crc32(samples))
        parts.setdefault(clip_id, {})[seq] = samples
        return wanted(clip_id) and len(parts[clip_id]) == count

    last = await house.tap.heard("a whole clip", completes, _SOON_S)
    clip_id = int(_HEADER.unpack_from(last.payload)[1])
    sound = b"".join(parts[clip_id][seq] for seq in sorted(parts[clip_id]))
    played = _SOUND.astype("<i2").tobytes() * 4
    assert len(sound) == 160_000
    assert sound in played
    return clip_id


async def test_a_kept_stop_stops_nothing(house: House) -> None:
    await _closed(house)  # which takes longer than the second in which a stop may be a kept one
    await house.tap.publish(
        "window/attic/control", {"action": "stop", "source": "user", "command_id": "kept"}, retain=True
    )
    await house.state("obeyed while it was new", command_id="kept")
    mark = house.tap.mark
    await house.bench("disconnect", {"seconds": 0})
    heard = await house.tap.heard("its result", lambda m: m.topic.endswith("/result"), _SOON_S, mark)
    assert heard.content["result"] == "invalid"
    assert heard.content["reason"] == "retained"
