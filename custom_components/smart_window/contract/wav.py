"""WAV files in the few forms that the contract takes. The library's `wave` knows no float samples."""

import math
import struct
from collections.abc import Iterator

from .errors import ContractError, ErrorKind

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_FMT = struct.Struct("<HHIIHH")
_FULL_SCALE = 32767


def decode_wav(data: bytes) -> tuple[int, int, bytes]:
    """(rate, channels, interleaved 16-bit little-endian samples) of a RIFF/WAVE file, or ContractError.

    Taken: PCM of 16, 24 or 32 bits and float of 32 bits, 1 or 2 channels, 8000 to 48000 Hz.
    Wider PCM loses its lower bits.
    """
    form: tuple[int, int, int, int] | None = None
    for name, body in _chunks(data):
        if name == b"fmt ":
            form = _format(body)
        elif name == b"data":
            if form is None:
                raise ContractError(ErrorKind.FORMAT, "the WAV file has its data before its format")
            tag, channels, rate, bits = form
            if len(body) % (channels * bits // 8):
                raise ContractError(ErrorKind.FORMAT, f"the WAV file's {len(body)} bytes are no whole number of frames")
            return rate, channels, _to_s16le(tag, bits, body)
    raise ContractError(ErrorKind.FORMAT, "the WAV file has no data")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ContractError(ErrorKind.FORMAT, "the data is no RIFF/WAVE file")
    place = 12
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        if place + 8 + size > len(data):
            raise ContractError(ErrorKind.FORMAT, f"a part of {size} bytes at byte {place} ends after the WAV file")
        yield data[place : place + 4], data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _format(body: bytes) -> tuple[int, int, int, int]:
    if len(body) < _FMT.size:
        raise ContractError(ErrorKind.FORMAT, f"the WAV file's format has {len(body)} bytes, expected {_FMT.size}")
    tag, channels, rate, _, frame, bits = _FMT.unpack_from(body)
    if tag == _EXTENSIBLE and len(body) >= _FMT.size + 10:
        tag = int.from_bytes(body[_FMT.size + 8 : _FMT.size + 10], "little")  # the first two bytes of the sub-format
    if (tag, bits) not in {(_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32)}:
        expected = "PCM of 16, 24 or 32 bits, or float of 32"
        raise ContractError(ErrorKind.FORMAT, f"the WAV file's form is {tag} with {bits} bits, expected {expected}")
    if channels not in {1, 2} or frame != channels * bits // 8:
        raise ContractError(ErrorKind.FORMAT, f"the WAV file has {channels} channels in frames of {frame} bytes")
    if not 8000 <= rate <= 48000:  # noqa: PLR2004 - the contract's sample_rate
        raise ContractError(ErrorKind.RANGE, f"the WAV file has {rate} samples per second, expected 8000 to 48000")
    return tag, channels, rate, bits


def _to_s16le(tag: int, bits: int, body: bytes) -> bytes:
    if tag == _FLOAT:
        return _float_to_s16le(body)
    step = bits // 8
    if step == 2:  # noqa: PLR2004 - bytes of a 16-bit sample
        return body
    narrow = bytearray(len(body) // step * 2)
    narrow[0::2] = body[step - 2 :: step]
    narrow[1::2] = body[step - 1 :: step]
    return bytes(narrow)


def _float_to_s16le(body: bytes) -> bytes:
    count = len(body) // 4
    samples = struct.unpack(f"<{count}f", body)
    # The sum shows NaN and infinity at once; a finite sum of doubles cannot overflow from singles.
    if not math.isfinite(sum(samples)):
        raise ContractError(ErrorKind.FORMAT, "the WAV file holds samples that are no finite numbers")
    return struct.pack(f"<{count}h", *[round(max(-1.0, min(1.0, sample)) * _FULL_SCALE) for sample in samples])
