"""Questions with a clip, asked of the real services on the real broker: as fast as they are answered, or at a pace."""

import asyncio
import base64
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Self

import aiomqtt

from simulator.sounds import RATE, SoundKind, clip

CLIP_S = 5.0
_SEEDS = 8
_LIMIT_S = 30.0
_MARK = b"@correlation-id@"


@dataclass(slots=True)
class Tally:
    """What became of the questions of one phase. `waits_ms` are in order of the answers."""

    asked: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    waits_ms: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def lost(self) -> int:
        """Questions that nobody answered."""
        return self.asked - len(self.answers)

    @property
    def answered_twice(self) -> int:
        """Questions with more than one answer."""
        return sum(count > 1 for count in self.answers.values())

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return (len(self.answers) - sum(self.errors.values())) / self.seconds


class Asker:
    """Asks in the name of `windows` windows. Use it as an async context manager; one phase at a time."""

    def __init__(self, host: str, port: int, windows: int) -> None:
        self._client = aiomqtt.Client(host, port, protocol=aiomqtt.ProtocolVersion.V5)
        self._client.pending_calls_threshold = 1000
        self._topics = [f"ml/inference/request/scale{number:04}" for number in range(windows)]
        self._bodies = list(_bodies())
        self._open = AsyncExitStack()
        self._sent: dict[str, float] = {}
        self._tally = Tally()
        self._answered = asyncio.Event()
        self._number = 0

    async def __aenter__(self) -> Self:
        """Connect, and listen to the answers."""
        await self._open.enter_async_context(self._client)
        await self._client.subscribe("ml/inference/response/+", qos=1)
        listening = asyncio.create_task(self._listen())
        self._open.callback(listening.cancel)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        await self._open.aclose()

    async def as_fast_as_answered(self, seconds: float, out: int) -> Tally:
        """Keep `out` questions out: each answer lets the next one go."""
        tally, ends = self._begin(), time.monotonic() + seconds
        began = time.monotonic()
        while time.monotonic() < ends:
            if len(self._sent) < out:
                await self._ask()
            else:
                await self._next()
        return await self._end(tally, began)

    async def at_a_pace(self, seconds: float, per_second: float) -> Tally:
        """Ask at even intervals, whatever the answers do."""
        tally, began = self._begin(), time.monotonic()
        for number in range(int(seconds * per_second)):
            await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
            await self._ask()
        return await self._end(tally, began)

    def _begin(self) -> Tally:
        self._tally = Tally()
        self._sent.clear()
        return self._tally

    async def _end(self, tally: Tally, began: float) -> Tally:
        last = time.monotonic() + _LIMIT_S
        while self._sent and time.monotonic() < last:
            await self._next()
        tally.seconds = time.monotonic() - began
        return tally

    async def _next(self) -> None:
        self._answered.clear()
        try:
            await asyncio.wait_for(self._answered.wait(), _LIMIT_S)
        except TimeoutError:
            self._sent.clear()  # they stay counted as asked, and are lost

    async def _ask(self) -> None:
        self._number += 1
        correlation_id = f"scale-{self._number:010}"
        body = self._bodies[self._number % len(self._bodies)].replace(_MARK, correlation_id.encode())
        self._tally.asked += 1
        self._sent[correlation_id] = time.monotonic()
        await self._client.publish(self._topics[self._number % len(self._topics)], body, qos=1)

    async def _listen(self) -> None:
        async for message in self._client.messages:
            answer = json.loads(bytes(message.payload))
            correlation_id = str(answer["correlation_id"])
            self._tally.answers[correlation_id] += 1
            if answer["error"] is not None:
                self._tally.errors[str(answer["error"]["code"])] += 1
            sent = self._sent.pop(correlation_id, None)
            if sent is not None:
                self._tally.waits_ms.append((time.monotonic() - sent) * 1000)
            self._answered.set()


def _bodies() -> Iterator[bytes]:
    """Questions that differ in their sound, each with a place for its name."""
    for seed in range(_SEEDS):
        kind = (SoundKind.STREET_QUIET, SoundKind.STREET_LOUD)[seed % 2]
        data = clip(kind, CLIP_S, seed).astype("<i2").tobytes()
        yield json.dumps(
            {
                "contract": 1,
                "correlation_id": _MARK.decode(),
                "temperature": 24.5,
                "humidity": 50.0,
                "audio": {
                    "format": "pcm_s16le",
                    "sample_rate": RATE,
                    "channels": 1,
                    "data": base64.b64encode(data).decode(),
                },
                "grant": {"act": False, "min": 0, "max": 100, "min_confidence": 0.6, "ttl_s": 20},
            }
        ).encode()
