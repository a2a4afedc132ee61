"""A client on the broker that hears, keeps and waits for messages, and that can send some."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Self

import aiomqtt

from .errors import StackError
from .json_shape import Json, JsonObject
from .waiting import TooLateError

EVERYTHING = ("window/#", "sensor/#", "ml/#")
_RETRY_S = 0.2
_CONNECT_S = 10.0


class TapError(StackError):
    """The broker cannot be reached."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message. `number` counts from 0 in order of arrival; `at` is on this process's monotonic clock."""

    number: int
    topic: str
    payload: bytes
    retained: bool
    at: float

    @property
    def content(self) -> JsonObject:
        """The payload as an object; empty when it is none."""
        try:
            content: Json = json.loads(self.payload)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}


class Tap:
    """Listens as long as it is entered; a broker that goes away and comes back is joined again.

    With `keeps` it remembers all messages, for `heard` and `all`; without, they go to `follow` alone.
    """

    def __init__(self, host: str, port: int, topics: tuple[str, ...] = EVERYTHING, *, keeps: bool = True) -> None:
        self.messages: list[Heard] = []
        self._keeps, self._count = keeps, 0
        self._followers: set[asyncio.Queue[Heard]] = set()
        self._host, self._port, self._topics = host, port, topics
        self._client: aiomqtt.Client | None = None
        self._changed = asyncio.Condition()
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Connect and subscribe."""
        self._listening = asyncio.create_task(self._listen(), name="listen on the broker")
        try:
            await self.connected(_CONNECT_S)
        except TooLateError as error:
            await self.__aexit__()
            raise TapError(f"no MQTT broker answers at {self._host}:{self._port}") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect. What was heard stays."""
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening

    @property
    def mark(self) -> int:
        """The number that the next message will have: "from now on" for `heard`."""
        return self._count

    async def connected(self, within_s: float) -> None:
        """Wait until it is connected and subscribed."""
        async with self._changed:
            await self._wait("connected to the broker", lambda: self._client, within_s)

    async def publish(self, topic: str, payload: bytes | str | JsonObject, *, retain: bool = False) -> None:
        """Publish at QoS 1 and wait for the broker's receipt."""
        lost = f"not connected to the broker at {self._host}:{self._port}; {topic} was not sent"
        if (client := self._client) is None:
            raise TapError(lost)
        body = json.dumps(payload) if isinstance(payload, dict) else payload
        try:
            await client.publish(topic, body, qos=1, retain=retain)
        except aiomqtt.MqttError as error:
            raise TapError(lost) from error

    async def heard(self, what: str, matches: Callable[[Heard], bool], within_s: float, since: int = 0) -> Heard:
        """Return the first message from number `since` on that matches; wait for it if it has not come.

        Raises TooLateError that names `what`.
        """
        next_number = since

        def first() -> Heard | None:
            nonlocal next_number
            for message in self.messages[next_number:]:
                next_number = message.number + 1
                if matches(message):
                    return message
            return None

        async with self._changed:
            return await self._wait(what, first, within_s)

    def all(self, matches: Callable[[Heard], bool], since: int = 0) -> list[Heard]:
        """Return the messages from number `since` on that match and have come."""
        return [message for message in self.messages[since:] if matches(message)]

    async def follow(self) -> AsyncIterator[Heard]:
        """Give each message from now on as it comes, without end."""
        queue: asyncio.Queue[Heard] = asyncio.Queue()
        self._followers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._followers.discard(queue)

    async def _wait[T](self, what: str, get: Callable[[], T | None], within_s: float) -> T:
        limit = asyncio.timeout(within_s)
        try:
            async with limit:
                while (found := get()) is None:
                    await self._changed.wait()
                return found
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise TooLateError(f"{what}: not within {within_s:g} s") from error

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(aiomqtt.MqttError):
                await self._listen_once()
            await asyncio.sleep(_RETRY_S)

    async def _listen_once(self) -> None:
        async with aiomqtt.Client(self._host, self._port, protocol=aiomqtt.ProtocolVersion.V5) as client:
            await client.subscribe([(topic, 1) for topic in self._topics])
            try:
                await self._set(client)
                async for message in client.messages:
                    await self._keep(message)
            finally:
                self._client = None

    async def _set(self, client: aiomqtt.Client) -> None:
        async with self._changed:
            self._client = client
            self._changed.notify_all()

    async def _keep(self, message: aiomqtt.Message) -> None:
        heard = Heard(self._count, str(message.topic), bytes(message.payload), bool(message.retain), time.monotonic())
        async with self._changed:
            self._count += 1
            if self._keeps:
                self.messages.append(heard)
            for queue in self._followers:
                queue.put_nowait(heard)
            self._changed.notify_all()
