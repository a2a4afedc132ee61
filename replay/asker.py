"""Questions to a running service over MQTT, a few at a time, and its answers."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import aiomqtt

from custom_components.smart_window.contract import ContractError, MessageKind, Response, Topics, decode

# No window has this name, so that no Home Assistant takes an answer for its own, and no window's pace is used up.
NAME: Final = "replay"
ANSWER_S: Final = 10.0
_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the service listens."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    prefix: str = ""


class Service:
    """Whoever answers on this broker."""

    def __init__(self, client: aiomqtt.Client, topics: Topics) -> None:
        self._client = client
        self._topics = topics
        self._waiting: dict[str, asyncio.Future[Response]] = {}
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def ask(self, question: Mapping[str, object]) -> Response | None:
        """The answer; None: none came in time."""
        correlation_id = str(question["correlation_id"])
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        async with self._room:
            self._waiting[correlation_id] = answer
            try:
                topic = self._topics.topic(MessageKind.REQUEST, NAME)
                await self._client.publish(topic, json.dumps(question), qos=1)
                return await asyncio.wait_for(answer, ANSWER_S)
            except TimeoutError:
                return None
            finally:
                del self._waiting[correlation_id]

    async def listen(self) -> None:
        """Hand each answer to whoever waits for it."""
        async for message in self._client.messages:
            try:
                response = decode(MessageKind.RESPONSE, message.payload)
            except ContractError:
                continue
            if isinstance(response, Response):
                waiting = self._waiting.get(response.correlation_id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(response)


@contextlib.asynccontextmanager
async def service(broker: Broker) -> AsyncIterator[Service]:
    """A way to the service, for as long as it is open. Raises aiomqtt.MqttError when there is no broker."""
    topics = Topics(broker.prefix)
    async with aiomqtt.Client(broker.host, broker.port, username=broker.user, password=broker.password) as client:
        await client.subscribe(topics.topic(MessageKind.RESPONSE, NAME), qos=1)
        made = Service(client, topics)
        listening = asyncio.create_task(made.listen())
        try:
            yield made
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
