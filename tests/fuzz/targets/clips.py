"""Chunks of sound on a window's ear: nothing grows, and no refused chunk changes a clip that is under way."""

import struct

from custom_components.smart_window.clips import CLIPS_AT_ONCE
from custom_components.smart_window.contract import AudioFormat, ContractError, MessageKind, decode
from custom_components.smart_window.contract.audio import MAX_CLIP_BYTES, Chunk, HeardFeatures, Sound
from custom_components.smart_window.hearing import Hearing
from tests.contract.contract_files import examples
from tests.fuzz.engine.target import Target

from .contract import with_checksum

_STEP_S = 0.05


def targets() -> list[Target]:
    """One ear that hears all of them."""
    return [_ear()]


def _ear() -> Target:
    hearing, announced = Hearing(), AudioFormat(16_000)
    assembler = hearing._assembler
    now = 0.0

    def feed(payload: bytes) -> bool:
        nonlocal now
        now += _STEP_S
        try:
            message = decode(MessageKind.AUDIO, payload)
        except ContractError:
            return False
        assert isinstance(message, Chunk | Sound | HeardFeatures)
        hearing.take(message, announced, now)
        held = sum(parts.size for parts in assembler._under_way.values())
        assert len(assembler._under_way) <= CLIPS_AT_ONCE
        assert held <= CLIPS_AT_ONCE * MAX_CLIP_BYTES
        assert len(assembler._done) <= 30 / _STEP_S + 1
        return True

    def state() -> object:
        under_way = {key: (parts.size, tuple(parts.chunks)) for key, parts in assembler._under_way.items()}
        return hearing.clips, hearing.given_up, assembler.given_up, under_way, tuple(assembler._done)

    known = [example.payload for example in examples(MessageKind.AUDIO) if len(example.payload) < 20_000]
    return Target("ear", (*known, *_pieces()), feed, 100_000, state=state, mend=with_checksum)


def _pieces() -> list[bytes]:
    """Small clips in two and three chunks, in wrong orders, with gaps and overlaps."""
    header = struct.Struct("<4sIHHIIQI")
    made = []
    for clip_id, count, total in ((1, 2, 8000), (2, 3, 9000), (3, 1, 8000), (1, 2, 9000)):
        size = total // count
        for seq in range(count):
            for shift in (0, 1, -2):
                offset = max(0, seq * size + shift)
                made.append(header.pack(b"SWA1", clip_id, seq, count, total, offset, 0, 0) + bytes(size))
    return [with_checksum(chunk) for chunk in made]
