"""One virtual window: the pure core, a room and a microphone, on a real MQTT session."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf
from random import Random

import aiomqtt

from .bench import Event, FixHumidity, FixTemperature, Hear, Leave, Record, decode_bench
from .broker import Endpoint, client
from .clip import ClipHead, chunks
from .device import Device, State
from .device.inputs import Connect, ControlArrives, Disconnect, GuardArrives, PowerCut
from .errors import SimulatorError
from .messages import (
    decode_control,
    decode_guard,
    encode_announce,
    encode_reading,
    encode_result,
    encode_state,
)
from .microclimate import Microclimate
from .profile import WindowProfile
from .sounds import RATE, VARIANTS, clip

_LOG = logging.getLogger(__name__)
_HEARTBEAT_S = 60.0
_MOVING_S = 0.5
_FIRST_CLIP_S = 5.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 10.0


@dataclass(frozen=True, slots=True)
class World:
    """What a window cannot make itself: two clocks (seconds; `wall` is Unix time), ids nobody can guess, and chance."""

    clock: Callable[[], float]
    wall: Callable[[], float]
    draw_id: Callable[[], str]
    random: Random


class Window:
    """A window that connects, reports, obeys, and connects again for ever."""

    def __init__(self, profile: WindowProfile, endpoint: Endpoint, world: World) -> None:
        self.profile = profile
        self._endpoint = endpoint
        self._world = world
        now = world.clock()
        self._device = Device(profile.setup, now)
        self._climate = Microclimate(profile, now)
        self._sound = profile.sound
        self._clip_id = world.random.getrandbits(32)
        self._reported: State | None = None
        self._report_at = self._read_at = self._record_at = inf
        self._woken = asyncio.Event()
        self._clip_wanted = asyncio.Event()

    async def run(self) -> None:
        """Live until cancelled."""
        pause = _FIRST_PAUSE_S
        while True:
            try:
                async with self._session() as session:
                    if pause > _FIRST_PAUSE_S:
                        _LOG.warning("%s: connected again", self.profile.id)
                    pause = _FIRST_PAUSE_S
                    away = await self._live(session)
            except aiomqtt.MqttError as error:
                if pause == _FIRST_PAUSE_S:  # once for each outage
                    _LOG.warning("%s: no connection to %s (%s)", self.profile.id, self._endpoint, error)
                away = pause * self._world.random.uniform(0.5, 1.0)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
            # What is due meanwhile is done, to the second, as soon as somebody can see it again.
            self._device.handle(Disconnect(), self._world.clock())
            await asyncio.sleep(away)

    def _session(self) -> aiomqtt.Client:
        will = aiomqtt.Will(self._topic("availability"), b"offline", qos=1, retain=True)
        return client(self._endpoint, f"window-{self.profile.id}", will)

    def _topic(self, name: str) -> str:
        return f"window/{self.profile.id}/{name}"

    async def _live(self, session: aiomqtt.Client) -> float:
        """Serve one connection; return how long to stay away when the bench ended it."""
        self._device.handle(Connect(self._world.draw_id()), self._world.clock())
        try:
            await self._greet(session)
            tasks = [
                asyncio.create_task(self._listen(session)),
                asyncio.create_task(self._keep_agenda(session)),
                asyncio.create_task(self._send_clips(session)),
            ]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            return next(iter(done)).result()
        finally:
            with suppress(aiomqtt.MqttError):  # an orderly end sends no will
                await session.publish(self._topic("availability"), b"offline", qos=1, retain=True)

    async def _greet(self, session: aiomqtt.Client) -> None:
        """Listen first, then speak: whoever answers to the state is heard."""
        profile, now = self.profile, self._world.clock()
        ours = (self._topic("guard"), self._topic("control"), f"bench/{profile.id}/#")
        await session.subscribe([(topic, 1) for topic in ours])
        digest = hashlib.sha256(profile.id.encode()).hexdigest()
        mac = ":".join(("02", *(digest[place : place + 2] for place in range(0, 10, 2))))
        announce = encode_announce(profile.id, profile.name, profile.area, mac, RATE)
        await session.publish(self._topic("announce"), announce, qos=1, retain=True)
        await session.publish(self._topic("availability"), b"online", qos=1, retain=True)
        self._reported = None
        await self._report(session)
        self._read_at = now if profile.interval else inf
        first = self._world.random.uniform(0.1, 1.0) * min(profile.clip_interval, _FIRST_CLIP_S)
        self._record_at = now + first if profile.clip_interval else inf

    async def _listen(self, session: aiomqtt.Client) -> float:
        async for message in session.messages:
            payload = message.payload
            topic = message.topic.value
            if topic.startswith("bench/"):
                away = await self._at_the_bench(session, topic, payload)
                if away is not None:
                    return away
            elif topic == self._topic("guard"):
                guard = decode_guard(payload)
                if guard is not None:
                    self._device.handle(GuardArrives(guard, message.retain), self._world.clock())
            else:
                arrived = ControlArrives(decode_control(payload), message.retain)
                output = self._device.handle(arrived, self._world.clock())
                if output.result is not None:
                    answer = encode_result(output.result, self._world.wall())
                    await session.publish(self._topic("control/result"), answer, qos=1)
            await self._report(session)
            self._woken.set()
        return 0.0

    async def _at_the_bench(self, session: aiomqtt.Client, topic: str, payload: bytes) -> float | None:
        """Do what the bench wants; return how long to stay away from the broker, None: stay."""
        try:
            event: Event = decode_bench(topic, payload, self._world.draw_id())
        except SimulatorError as error:
            _LOG.warning("%s", error)
            return None
        match event:
            case Leave(seconds):
                return seconds
            case Hear(sound):
                self._sound = sound
            case Record():
                self._clip_wanted.set()
            case FixTemperature(value):
                self._climate.fixed_temperature = value
                await self._read(session)
            case FixHumidity(value):
                self._climate.fixed_humidity = value
                await self._read(session)
            case happened:
                self._device.handle(happened, self._world.clock())
                if isinstance(happened, PowerCut):
                    return 0.0
        return None

    async def _keep_agenda(self, session: aiomqtt.Client) -> float:
        """Do each thing when it is due, and sleep in between: one timer for each window, and none that is busy."""
        while True:
            self._woken.clear()
            now = self._world.clock()
            self._climate.advance(now, self._device.state().position)
            self._device.advance(now)
            await self._report(session)
            if now >= self._read_at:
                self._read_at = now + self.profile.interval
                await self._read(session)
            if now >= self._record_at:
                self._record_at = now + self.profile.clip_interval
                self._clip_wanted.set()
            by_itself = self._device.next_due()
            due = min(inf if by_itself is None else by_itself, self._report_at, self._read_at, self._record_at)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), max(0.0, due - self._world.clock()))

    async def _report(self, session: aiomqtt.Client) -> None:
        """Publish the state at each change, twice a second in a move, and as a heartbeat."""
        now, state = self._world.clock(), self._device.state()
        is_news = self._reported is None or replace(self._reported, position=state.position) != state
        if not is_news and now < self._report_at:
            return
        self._reported = state
        self._report_at = now + (_MOVING_S if self._device.is_moving else _HEARTBEAT_S)
        await session.publish(self._topic("state"), encode_state(state, self._world.wall()), qos=1, retain=True)

    async def _read(self, session: aiomqtt.Client) -> None:
        now, ts = self._world.clock(), self._world.wall()
        self._climate.advance(now, self._device.state().position)
        air = self._climate.air
        prefix = f"sensor/{self.profile.id}"
        await session.publish(f"{prefix}/temperature", encode_reading(air.temperature, "°C", ts))
        await session.publish(f"{prefix}/humidity", encode_reading(air.humidity, "%", ts))

    async def _send_clips(self, session: aiomqtt.Client) -> float:
        while True:
            await self._clip_wanted.wait()
            self._clip_wanted.clear()
            if not self._device.microphone:
                continue
            self._clip_id = (self._clip_id + 1) % 2**32
            samples = clip(self._sound, self.profile.clip_s, (self.profile.seed + self._clip_id) % VARIANTS)
            began_ms = int((self._world.wall() - self.profile.clip_s) * 1000)
            for payload in chunks(samples, ClipHead(self._clip_id, began_ms)):
                await session.publish(f"sensor/{self.profile.id}/audio", payload, qos=1)
