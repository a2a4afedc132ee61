"""A question that moves nothing, about a clip that somebody uploads or that is made here."""

import array
import random
import sys

from ..messages import Context, Grant, Request
from ..wav import Encoding, RawClip, make_clip, read_wav

DEVICE = "page-test"
_RATE, _SECONDS = 16_000, 2
_LEVELS = {"quiet": -60.0, "street": -38.0, "loud": -20.0}  # dBFS
SOUNDS = tuple(_LEVELS)
_GRANT = Grant(act=False, low=0, high=100, min_confidence=1, ttl_s=30)


def synthetic(sound: str, seed: int = 1) -> RawClip:
    """Return two seconds of dull noise, as a street makes it through a window, at the level that the name means."""
    draw = random.Random(seed)
    low, samples = 0.0, []
    for _ in range(_RATE * _SECONDS):
        low += 0.08 * (draw.gauss(0, 1) - low)
        samples.append(low)
    power = sum(sample * sample for sample in samples) / len(samples)
    scale = 32767 * 10 ** (_LEVELS[sound] / 20) / power**0.5
    pcm = array.array("h", (max(-32768, min(32767, round(sample * scale))) for sample in samples))
    if sys.byteorder == "big":
        pcm.byteswap()
    return make_clip(Encoding.S16, _RATE, 1, pcm.tobytes())


def uploaded(data: bytes) -> RawClip:
    """Return the clip of a WAV file, or raise ContractError."""
    return read_wav(data)


def question(clip: RawClip, temperature: float, humidity: float) -> Request:
    """What the model is asked; °C and %."""
    return Request(DEVICE, _GRANT, temperature=temperature, humidity=humidity, audio=clip, context=Context())
