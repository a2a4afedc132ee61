"""The real service in this process, and who asks it over a real broker."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiomqtt import Client, Message, ProtocolVersion

from ml_addon.config import Config
from ml_addon.engine import TorchEngine
from ml_addon.feedback_messages import Feedback, Lesson
from ml_addon.messages import Request
from ml_addon.prediction import Abilities, Clocks, Prediction, PredictionError
from ml_addon.service import Service

from .contract_files import validator

LOOPBACK = "127.0.0.1"
CLOCKS = Clocks(time.monotonic, time.time)
STATUS, RESPONSE, CONTROL = "ml/status/ml-1", "ml/inference/response/bedroom", "window/bedroom/control"
REQUEST = "ml/inference/request/bedroom"
LIMIT_S = 10


class Gate:
    """The real engine behind a door, so that a test decides when a prediction is made."""

    def __init__(self, engine: TorchEngine) -> None:
        self._engine = engine
        self.open = threading.Event()
        self.open.set()
        self.waiting = threading.Event()
        self.looked_on: list[Request] = []
        self.together: list[list[str]] = []

    def reload(self) -> None:
        self._engine.reload()

    def abilities(self) -> Abilities:
        return self._engine.abilities()

    def serve(self, version: str) -> None:
        self._engine.serve(version)

    def roll_back(self) -> str:
        return self._engine.roll_back()

    def shadow(self, version: str | None) -> None:
        self._engine.shadow(version)

    def promote(self) -> str:
        return self._engine.promote()

    def look_on(self, request: Request, said: Prediction) -> tuple[float, float] | None:
        self.looked_on.append(request)
        return self._engine.look_on(request, said)

    def compare(self, asked: Request) -> tuple[float, float] | None:
        return self._engine.compare(asked)

    def learn(self, feedback: Feedback) -> Lesson:
        return self._engine.learn(feedback)

    def predict(self, device_id: str, request: Request) -> Prediction:
        return self._engine.predict(device_id, request)

    def predict_all(self, asked: Sequence[tuple[str, Request]]) -> list[Prediction | PredictionError]:
        self.waiting.set()
        assert self.open.wait(LIMIT_S)
        self.together.append([request.correlation_id for _, request in asked])
        return self._engine.predict_all(asked)


class Ear:
    """Hears all that passes on the broker, and asks."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self._came = asyncio.Event()

    async def listen(self) -> None:
        async for message in self._client.messages:
            self._note(message)

    def _note(self, message: Message) -> None:
        asked = any(message.topic.matches(topic) for topic in ("ml/inference/request/#", "ml/models/+"))
        if message.payload and not asked:
            self.heard.append((message.topic.value, json.loads(message.payload)))
            self._came.set()

    async def until(self, topic: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first message there that fits, also one that came already."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                self._came.clear()
                for where, payload in self.heard:
                    if where == topic and fits(payload):
                        return payload
                await self._came.wait()

    async def news(self) -> None:
        """Wait for whatever comes next."""
        self._came.clear()
        await self._came.wait()

    async def answer(self, correlation_id: str) -> dict[str, Any]:
        found = await self.until(RESPONSE, lambda payload: payload["correlation_id"] == correlation_id)
        validator("response").validate(found)
        return found

    async def ready(self) -> dict[str, Any]:
        return await self.until(STATUS, lambda payload: payload["state"] == "ready")

    def commands(self, correlation_id: str) -> list[dict[str, Any]]:
        return [p for topic, p in self.heard if topic == CONTROL and p["command_id"] == correlation_id]

    async def send(self, payload: bytes, topic: str = REQUEST, *, retain: bool = False) -> None:
        await self._client.publish(topic, payload, qos=1, retain=retain)

    async def ask(self, correlation_id: str, **changes: object) -> None:
        await self.send(question(correlation_id, **changes))

    async def barrier(self) -> None:
        """All that was sent before is dealt with once this is answered: the broker and the service keep the order."""
        await self.ask("barrier", audio=None)
        await self.answer("barrier")


GRANT = {"act": True, "min": 0, "max": 100, "min_confidence": 0.0, "ttl_s": 8}


def question(correlation_id: str, **changes: object) -> bytes:
    return json.dumps(
        {
            "contract": 1,
            "correlation_id": correlation_id,
            "session": "s-1",
            "rev": 7,
            "temperature": 24.5,
            "humidity": 50,
            "audio": None,
            "context": {"hour": 15, "position": 40, "rain": False},
            "grant": GRANT,
            **changes,
        }
    ).encode()


def granted(**changes: object) -> dict[str, object]:
    return {**GRANT, **changes}


@asynccontextmanager
async def running(config: Config, engine: Gate, clocks: Clocks = CLOCKS) -> AsyncIterator[Service]:
    """A service that runs, and that ends in order."""
    service, stop = Service(config, lambda: engine, clocks, lambda: 0.0), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(service.run(stop))
        try:
            yield service
        finally:
            engine.open.set()
            stop.set()


@asynccontextmanager
async def listening(port: int) -> AsyncIterator[Ear]:
    """Who hears all on the broker at this port."""
    async with Client(LOOPBACK, port, protocol=ProtocolVersion.V5) as client:
        await client.subscribe("#", qos=1)
        ear = Ear(client)
        task = asyncio.create_task(ear.listen())
        yield ear
        task.cancel()
