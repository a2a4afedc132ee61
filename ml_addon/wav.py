"""A clip as bytes: WAV files and bare PCM, checked before a sample is touched. Pure: no torch.

Limits are the contract's (asyncapi.yaml, message `audio`): PCM 16/24/32 bit or float 32 bit, 1 or 2 channels,
8000 to 48000 Hz, 0.25 to 60 s.
"""

import struct
from dataclasses import dataclass
from enum import StrEnum

from .strict_json import ContractError, Kind

MIN_RATE, MAX_RATE = 8_000, 48_000
MIN_SECONDS, MAX_SECONDS = 0.25, 60.0
MAX_CHANNELS = 2

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_FMT_BYTES, _EXTENSIBLE_BYTES = 16, 40


class Encoding(StrEnum):
    """How one sample is stored, little-endian."""

    S16 = "s16"
    S24 = "s24"
    S32 = "s32"
    F32 = "f32"


SAMPLE_BYTES = {Encoding.S16: 2, Encoding.S24: 3, Encoding.S32: 4, Encoding.F32: 4}
_ENCODINGS = {
    (_PCM, 16): Encoding.S16,
    (_PCM, 24): Encoding.S24,
    (_PCM, 32): Encoding.S32,
    (_FLOAT, 32): Encoding.F32,
}


@dataclass(frozen=True, slots=True)
class RawClip:
    """One recording: interleaved frames, a whole number of them.

    `full_scale_db`: the sound pressure that full scale stands for, in dB(A); None where nobody measured it.
    """

    encoding: Encoding
    rate: int
    channels: int
    data: bytes
    full_scale_db: float | None = None

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.data) / (SAMPLE_BYTES[self.encoding] * self.channels * self.rate)


def make_clip(encoding: Encoding, rate: int, channels: int, data: bytes) -> RawClip:
    """Return a clip within the limits, or raise ContractError."""
    if not MIN_RATE <= rate <= MAX_RATE:
        raise _bad(Kind.AUDIO_FORMAT, f"{rate} samples a second; expected {MIN_RATE} to {MAX_RATE}")
    if not 1 <= channels <= MAX_CHANNELS:
        raise _bad(Kind.AUDIO_FORMAT, f"{channels} channels; expected 1 or {MAX_CHANNELS}")
    if not data:
        raise _bad(Kind.AUDIO_EMPTY, "the clip is empty")
    if len(data) % (SAMPLE_BYTES[encoding] * channels):
        raise _bad(Kind.AUDIO_HEADER, f"{len(data)} bytes are not a whole number of frames")
    clip = RawClip(encoding, rate, channels, data)
    if not MIN_SECONDS <= clip.seconds <= MAX_SECONDS:
        raise _bad(Kind.AUDIO_LENGTH, f"{clip.seconds:.3f} s long; expected {MIN_SECONDS} to {MAX_SECONDS:g} s")
    return clip


def read_wav(data: bytes) -> RawClip:
    """Return the clip in a WAV file, or raise ContractError."""
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":  # noqa: PLR2004  RIFF, size, WAVE
        raise _bad(Kind.AUDIO_FORMAT, "not a WAV file")
    layout: tuple[Encoding, int, int] | None = None
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        at += 8
        if size > len(data) - at:
            raise _bad(Kind.AUDIO_HEADER, f"the WAV file ends inside its chunk {name.decode('latin-1')!a}")
        if name == b"fmt ":
            layout = _read_format(data[at : at + size])
        elif name == b"data":
            if layout is None:
                raise _bad(Kind.AUDIO_HEADER, "the WAV file has samples before their format")
            encoding, rate, channels = layout
            return make_clip(encoding, rate, channels, data[at : at + size])
        at += size + size % 2
    raise _bad(Kind.AUDIO_EMPTY, "the WAV file has no samples")


def _read_format(chunk: bytes) -> tuple[Encoding, int, int]:
    if len(chunk) < _FMT_BYTES:
        raise _bad(Kind.AUDIO_HEADER, "the WAV file's format chunk is too short")
    tag, channels, rate, per_second, block, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag == _EXTENSIBLE and len(chunk) >= _EXTENSIBLE_BYTES:
        (tag,) = struct.unpack_from("<H", chunk, 24)  # the first two bytes of the sub-format's GUID
    encoding = _ENCODINGS.get((tag, bits))
    if encoding is None:
        raise _bad(Kind.AUDIO_FORMAT, f"WAV format {tag} with {bits} bits; expected PCM 16, 24, 32 or float 32")
    if block != SAMPLE_BYTES[encoding] * channels:
        raise _bad(Kind.AUDIO_HEADER, f"frames of {block} bytes do not fit {channels} channels of {bits} bits")
    if per_second != rate * block:
        raise _bad(Kind.AUDIO_HEADER, f"{per_second} bytes a second do not fit {rate} frames of {block} bytes")
    return encoding, rate, channels


def write_wav(clip: RawClip) -> bytes:
    """Return the clip as a WAV file."""
    width = SAMPLE_BYTES[clip.encoding]
    tag = _FLOAT if clip.encoding is Encoding.F32 else _PCM
    block = width * clip.channels
    form = struct.pack("<HHIIHH", tag, clip.channels, clip.rate, clip.rate * block, block, width * 8)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(clip.data)) + clip.data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _bad(kind: Kind, message: str) -> ContractError:
    return ContractError(kind, message)
