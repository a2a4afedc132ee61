"""Single publishers: one reading or one clip, once or again and again."""

import asyncio
import base64
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .broker import Endpoint, check_reachable, client
from .clip import ClipHead, chunks
from .messages import encode_reading
from .sounds import RATE, VARIANTS, Sound, clip
from .wav import wav_bytes


class ClipForm(StrEnum):
    """How a clip goes out. A WAV says its own format, so it fits a device that never announced one."""

    WAV = "wav"
    CHUNKS = "chunks"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Post:
    """What is published: the payloads of the n-th time, and the topic."""

    topic: str
    qos: int
    payloads: Callable[[int, float], Iterator[bytes]]


def reading(device: str, kind: str, unit: str, value: float) -> Post:
    """One value of `sensor/{id}/{kind}`."""
    return Post(f"sensor/{device}/{kind}", 0, lambda _, ts: iter([encode_reading(value, unit, ts)]))


def audio(device: str, sound: Sound, seconds: float, form: ClipForm, seed: int) -> Post:
    """One clip of `sensor/{id}/audio`."""

    def payloads(number: int, ts: float) -> Iterator[bytes]:
        samples = clip(sound, seconds, seed + number % VARIANTS)
        match form:
            case ClipForm.CHUNKS:
                yield from chunks(samples, ClipHead(secrets.randbits(32), int((ts - seconds) * 1000)))
            case ClipForm.WAV:
                yield wav_bytes(samples, RATE)
            case ClipForm.JSON:
                data = base64.b64encode(samples.astype("<i2").tobytes()).decode()
                said = {"format": "pcm_s16le", "sample_rate": RATE, "channels": 1, "data": data}
                yield json.dumps(said).encode()

    return Post(f"sensor/{device}/audio", 1, payloads)


async def publish(post: Post, endpoint: Endpoint, every_s: float | None, wall: Callable[[], float]) -> None:
    """Publish once, or every `every_s` seconds until cancelled. Raises SimulatorError when there is no broker."""
    await check_reachable(endpoint)
    async with client(endpoint) as session:
        number = 0
        while True:
            size = 0
            for payload in post.payloads(number, wall()):
                await session.publish(post.topic, payload, qos=post.qos)
                size += len(payload)
            print(f"{post.topic}: {size} bytes", flush=True)
            number += 1
            if every_s is None:
                return
            await asyncio.sleep(every_s)
