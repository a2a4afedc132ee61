"""What leaves the real firmware of a clip: numbers alone, or its sound where its owner wrote so."""

import math
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest

from custom_components.smart_window.contract import HeardFeatures
from custom_components.smart_window.contract.audio import decode_audio
from stack.broker import Broker
from stack.tap import Heard
from tests.firmware.house import SOON_S, SOUND, House, closed, running

pytestmark = pytest.mark.timeout(300)
_HEADER = struct.Struct("<4sIHHIIQI")


@pytest.fixture
async def quiet_house(tmp_path: Path, program: Path, broker: Broker) -> AsyncIterator[House]:
    async with running(program, tmp_path, broker, sends_sound=False) as made:
        yield made


async def test_a_clip_is_whole_and_one_that_was_cut_off_comes_again(house: House) -> None:
    await house.bench("record")
    first = await _whole_clip(house, lambda _: True)
    mark = house.tap.mark
    await house.bench("record")
    await house.tap.heard("its first chunk", _is_chunk, SOON_S, mark)
    await house.broker.kill()
    await house.broker.start()
    second = await _whole_clip(house, lambda clip_id: clip_id != first)
    assert second == (first + 1) % 2**32


async def test_no_sound_leaves_while_the_microphone_is_off(house: House) -> None:
    await house.guard(microphone=False)
    await house.state("the guard counts", rev=2)
    mark = house.tap.mark
    await house.bench("record")
    await closed(house)
    assert house.tap.all(_is_chunk, mark) == []
    await house.guard()
    await house.bench("record")
    await house.tap.heard("a chunk", _is_chunk, SOON_S, mark)
    await house.guard(microphone=False)
    await house.command("user", position=100)
    await house.state("the guard counted", mark, position=100, operation="idle")
    assert len(house.tap.all(_is_chunk, mark)) < 160_000 / 3904


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

    last = await house.tap.heard("a whole clip", completes, SOON_S)
    clip_id = int(_HEADER.unpack_from(last.payload)[1])
    sound = b"".join(parts[clip_id][seq] for seq in sorted(parts[clip_id]))
    played = SOUND.astype("<i2").tobytes() * 4
    assert len(sound) == 160_000
    assert sound in played
    return clip_id


async def test_numbers_leave_and_no_sound(quiet_house: House) -> None:
    house = quiet_house
    announced = await house.tap.heard("announce", lambda m: m.topic.endswith("/announce"), SOON_S)
    assert announced.content["capabilities"] == ["position", "temperature", "humidity", "rain", "audio"]
    assert "audio" not in announced.content  # no format: no chunks will come
    mark = house.tap.mark
    await house.bench("record")
    heard = decode_audio((await house.tap.heard("the features", _is_chunk, SOON_S, mark)).payload)
    assert isinstance(heard, HeardFeatures)
    assert (heard.schema, len(heard.values)) == ("smart-window-57.v2", 57)
    # The clip is 5 s of a sound of 2 s that is played again and again: its level does not depend on where it began.
    level = 20 * math.log10(np.sqrt(np.mean((SOUND / 32768.0) ** 2)))
    assert 20 * math.log10(heard.values[44]) == pytest.approx(level, abs=0.2)
    assert set(heard.levels) == {"la_eq", "la_10", "la_50", "la_90", "la_max"}  # this microphone is not calibrated
    again = house.tap.mark
    await house.bench("record")
    await house.tap.heard("the next ones", _is_chunk, SOON_S, again)
    assert all(message.payload.startswith(b"{") for message in house.tap.all(_is_chunk, mark))


async def test_features_that_were_cut_off_come_when_the_broker_is_back(quiet_house: House) -> None:
    mark = quiet_house.tap.mark
    await quiet_house.bench("record")
    await quiet_house.bench("temperature", {"value": 20})
    await quiet_house.tap.heard("it records", lambda m: m.topic == "sensor/attic/temperature", SOON_S, mark)
    await quiet_house.broker.kill()
    await quiet_house.broker.start()
    assert len(quiet_house.tap.all(_is_chunk, mark)) == 0
    await quiet_house.tap.heard("the features", _is_chunk, SOON_S, mark)


async def test_no_features_leave_while_the_microphone_is_off(quiet_house: House) -> None:
    await quiet_house.guard(microphone=False)
    await quiet_house.state("the guard counts", rev=2)
    mark = quiet_house.tap.mark
    await quiet_house.bench("record")
    await closed(quiet_house)
    await quiet_house.command("user", position=100)
    await quiet_house.state("the time of a clip has passed", position=100, operation="idle")
    assert quiet_house.tap.all(_is_chunk, mark) == []
