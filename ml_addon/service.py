"""The service's life: connect, say how it is, take requests in, connect again, for ever."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiomqtt import Client, MqttError, Will

from .backoff import LONGEST_S, Backoff
from .config import Config
from .connection import explain, make_client
from .desk import Desk, Engine
from .messages import Request
from .model_desk import ModelDesk
from .prediction import Clocks, ErrorCode, Prediction, PredictionError
from .status_messages import State, Status, encode_status
from .topics import Topics

if TYPE_CHECKING:
    from wsgiref.simple_server import WSGIServer

    from .web import Page

_LOG = logging.getLogger(__name__)
_STATUS_EVERY_S = 60.0
_PATIENCE_S = 2.0


class Service:
    """One instance on one broker. `load` makes the engine, in a worker thread; `random` gives numbers from 0 to 1."""

    def __init__(self, config: Config, load: Callable[[], Engine], clocks: Clocks, random: Callable[[], float]) -> None:
        self._config = config
        self._load = load
        self._clocks = clocks
        self._topics = Topics(config.mqtt.prefix, config.mqtt.share)
        self._backoff = Backoff(random)
        self._desk = Desk(self._topics, config.limits, self._publish, clocks)
        self._model_desk = ModelDesk(
            lambda: self._desk.engine, self._desk.run, self._models_changed, self._answer_about_models
        )
        self._client: Client | None = None
        self._ending: State | None = None
        self._told: tuple[State, str | None] | None = None
        self._changed = asyncio.Event()  # the status wants to be told

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set. What the engine's making raises comes out in an ExceptionGroup."""
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(self._start_engine()), tasks.create_task(self._stay_connected())]
            if self._config.web.enabled:
                running.append(tasks.create_task(self._show_page()))
            metrics = self._serve_metrics()
            await stop.wait()
            if metrics is not None:
                await asyncio.to_thread(metrics.shutdown)
            await self._end(State.STOPPING)
            await self._model_desk.close()
            await self._desk.close(_PATIENCE_S)
            await self._end(State.OFFLINE)
            for task in running:
                task.cancel()

    def page(self) -> "Page":
        """What the status page shows and does."""
        from .web import Page  # noqa: PLC0415  who has no page loads no web server

        return Page(
            self._config,
            self._status,
            self._desk.chronicle,
            lambda: self._desk.onlooker.comparison,
            self._try,
            self.reload,
            self._model_desk.change,
        )

    async def _try(self, request: Request) -> Prediction:
        if (engine := self._desk.engine) is None:
            raise PredictionError(ErrorCode.NO_MODEL, "the model is still being loaded")
        return await self._desk.run(lambda: engine.predict("page-test", request))

    def _models_changed(self) -> None:
        """Other models may be in use: what looks on begins anew, and the status is told."""
        if (engine := self._desk.engine) is not None:
            able = engine.abilities()
            self._desk.onlooker.watch(engine, able.model_version, able.shadow)
        self._changed.set()

    async def reload(self) -> None:
        """Read the model's file again and tell the outcome."""
        if (engine := self._desk.engine) is not None:
            await self._desk.run(engine.reload)
            self._models_changed()

    def _serve_metrics(self) -> "WSGIServer | None":
        wanted = self._config.metrics
        if not wanted.port:
            return None
        from .metrics import Figures, serve_metrics  # noqa: PLC0415  who reads no figures loads nothing for them

        try:
            server = serve_metrics(wanted.host, wanted.port, Figures(self._status, self._desk.chronicle))
        except OSError as error:
            _LOG.error("No figures for Prometheus: %s:%d: %s", wanted.host, wanted.port, error.strerror)
            return None
        _LOG.info("Figures for Prometheus at http://%s:%d/metrics", wanted.host, wanted.port)
        return server

    async def _show_page(self) -> None:
        from .web import serve_page  # noqa: PLC0415

        await serve_page(self.page())

    async def _start_engine(self) -> None:
        def make() -> None:
            self._desk.engine = self._load()

        await self._desk.run(make)
        self._models_changed()

    async def _end(self, state: State) -> None:
        self._ending = state
        await self._say_status()

    async def _stay_connected(self) -> None:
        while True:
            began = self._clocks.monotonic()
            try:
                await self._connect_once()
            except MqttError as error:
                if self._clocks.monotonic() - began > LONGEST_S:
                    self._backoff.reset()
                pause = self._backoff.pause()
                _LOG.warning("Not connected: %s; next try in %.1f s", explain(error, self._config.mqtt), pause)
                self._desk.ledger.counts["reconnects"] += 1
                await asyncio.sleep(pause)

    async def _connect_once(self) -> None:
        payload = self._encoded(Status(self._config.instance, State.OFFLINE), None)
        will = Will(self._topics.status(self._config.instance), payload, qos=1, retain=True)
        client = make_client(self._config.mqtt, f"smart-window-{self._config.instance}", will)
        async with client:
            # Who hears `ready` may ask at once, so the subscription comes first.
            await client.subscribe(self._topics.shared(self._topics.requests), qos=1)
            await client.subscribe(self._topics.shared(self._topics.corrections), qos=1)
            await client.subscribe(self._topics.models(self._config.instance), qos=1)
            self._client = client
            telling = asyncio.create_task(self._tell_status())
            try:
                _LOG.info("Connected to %s:%d", self._config.mqtt.host, self._config.mqtt.port)
                async for message in client.messages:
                    if message.topic.value == self._topics.models(self._config.instance):
                        self._model_desk.receive(message.payload, retained=message.retain)
                        continue
                    self._desk.receive(message.topic.value, message.payload, retained=message.retain)
            finally:
                self._client = None
                telling.cancel()

    async def _tell_status(self) -> None:
        """At once, at each change, and now and then for the counters."""
        while True:
            self._changed.clear()
            await self._say_status()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _STATUS_EVERY_S)

    async def _say_status(self) -> None:
        status = self._status()
        if (told := (status.state, status.reason)) != self._told:
            self._told = told
            _LOG.info("%s: %s%s", status.instance, status.state, f" ({status.reason})" if status.reason else "")
        await self._publish(
            self._topics.status(status.instance), self._encoded(status, self._clocks.wall()), retain=True
        )

    def _encoded(self, status: Status, ts: float | None) -> bytes:
        """The status as bytes. A name that is never used again leaves nothing behind on the broker."""
        gone = status.state is State.OFFLINE and self._config.passing
        return b"" if gone else encode_status(status, ts)

    def _status(self) -> Status:
        instance, counters = self._config.instance, dict(self._desk.ledger.counts)
        if self._ending is not None:
            return Status(instance, self._ending, counters=counters)
        if (engine := self._desk.engine) is None:
            return Status(instance, State.STARTING, counters=counters)
        able, comparison = engine.abilities(), self._desk.onlooker.comparison
        return Status(
            instance,
            State.READY if able.model_version is not None else State.CANNOT_PREDICT,
            reason=able.reason,
            model_version=able.model_version,
            models=able.models,
            feature_schema=able.feature_schema,
            counters=counters,
            shadow=None if comparison is None else comparison.report(),
        )

    async def _answer_about_models(self, payload: bytes) -> bool:
        return await self._publish(self._topics.models_in_use(self._config.instance), payload)

    async def _publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Say whether the broker has it. A lost connection is noticed, and told, elsewhere."""
        if (client := self._client) is None:
            return False
        try:
            await client.publish(topic, payload, qos=1, retain=retain)
        except MqttError:
            return False
        return True
