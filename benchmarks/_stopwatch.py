"""A virtual window with a stopwatch: it sends a clip and notes when the question, the command and the answer come."""

import asyncio
import json
import secrets
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self

import aiomqtt

from simulator.clip import ClipHead, chunks
from simulator.device import Device
from simulator.device.inputs import Connect, ControlArrives, GuardArrives
from simulator.device.setup import Setup
from simulator.messages import decode_control, decode_guard, encode_announce, encode_result, encode_state
from simulator.sounds import RATE, SoundKind, clip
from stack.waiting import TooLateError

_TRAVEL_S = 0.1
_LIMIT_S = 30.0
_WHOLE = {"request", "control", "response"}


@dataclass(frozen=True, slots=True)
class Lap:
    """One clip's way in ms since its last chunk left: the question seen, the command here; the service's timings."""

    asked_ms: float
    reaction_ms: float
    service: dict[str, float]

    @property
    def service_ms(self) -> float:
        """What the service says it took."""
        return self.service.get("total", 0.0)


class StopwatchWindow:
    """One MQTT session of a window whose sash moves in no time. Use it as an async context manager."""

    def __init__(self, host: str, port: int, device_id: str) -> None:
        self._host, self._port, self._id = host, port, device_id
        self._device = Device(Setup(position=50.0, travel_s=_TRAVEL_S), time.monotonic())
        self._open = AsyncExitStack()
        self._seen: dict[str, tuple[float, bytes]] = {}
        self._changed = asyncio.Condition()
        self._clip_id = 0

    async def __aenter__(self) -> Self:
        """Connect, subscribe, and say what it is."""
        will = aiomqtt.Will(self._topic("availability"), b"offline", qos=1, retain=True)
        self._client = await self._open.enter_async_context(
            aiomqtt.Client(self._host, self._port, protocol=aiomqtt.ProtocolVersion.V5, will=will)
        )
        # No wait for receipts in a row: the way of one clip is what is timed.
        topics = (self._topic("guard"), self._topic("control"), f"ml/inference/+/{self._id}")
        await self._client.subscribe([(topic, 1) for topic in topics])
        self._device.handle(Connect(secrets.token_hex(8)), time.monotonic())
        name = self._id.capitalize()
        announce = encode_announce(self._id, name, None, "02:00:00:00:00:01", RATE)
        await self._client.publish(self._topic("announce"), announce, qos=1, retain=True)
        await self._client.publish(self._topic("availability"), b"online", qos=1, retain=True)
        await self._report()
        listening = asyncio.create_task(self._listen())
        self._open.callback(listening.cancel)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        await self._open.aclose()

    async def measure(self, temperature: float, humidity: float) -> None:
        """Send a reading of each kind."""
        for name, value in (("temperature", temperature), ("humidity", humidity)):
            await self._client.publish(f"sensor/{self._id}/{name}", json.dumps({"value": value}))

    async def lap(self, sound: SoundKind, seconds: float, seed: int) -> Lap:
        """Send a clip in chunks and time what follows; returns when the answer has come and the sash rests."""
        self._clip_id += 1
        self._seen.clear()
        *first, last = chunks(clip(sound, seconds, seed), ClipHead(self._clip_id, int(time.time() * 1000)))
        for chunk in first:
            await self._client.publish(f"sensor/{self._id}/audio", chunk, qos=1)
        left = time.monotonic()
        await self._client.publish(f"sensor/{self._id}/audio", last, qos=1)
        try:
            async with asyncio.timeout(_LIMIT_S), self._changed:
                await self._changed.wait_for(lambda: self._seen.keys() >= _WHOLE)
        except TimeoutError as error:
            missing = ", ".join(sorted(_WHOLE - self._seen.keys()))
            raise TooLateError(f"clip {self._clip_id}: no {missing} within {_LIMIT_S:g} s") from error
        answer = json.loads(self._seen["response"][1])
        await self._rest()
        return Lap(
            asked_ms=(self._seen["request"][0] - left) * 1000,
            reaction_ms=(self._seen["control"][0] - left) * 1000,
            service={name: float(ms) for name, ms in answer["timings_ms"].items()},
        )

    def _topic(self, name: str) -> str:
        return f"window/{self._id}/{name}"

    async def _listen(self) -> None:
        async for message in self._client.messages:
            at, topic, payload = time.monotonic(), message.topic.value, bytes(message.payload)
            if topic == self._topic("guard"):
                guard = decode_guard(payload)
                if guard is not None:
                    self._device.handle(GuardArrives(guard, message.retain), at)
                await self._report()
            elif topic == self._topic("control"):
                await self._note("control", at, payload)
                output = self._device.handle(ControlArrives(decode_control(payload), message.retain), at)
                if output.result is not None:
                    result = encode_result(output.result, time.time())
                    await self._client.publish(self._topic("control/result"), result, qos=1)
                await self._report()
            else:
                await self._note(topic.split("/")[2], at, payload)

    async def _note(self, what: str, at: float, payload: bytes) -> None:
        async with self._changed:
            self._seen.setdefault(what, (at, payload))
            self._changed.notify_all()

    async def _report(self) -> None:
        state = encode_state(self._device.state(), time.time())
        await self._client.publish(self._topic("state"), state, qos=1, retain=True)

    async def _rest(self) -> None:
        """Let the sash arrive, and say so."""
        while (due := self._device.next_due()) is not None and self._device.is_moving:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self._device.advance(time.monotonic())
        await self._report()


def medians(values: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile (nearest rank)."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, -(-99 * len(ordered) // 100) - 1)]
