"""Sound as it crosses the wire: a chunk of a clip, a whole clip, or features alone."""

import binascii
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .errors import ContractError, ErrorKind, shown
from .fields import Fields, integer, listed, named, nullable, number, text, token
from .payload import parse_json
from .wav import decode_wav

SHORTEST_S, LONGEST_S = 0.25, 60.0
FULL_SCALES_DB = (40.0, 180.0)
"""What a microphone's full scale may stand for, dB(A) of sound pressure."""
MAX_CLIP_BYTES = 720_000
"""The largest clip that chunks may make; in base64 it still fits a request."""
MAX_CHUNKS = 4096
MAX_CHUNK_BYTES = 65536

# magic, clip_id, seq, count, total, offset, start_ms, crc32
_HEADER = struct.Struct("<4sIHHIIQI")


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of a clip: the samples from byte `offset` of `total`; `seq` of `count`. The crc was checked."""

    clip_id: int
    seq: int
    count: int
    total: int
    offset: int
    start_ms: int
    samples: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sound:
    """A whole clip: interleaved 16-bit little-endian samples, `rate` per second and channel, 1 or 2 channels.

    `full_scale_db`: the sound pressure, dB(A), that full scale stands for; None where nobody measured it.
    """

    rate: int
    channels: int
    pcm: bytes = field(repr=False)
    full_scale_db: float | None = None

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.pcm) / (2 * self.channels * self.rate)


@dataclass(frozen=True, slots=True)
class HeardFeatures:
    """Numbers made from a clip by the window itself, so that no sound leaves it. `levels` in dB, by name."""

    schema: str
    values: tuple[float, ...]
    levels: Mapping[str, float] = field(default_factory=dict)
    full_scale_db: float | None = None


type Heard = Sound | HeardFeatures


def decode_audio(payload: bytes) -> Chunk | Sound | HeardFeatures:
    """What the payload holds; its first bytes tell the form. ContractError when it does not fit."""
    match payload[:4]:
        case b"SWA1":
            return _chunk(payload)
        case b"RIFF":
            return checked_sound(*decode_wav(payload), "audio")
        case start if start[:1] == b"{":
            return read_heard(parse_json(payload), "audio")
        case start:
            raise ContractError(ErrorKind.FORMAT, f"audio begins with {shown(start)}, expected SWA1, RIFF or {{")


def read_heard(value: object, where: str) -> Heard:
    """The JSON forms: wav, pcm_s16le or features. ContractError when it is none of them."""
    fields = Fields.of(value, where)
    heard = _read_form(fields, where)
    return replace(heard, full_scale_db=fields.may("full_scale_db", nullable(number(*FULL_SCALES_DB))))


def _read_form(fields: Fields, where: str) -> Heard:
    form = fields.need("format", text)
    match form:
        case "wav":
            return checked_sound(*decode_wav(fields.need("data", _base64)), where)
        case "pcm_s16le":
            rate = fields.need("sample_rate", integer(8000, 48000))
            channels = fields.need("channels", integer(1, 2))
            return checked_sound(rate, channels, fields.need("data", _base64), where)
        case "features":
            return HeardFeatures(
                schema=fields.need("schema", token),
                values=fields.need("values", listed(number(-1_000_000, 1_000_000), 1, 256)),
                levels=fields.may("levels", named(number(-200, 200), 256)) or {},
            )
        case _:
            expected = "wav, pcm_s16le or features"
            raise ContractError(ErrorKind.FORMAT, f"{where}.format is {shown(form)}, expected {expected}")


def checked_sound(rate: int, channels: int, pcm: bytes, where: str) -> Sound:
    """A Sound of whole frames and 0.25 to 60 s, or ContractError."""
    if len(pcm) % (2 * channels):
        raise ContractError(ErrorKind.FORMAT, f"{where} has {len(pcm)} bytes, no whole number of frames")
    sound = Sound(rate, channels, pcm)
    if not SHORTEST_S <= sound.duration_s <= LONGEST_S:
        limits = f"{SHORTEST_S:g} to {LONGEST_S:g} s"
        raise ContractError(ErrorKind.RANGE, f"{where} lasts {sound.duration_s:.3g} s, expected {limits}")
    return sound


def heard_to_json(heard: Heard) -> Mapping[str, object]:
    """The `audio` of a request."""
    content = _form_to_json(heard)
    return content if heard.full_scale_db is None else {**content, "full_scale_db": heard.full_scale_db}


def _form_to_json(heard: Heard) -> Mapping[str, object]:
    if isinstance(heard, Sound):
        data = binascii.b2a_base64(heard.pcm, newline=False).decode("ascii")
        return {"format": "pcm_s16le", "sample_rate": heard.rate, "channels": heard.channels, "data": data}
    content = {"format": "features", "schema": heard.schema, "values": list(heard.values)}
    return content | {"levels": dict(heard.levels)} if heard.levels else content


def _chunk(payload: bytes) -> Chunk:
    if len(payload) <= _HEADER.size:
        raise ContractError(ErrorKind.SIZE, f"a chunk of {len(payload)} bytes holds no sample after its header")
    if len(payload) > _HEADER.size + MAX_CHUNK_BYTES:
        raise ContractError(ErrorKind.SIZE, f"a chunk of {len(payload)} bytes, expected {MAX_CHUNK_BYTES} of samples")
    _, clip_id, seq, count, total, offset, start_ms, crc = _HEADER.unpack_from(payload)
    samples = payload[_HEADER.size :]
    if not seq < count <= MAX_CHUNKS:
        raise ContractError(ErrorKind.RANGE, f"chunk {seq} of {count}, expected less than count, {MAX_CHUNKS} at most")
    if not 1 <= total <= MAX_CLIP_BYTES:
        raise ContractError(ErrorKind.RANGE, f"a clip of {total} bytes, expected 1 to {MAX_CLIP_BYTES}")
    if offset + len(samples) > total:
        end = offset + len(samples)
        raise ContractError(ErrorKind.RANGE, f"a chunk that ends at byte {end} of a clip of {total}")
    if zlib.crc32(samples) != crc:
        raise ContractError(ErrorKind.CRC, f"chunk {seq} of clip {clip_id} does not fit its crc32")
    return Chunk(clip_id, seq, count, total, offset, start_ms, samples)


def _base64(value: object, where: str) -> bytes:
    encoded = text(value, where)
    if len(encoded) < 4:  # noqa: PLR2004 - the shortest base64 there is
        raise ContractError(ErrorKind.RANGE, f"{where} has {len(encoded)} characters, expected 4 at least")
    try:
        return binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError as error:  # binascii.Error is one; text beyond ASCII gives the plain kind
        raise ContractError(ErrorKind.ENCODING, f"{where} is no strict base64: {error}") from error
