"""Clips come together whatever happens to their chunks, and never cost more than their limits."""

import math
import struct
import time

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.clips import (
    CLIP_TIME_S,
    MAX_REQUEST_PCM,
    SILENCE_DBFS,
    ClipAssembler,
    clip_of,
    level_dbfs,
)
from custom_components.smart_window.contract import AudioFormat, Chunk, HeardFeatures, Sound
from custom_components.smart_window.hearing import Hearing


def chunks(pcm: bytes, size: int, clip_id: int = 7) -> list[Chunk]:
    count = -(-len(pcm) // size)
    return [
        Chunk(clip_id, seq, count, len(pcm), seq * size, 0, pcm[seq * size : (seq + 1) * size]) for seq in range(count)
    ]


@given(st.binary(min_size=1, max_size=300), st.integers(1, 40), st.data())
def test_chunks_in_any_order_with_repeats_make_the_clip_once(pcm: bytes, size: int, data: st.DataObject) -> None:
    parts = chunks(pcm, size)
    extra = data.draw(st.lists(st.sampled_from(parts), max_size=10))
    order = data.draw(st.permutations([*parts, *extra]))
    assembler = ClipAssembler()
    whole = [found for at, chunk in enumerate(order) if (found := assembler.take(chunk, at * 0.01)) is not None]
    assert whole == [pcm]
    assert assembler.given_up == 0


@given(st.binary(min_size=2, max_size=100), st.integers(1, 20), st.data())
def test_a_clip_with_a_gap_never_comes(pcm: bytes, size: int, data: st.DataObject) -> None:
    parts = chunks(pcm, min(size, len(pcm) - 1))
    parts.pop(data.draw(st.integers(0, len(parts) - 1)))
    assembler = ClipAssembler()
    assert [assembler.take(chunk, 0) for chunk in parts] == [None] * len(parts)
    assembler.expire(CLIP_TIME_S)
    assert assembler.given_up == 1
    assert assembler.wake_at is None


def test_two_clips_may_be_interleaved() -> None:
    one, two = chunks(b"1" * 10, 3, clip_id=1), chunks(b"2" * 10, 3, clip_id=2)
    assembler = ClipAssembler()
    found = [assembler.take(chunk, 0) for pair in zip(one, two, strict=True) for chunk in pair]
    assert found[-2:] == [b"1" * 10, b"2" * 10]


def test_a_third_clip_takes_the_place_of_the_oldest() -> None:
    assembler = ClipAssembler()
    parts = {clip_id: chunks(bytes([clip_id]) * 4, 2, clip_id) for clip_id in (1, 2, 3)}
    for at, clip_id in enumerate((2, 1, 3)):
        assembler.take(parts[clip_id][0], at)
    assert assembler.given_up == 1
    assert assembler.take(parts[1][1], 3) == b"\x01" * 4
    assert assembler.take(parts[3][1], 3) == b"\x03" * 4
    assert assembler.take(parts[2][1], 3) is None


def test_a_clip_is_given_up_after_its_time() -> None:
    first, second = chunks(b"abcd", 2)
    assembler = ClipAssembler()
    assembler.take(first, 100.0)
    assert assembler.wake_at == 100.0 + CLIP_TIME_S
    assert assembler.take(second, 100.0 + CLIP_TIME_S) is None
    assert assembler.given_up == 1


def test_repeats_of_a_finished_clip_are_known_and_its_number_is_free_again_later() -> None:
    first, second = chunks(b"abcd", 2)
    assembler = ClipAssembler()
    assert [assembler.take(chunk, 0) for chunk in (first, second, first, second)] == [None, b"abcd", None, None]
    assert assembler.take(first, CLIP_TIME_S) is None
    assert assembler.take(second, CLIP_TIME_S) == b"abcd"


def test_chunks_that_contradict_each_other_are_dropped() -> None:
    first, second = chunks(b"abcd", 2)
    assembler = ClipAssembler()
    assembler.take(first, 0)
    for stranger in (Chunk(7, 1, 3, 4, 2, 0, b"zz"), Chunk(7, 1, 2, 5, 2, 0, b"zz"), Chunk(7, 0, 2, 4, 2, 0, b"zz")):
        assert assembler.take(stranger, 0) is None
    assert assembler.take(second, 0) == b"abcd"


@pytest.mark.parametrize("offsets", [(0, 0), (0, 1), (1, 2), (2, 2)])
def test_chunks_that_do_not_cover_the_clip_make_none(offsets: tuple[int, int]) -> None:
    assembler = ClipAssembler()
    found = [assembler.take(Chunk(7, seq, 2, 4, at, 0, b"ab"), 0) for seq, at in enumerate(offsets)]
    assert found == [None, None]
    assert assembler.given_up == 1
    assert assembler.wake_at is None


def test_overlapping_chunks_never_take_more_memory_than_the_clip() -> None:
    assembler = ClipAssembler()
    for seq in range(4096):
        assembler.take(Chunk(7, seq, 4096, 1000, 0, 0, b"x" * 400), 0)
        held = sum(len(part.samples) for clip in assembler._under_way.values() for part in clip.chunks.values())
        assert held <= 1000


def test_the_level_of_known_signals() -> None:
    sine = struct.pack("<8000h", *(round(32767 * math.sin(math.tau * n / 80)) for n in range(8000)))
    assert level_dbfs(sine) == pytest.approx(-3.01, abs=0.01)
    assert level_dbfs(struct.pack("<4h", -32768, -32768, -32768, -32768)) == 0.0
    assert level_dbfs(struct.pack("<2h", 3277, -3277)) == pytest.approx(-20.0, abs=0.01)
    assert level_dbfs(struct.pack("<2h", 1, -1)) == pytest.approx(-90.31, abs=0.01)
    assert level_dbfs(b"\0" * 100) == level_dbfs(b"") == level_dbfs(b"\0") == SILENCE_DBFS


@given(st.binary(max_size=200))
def test_any_samples_have_a_level(pcm: bytes) -> None:
    assert SILENCE_DBFS <= level_dbfs(pcm) <= 0


def test_the_level_of_the_longest_clip_does_not_stop_the_event_loop() -> None:
    pcm = struct.pack("<h", 12345) * (MAX_REQUEST_PCM // 2)
    start = time.thread_time()
    level_dbfs(pcm)
    assert time.thread_time() - start < 0.1


def test_of_a_clip_that_no_request_can_carry_the_last_part_is_kept() -> None:
    pcm = bytes(range(250)) * 4000
    clip = clip_of(Sound(48_000, 2, pcm))
    assert clip.pcm == pcm[-MAX_REQUEST_PCM:]
    assert clip.duration_s == MAX_REQUEST_PCM / 4 / 48_000
    short = Sound(8000, 1, b"\1\0" * 4000)
    assert clip_of(short).sound == short


def test_chunks_without_an_announced_format_give_a_level_alone() -> None:
    hearing = Hearing()
    first, second = chunks(b"\0\x40" * 8000, 9000)
    assert hearing.take(first, None, 0).level is None
    heed = hearing.take(second, None, 0)
    assert heed.level == pytest.approx(-6.02, abs=0.01)
    assert heed.clip is None
    assert hearing.clips == 0
    assert hearing.latest(0, 100) is None


def test_chunks_with_an_announced_format_give_a_clip_as_long_as_it_is_fresh() -> None:
    hearing = Hearing()
    found = [hearing.take(chunk, AudioFormat(16_000), 5.0).clip for chunk in chunks(b"\0\x40" * 8000, 9000)]
    assert found[0] is None
    assert found[1] is not None
    assert found[1].duration_s == 0.5
    assert hearing.clips == 1
    assert hearing.latest(105.0, 100) == found[1].sound
    assert hearing.latest(105.1, 100) is None


@pytest.mark.parametrize("pcm", [b"\0\0" * 1999, b"\0" * 7999])
def test_chunks_of_no_usable_clip_are_counted(pcm: bytes) -> None:
    hearing = Hearing()
    heeds = [hearing.take(chunk, AudioFormat(8000), 0) for chunk in chunks(pcm, 3000)]
    assert [(heed.clip, heed.level) for heed in heeds] == [(None, None)] * len(heeds)
    assert hearing.expire(0) == 1
    assert hearing.expire(0) == 0


def test_features_have_the_level_that_their_window_measured() -> None:
    hearing = Hearing()
    features = HeardFeatures("s-1", (1.0,), {"la_eq": -41.5, "la_10": -30.0})
    heed = hearing.take(features, None, 0)
    assert (heed.level, heed.noise) == (-41.5, None)
    assert hearing.latest(0, 1) == features
    assert hearing.take(HeardFeatures("s-1", (1.0,)), None, 0).level is None
    assert hearing.clips == 2
