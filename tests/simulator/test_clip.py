"""A clip in chunks: what comes out of them is what went in."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, strategies as st

from simulator.clip import ClipHead, chunks

HEADER = struct.Struct("<4sIHHIIQI")


@given(
    count=st.integers(1, 9000), size=st.integers(1, 4096).map(lambda half: 2 * half), clip_id=st.integers(0, 2**32 - 1)
)
def test_chunks_hold_the_whole_clip(count: int, size: int, clip_id: int) -> None:
    samples = (np.arange(count) * 7919 % 65536 - 32768).astype(np.int16)
    if count * 2 > 4096 * size:
        return
    payloads = list(chunks(samples, ClipHead(clip_id, 1_795_000_000_000), size))
    heads = [HEADER.unpack_from(payload) for payload in payloads]
    parts = [payload[HEADER.size :] for payload in payloads]
    assert b"".join(parts) == samples.tobytes()
    for seq, (head, part) in enumerate(zip(heads, parts, strict=True)):
        expected = (b"SWA1", clip_id, seq, len(payloads), 2 * count, seq * size, 1_795_000_000_000, zlib.crc32(part))
        assert head == expected
        assert 1 <= len(part) <= size


def test_the_usual_clip() -> None:
    payloads = list(chunks(np.zeros(80_000, np.int16), ClipHead(1, 0)))
    assert len(payloads) == 40
    assert len(payloads[0]) == 32 + 4096
    assert len(payloads[-1]) == 32 + 160_000 - 39 * 4096


@pytest.mark.parametrize(("samples", "size"), [(0, 4096), (5000, 2)])
def test_no_clip_outside_the_contract(samples: int, size: int) -> None:
    with pytest.raises(ValueError, match="expected 1 to 4096"):
        list(chunks(np.zeros(samples, np.int16), ClipHead(1, 0), size))
