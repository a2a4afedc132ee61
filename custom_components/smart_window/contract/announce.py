"""What a window says of itself: announce and availability."""

from dataclasses import dataclass

from .audio import FULL_SCALES_DB
from .errors import ContractError, ErrorKind, shown
from .fields import MAC, Fields, code, constant, device_id, integer, line, listed, matching, nullable, number
from .payload import OtherContract, check_contract, parse_json

DEFAULT_CAPABILITIES = ("position", "temperature", "humidity", "audio")


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """How the samples of a window's chunks are to be read: 16-bit, one channel, `rate` samples per second.

    `full_scale_db`: the sound pressure, dB(A), that full scale stands for; None where nobody measured it.
    """

    rate: int
    full_scale_db: float | None = None


@dataclass(frozen=True, slots=True)
class Announce:
    """A window and what it can do. `position` among the capabilities: it moves."""

    name: str
    device_id: str | None = None
    model: str | None = None
    sw_version: str | None = None
    hw: str | None = None
    mac: str | None = None
    suggested_area: str | None = None
    capabilities: tuple[str, ...] = DEFAULT_CAPABILITIES
    audio: AudioFormat | None = None


@dataclass(frozen=True, slots=True)
class Forget:
    """An empty announce: the window wants to be forgotten."""


@dataclass(frozen=True, slots=True)
class Availability:
    """The window's own word, or its will's."""

    online: bool


def decode_announce(payload: bytes) -> Announce | Forget | OtherContract:
    """The announce in the payload. ContractError when it does not fit."""
    if not payload:
        return Forget()
    fields = Fields.of(parse_json(payload), "announce")
    if (other := check_contract(fields)) is not None:
        return other
    capabilities = fields.may("capabilities", listed(code, 0, 32))
    return Announce(
        name=fields.need("name", line),
        device_id=fields.may("device_id", device_id),
        model=fields.may("model", line),
        sw_version=fields.may("sw_version", line),
        hw=fields.may("hw", line),
        mac=fields.may("mac", matching(MAC)),
        suggested_area=fields.may("suggested_area", line),
        capabilities=DEFAULT_CAPABILITIES if capabilities is None else capabilities,
        audio=fields.may("audio", _audio_format),
    )


def decode_availability(payload: bytes) -> Availability:
    """The word in the payload. ContractError when it is neither `online` nor `offline`."""
    match payload:
        case b"online":
            return Availability(online=True)
        case b"offline":
            return Availability(online=False)
        case _:
            raise ContractError(ErrorKind.FORMAT, f"availability is {shown(payload)}, expected online or offline")


def _audio_format(value: object, where: str) -> AudioFormat:
    fields = Fields.of(value, where)
    fields.need("format", constant("pcm_s16le"))
    fields.need("framing", constant("SWA1"))
    return AudioFormat(
        rate=fields.need("rate", integer(8000, 48000)),
        full_scale_db=fields.may("full_scale_db", nullable(number(*FULL_SCALES_DB))),
    )
