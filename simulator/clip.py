"""SWA1: one clip as chunks of a 32-byte little-endian header and samples. contract/asyncapi.yaml, message audio."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from .sounds import Samples

CHUNK_BYTES = 4096
_HEADER = struct.Struct("<4sIHHIIQI")  # magic, clip_id, seq, count, total, offset, start_ms, crc32
_MAX_CHUNKS = 4096


@dataclass(frozen=True, slots=True)
class ClipHead:
    """What all chunks of a clip share. `start_ms`: Unix milliseconds, for the trace alone."""

    clip_id: int
    start_ms: int


def chunks(samples: Samples, head: ClipHead, chunk_bytes: int = CHUNK_BYTES) -> Iterator[bytes]:
    """Yield the payloads of a clip in order, each with at most `chunk_bytes` bytes of samples.

    Raises ValueError for an empty clip, or for more chunks than the contract allows.
    """
    data = samples.astype("<i2").tobytes()
    count = -(-len(data) // chunk_bytes)
    if not 1 <= count <= _MAX_CHUNKS:
        raise ValueError(f"a clip of {len(data)} bytes makes {count} chunks, expected 1 to {_MAX_CHUNKS}")
    for seq in range(count):
        offset = seq * chunk_bytes
        part = data[offset : offset + chunk_bytes]
        checksum = zlib.crc32(part)
        yield _HEADER.pack(b"SWA1", head.clip_id, seq, count, len(data), offset, head.start_ms, checksum) + part
