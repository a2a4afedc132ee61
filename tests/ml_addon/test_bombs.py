"""Hostile questions are refused in bounded time and memory, and a flood from one window costs the others nothing."""

import base64
import bz2
import gzip
import json
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from ml_addon.messages import MAX_PACKET_BYTES, MAX_REQUEST_BYTES, decode_request, glimpse_correlation_id
from ml_addon.pace import Pace
from ml_addon.strict_json import ContractError

MOST_BYTES = 100 * 2**20
MOST_SECONDS = 20.0  # of the processor, with tracemalloc, which slows it several times; unbounded work takes minutes


def wav(data_says: int, *, riff_says: int = 0xFFFFFFFF, rate: int = 16_000, fmt_says: int = 16) -> bytes:
    head = b"RIFF" + struct.pack("<I", riff_says) + b"WAVEfmt " + struct.pack("<I", fmt_says)
    return (
        head
        + struct.pack("<HHIIHH", 1, 1, rate, rate * 2 & 0xFFFFFFFF, 2, 16)
        + b"data"
        + struct.pack("<I", data_says)
        + bytes(64)
    )


def question(audio: bytes) -> bytes:
    grant = {"act": False, "min": 0, "max": 100, "min_confidence": 0, "ttl_s": 8}
    sound = {"format": "wav", "data": base64.b64encode(audio).decode()}
    return json.dumps({"contract": 1, "correlation_id": "q", "grant": grant, "audio": sound}).encode()


FULL = MAX_REQUEST_BYTES
BOMBS: dict[str, Callable[[], bytes]] = {
    "WAV that says 4 GiB": lambda: question(wav(0xFFFFFFFF)),
    "WAV whose format chunk says 4 GiB": lambda: question(wav(64, fmt_says=0xFFFFFFFF)),
    "WAV at 4 GHz": lambda: question(wav(64, rate=0xFFFFFFFF)),
    "WAV of nothing but empty chunks": lambda: question(b"RIFF\xff\xff\xff\xffWAVE" + b"junk\0\0\0\0" * 80_000),
    "deep arrays": lambda: b"[" * FULL,
    "deep arrays that end": lambda: b"[" * (FULL // 2) + b"]" * (FULL // 2),
    "deep objects": lambda: b'{"a":' * (FULL // 5),
    "very many arrays": lambda: b'{"a":[' + b"[]," * (FULL // 3 - 10) + b"[]]}",
    "very many keys": lambda: json.dumps({str(k): 0 for k in range(70_000)}).encode(),
    "a number of a million digits": lambda: b'{"contract":' + b"9" * (FULL - 20) + b"}",
    "a tiny number with a huge exponent": lambda: b'{"contract":1e' + b"9" * (FULL - 20) + b"}",
    "escapes": lambda: b'{"a":"' + b"\\ud800" * (FULL // 6 - 10) + b'"}',
    "gzip of zeros": lambda: gzip.compress(bytes(100 * 2**20), 9),
    "deflate of zeros": lambda: zlib.compress(bytes(100 * 2**20), 9),
    "bzip2 of zeros": lambda: bz2.compress(bytes(100 * 2**20), 9),
    "gzip as the sound": lambda: question(gzip.compress(bytes(10 * 2**20), 9)),
    "base64 that is none": lambda: question(b"x").replace(b"eA==", b"A" * (FULL - 300) + b"!"),
    "the largest packet": lambda: b" " * MAX_PACKET_BYTES,
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_bounded_time_and_memory(make: Callable[[], bytes]) -> None:
    payload = make()
    assert len(payload) <= MAX_PACKET_BYTES
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(ContractError):
            decode_request(payload)
        took, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MOST_BYTES
    assert took < MOST_SECONDS


def test_a_window_that_floods_is_slowed_and_the_others_are_not() -> None:
    pace = Pace(20)
    admitted = sum(pace.admits("flood", k / 1000) for k in range(10_000))
    assert 100 + 190 <= admitted <= 100 + 201
    assert all(pace.admits(f"window-{k}", 10.0) for k in range(1000))


def test_a_window_that_was_silent_may_ask_again() -> None:
    pace = Pace(1)
    assert [pace.admits("w", 0.0) for _ in range(6)] == [True] * 5 + [False]
    assert pace.admits("w", 1.0)
    assert not pace.admits("w", 1.0)


def test_a_slow_pace_still_lets_one_through() -> None:
    pace = Pace(0.1)
    assert pace.admits("w", 0.0)
    assert not pace.admits("w", 9.0)
    assert pace.admits("w", 10.1)


def test_very_many_names_do_not_fill_the_memory() -> None:
    pace = Pace(20)
    tracemalloc.start()
    for k in range(50_000):
        pace.admits(f"name-{k}", 0.0)
    now, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert now < 4 * 2**20


@given(st.binary(max_size=5000))
def test_a_glimpse_of_any_bytes_finds_a_name_or_nothing(payload: bytes) -> None:
    found = glimpse_correlation_id(payload)
    assert found is None or 1 <= len(found) <= 64


def test_a_name_is_seen_before_and_after_a_long_sound() -> None:
    sound = b'"audio":"' + b"A" * 900_000 + b'"'
    assert glimpse_correlation_id(b'{"correlation_id": "first",' + sound + b"}") == "first"
    assert glimpse_correlation_id(b"{" + sound + b',"correlation_id":"last"}') == "last"
