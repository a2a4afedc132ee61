"""A real broker, and somebody who watches it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random

import aiomqtt
import pytest

from simulator.broker import Endpoint, client
from stack.broker import Broker, BrokerSettings
from stack.ports import free_ports

type Json = dict[str, object]


class Observer:
    """Hears all messages, and waits for the one that a test wants to see."""

    def __init__(self, session: aiomqtt.Client) -> None:
        self.session = session
        self.heard: list[aiomqtt.Message] = []
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for message in self.session.messages:
            self.heard.append(message)
            self._news.set()

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def until(self, topic: str, fits: Callable[[bytes], bool] = lambda _: True, since: int = 0) -> bytes:
        """Return the first payload on the topic, from the `since`-th message on, that fits."""
        async with asyncio.timeout(10):
            place = since
            while True:
                while place < len(self.heard):
                    message = self.heard[place]
                    place += 1
                    if message.topic.value == topic and fits(message.payload):
                        return message.payload
                self._news.clear()
                await self._news.wait()

    async def state(self, since: int = 0, **wanted: object) -> Json:
        """Return the bedroom's first state in which these fields have these values."""

        def fits(payload: bytes) -> bool:
            state = json.loads(payload)
            return all(state[name] == value for name, value in wanted.items())

        found: Json = json.loads(await self.until("window/bedroom/state", fits, since))
        return found

    async def tell(self, topic: str, content: object, *, retain: bool = False) -> int:
        """Publish JSON; return how many messages were heard before."""
        before = len(self.heard)
        await self.session.publish(topic, json.dumps(content), qos=1, retain=retain)
        return before

    async def command(self, **fields: object) -> str:
        """Send a command to the bedroom; return `result` or `result:reason`."""
        before = await self.tell("window/bedroom/control", fields)
        wanted = fields["command_id"]
        answer = json.loads(
            await self.until(
                "window/bedroom/control/result", lambda raw: json.loads(raw)["command_id"] == wanted, before
            )
        )
        return ":".join(str(part) for part in (answer["result"], answer["reason"]) if part)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    (port,) = free_ports(1, Random())
    made = Broker(BrokerSettings(tmp_path / "broker", port))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def endpoint(broker: Broker) -> Endpoint:
    return Endpoint(broker.host, broker.port)


@pytest.fixture
async def observer(endpoint: Endpoint) -> AsyncIterator[Observer]:
    async with client(endpoint) as session:
        await session.subscribe([("window/#", 1), ("sensor/#", 1)])
        made = Observer(session)
        yield made
        await made.close()
