"""Clips put together from chunks: any order, repeats and gaps, within limits of size, number and time. Pure."""

import math
import sys
from array import array
from dataclasses import dataclass, field, replace

from .contract import Chunk, Sound

CLIP_TIME_S = 30.0
"""A clip that is not whole by then is given up (contract)."""
CLIPS_AT_ONCE = 2
"""Per window; a third one takes the place of the oldest."""
MAX_REQUEST_PCM = 720_000
"""Bytes of samples that fit a request in base64 (contract: 1 000 000 bytes of request)."""
SILENCE_DBFS = -100.0
"""The level of digital silence, and the lowest that is told. One step of 16 bits is -90.3."""

_FULL_SCALE = 32768


@dataclass(frozen=True, slots=True)
class Clip:
    """A whole clip: 16-bit little-endian samples, its length in seconds and its level in dB re full scale (RMS)."""

    rate: int
    channels: int
    pcm: bytes = field(repr=False)
    duration_s: float
    level_dbfs: float
    full_scale_db: float | None = None

    @property
    def sound(self) -> Sound:
        """The clip as the contract's `audio`."""
        return Sound(self.rate, self.channels, self.pcm, self.full_scale_db)


def clip_of(sound: Sound) -> Clip:
    """The clip with its level. Of one that is longer than a request can carry, the last part is kept."""
    frame = 2 * sound.channels
    pcm = sound.pcm[-(MAX_REQUEST_PCM // frame * frame) :]
    kept = replace(sound, pcm=pcm)
    return Clip(kept.rate, kept.channels, pcm, kept.duration_s, level_dbfs(pcm), kept.full_scale_db)


def level_dbfs(pcm: bytes) -> float:
    """RMS level of 16-bit little-endian samples in dB re full scale (32768), at least SILENCE_DBFS."""
    samples = array("h", pcm[: len(pcm) // 2 * 2])
    if sys.byteorder == "big":  # pragma: no cover - nobody tests on such a machine
        samples.byteswap()
    power = math.sumprod(samples, samples) / max(len(samples), 1)
    return max(SILENCE_DBFS, 10 * math.log10(power / _FULL_SCALE**2)) if power else SILENCE_DBFS


@dataclass(slots=True)
class _Parts:
    """A clip under way: its chunks by seq, and when the first of them came."""

    count: int
    total: int
    began: float
    chunks: dict[int, Chunk] = field(default_factory=dict)
    size: int = 0

    def joined(self) -> bytes | None:
        """The samples, if the chunks cover the clip from its first byte to its last and nothing twice."""
        place = 0
        ordered = sorted(self.chunks.values(), key=lambda chunk: chunk.offset)
        for chunk in ordered:
            if chunk.offset != place:
                return None
            place += len(chunk.samples)
        return b"".join(chunk.samples for chunk in ordered) if place == self.total else None


class ClipAssembler:
    """Puts one window's chunks together. At most two clips at once and 720 000 bytes each."""

    def __init__(self) -> None:
        self._under_way: dict[int, _Parts] = {}
        self._done: dict[int, float] = {}
        self.given_up = 0
        """Clips that never became whole, or whose chunks did not fit together."""

    def take(self, chunk: Chunk, now: float) -> bytes | None:
        """The whole clip's samples when this chunk completes it, else None."""
        self.expire(now)
        if chunk.clip_id in self._done:
            return None
        parts = self._under_way.get(chunk.clip_id)
        if parts is None:
            if len(self._under_way) == CLIPS_AT_ONCE:
                self._give_up(min(self._under_way, key=lambda clip_id: self._under_way[clip_id].began))
            parts = self._under_way[chunk.clip_id] = _Parts(chunk.count, chunk.total, now)
        if (chunk.count, chunk.total) != (parts.count, parts.total) or chunk.seq in parts.chunks:
            return None
        parts.chunks[chunk.seq] = chunk
        parts.size += len(chunk.samples)
        if parts.size > parts.total:
            self._give_up(chunk.clip_id)
            return None
        return self._finish(chunk.clip_id, parts, now) if len(parts.chunks) == parts.count else None

    def expire(self, now: float) -> None:
        """Give up what is not whole after 30 s. Repeats of a finished clip are known for as long."""
        for clip_id in [key for key, parts in self._under_way.items() if now - parts.began >= CLIP_TIME_S]:
            self._give_up(clip_id)
        self._done = {key: at for key, at in self._done.items() if now - at < CLIP_TIME_S}

    @property
    def wake_at(self) -> float | None:
        """When the oldest clip under way is given up."""
        return min((parts.began + CLIP_TIME_S for parts in self._under_way.values()), default=None)

    def _finish(self, clip_id: int, parts: _Parts, now: float) -> bytes | None:
        pcm = parts.joined()
        if pcm is None:
            self._give_up(clip_id)
            return None
        del self._under_way[clip_id]
        self._done[clip_id] = now
        return pcm

    def _give_up(self, clip_id: int) -> None:
        del self._under_way[clip_id]
        self.given_up += 1
