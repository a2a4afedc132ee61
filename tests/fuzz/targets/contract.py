"""Every message that Home Assistant hears, on the integration's decoders, and topics."""

import struct
import zlib

from custom_components.smart_window.contract import MAX_BYTES, ContractError, MessageKind, Topics, decode
from tests.contract.contract_files import examples
from tests.fuzz.engine.target import Target, promise

_LONGEST_SEED = 20_000
_HEADER = struct.Struct("<4sIHHIIQI")
_LONGEST_DETAIL = 600


def targets() -> list[Target]:
    """One for each kind of message, and one for topics."""
    return [*map(_of_kind, MessageKind), _topics()]


def _of_kind(kind: MessageKind) -> Target:
    known = [example.payload for example in examples(kind) if len(example.payload) <= _LONGEST_SEED]

    def feed(payload: bytes) -> bool:
        try:
            decode(kind, payload)
        except ContractError as error:
            _check(error)
            return False
        return True

    mend = with_checksum if kind is MessageKind.AUDIO else None
    return Target(f"{kind}", tuple(known), feed, MAX_BYTES[kind], mend=mend)


def _check(refused: ContractError) -> None:
    promise("a refusal can be printed", refused.detail.isprintable())
    promise("a refusal is short", len(refused.detail) < _LONGEST_DETAIL)


def with_checksum(payload: bytes) -> bytes:
    """A chunk whose crc32 fits its samples; anything else as it is."""
    if not payload.startswith(b"SWA1") or len(payload) <= _HEADER.size:
        return payload
    crc = zlib.crc32(payload[_HEADER.size :])
    return payload[: _HEADER.size - 4] + struct.pack("<I", crc) + payload[_HEADER.size :]


def _topics() -> Target:
    plain, prefixed = Topics(), Topics("home/attic")
    known = [
        topics.topic(kind, device_id).encode()
        for topics in (plain, prefixed)
        for kind in MessageKind
        for device_id in ("bedroom", "x" * 64)
    ]

    def feed(payload: bytes) -> bool:
        topic = payload.decode("utf-8", "surrogateescape")
        taken = False
        for topics in (plain, prefixed):
            try:
                address = topics.parse(topic)
            except ContractError as error:
                _check(error)
                continue
            assert topics.topic(address.kind, address.device_id) == topic
            taken = True
        return taken

    return Target("topics", tuple(known), feed)
