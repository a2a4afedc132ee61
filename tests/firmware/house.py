"""A window that runs the real firmware as a process, and what a test does to it and sees of it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from firmware.host.window import LinuxWindowSettings, linux_window
from simulator.sounds import RATE
from simulator.wav import wav_bytes
from stack.broker import Broker
from stack.json_shape import JsonObject
from stack.process import Child
from stack.tap import Heard, Tap

SOON_S = 20.0
# Two seconds in which each sample says where it is, so that a gap or a repeat shows.
SOUND = ((np.arange(2 * RATE, dtype=np.int64) * 7919) % 65521 - 32760).astype(np.int16)
GUARD: JsonObject = {
    "hub": "h",
    "machines": True,
    "min": 0,
    "max": 100,
    "lock": "none",
    "rain_position": 0,
    "microphone": True,
}


@dataclass(slots=True)
class House:
    """A window, and who watches it."""

    tap: Tap
    window: Child
    broker: Broker
    commands: int = 0

    async def bench(self, what: str, content: JsonObject | None = None) -> None:
        await self.tap.publish(f"bench/attic/{what}", content or {})

    async def guard(self, **changes: object) -> None:
        """Publish twice: the first one after a connection may be the broker's kept copy."""
        for _ in range(2):
            await self.tap.publish("window/attic/guard", json.dumps(GUARD | changes), retain=True)

    async def state(self, what: str, since: int = 0, **wanted: object) -> JsonObject:
        """Wait for a state in which all of this holds; a position may be off by 2."""

        def holds(message: Heard) -> bool:
            said = message.content
            return message.topic == "window/attic/state" and all(_fits(k, said.get(k), v) for k, v in wanted.items())

        return (await self.tap.heard(what, holds, SOON_S, since)).content

    async def last(self) -> JsonObject:
        """The newest state."""
        return self.tap.all(lambda message: message.topic == "window/attic/state")[-1].content

    async def send(self, payload: bytes | str | JsonObject) -> str:
        """Send a control message; return result or result:reason."""
        mark = self.tap.mark
        await self.tap.publish("window/attic/control", payload)
        heard = await self.tap.heard("a result", lambda m: m.topic.endswith("/control/result"), SOON_S, mark)
        said = heard.content
        return f"{said['result']}:{said['reason']}" if said.get("reason") else str(said["result"])

    async def command(self, source: str, **fields: object) -> str:
        self.commands += 1
        state = await self.last()
        made = {"source": source, "command_id": f"c{self.commands}", "session": state["session"], "rev": state["rev"]}
        result = await self.send(json.dumps(made | fields))
        if result == "accepted":  # the next command must know what this one changed
            await self.state("the command in the state", command_id=(made | fields)["command_id"])
        return result


def number(found: object) -> float | None:
    return found if isinstance(found, int | float) else None


def _fits(name: str, found: object, wanted: object) -> bool:
    if name == "position" and isinstance(wanted, int | float):
        return isinstance(found, int | float) and abs(found - wanted) <= 2
    return found == wanted


@asynccontextmanager
async def running(program: Path, folder: Path, broker: Broker, *, sends_sound: bool) -> AsyncIterator[House]:
    """A window that is online, and ends with the block."""
    sound = folder / "sound.wav"
    sound.write_bytes(wav_bytes(SOUND, RATE))
    window = linux_window(
        LinuxWindowSettings(
            program,
            folder / "attic",
            "attic",
            "Attic window",
            broker.host,
            broker.port,
            wav=sound,
            travel_s=2.0,
            interval=0,
            clip_interval=0,
            sends_sound=sends_sound,
        )
    )
    async with Tap(broker.host, broker.port) as tap:
        await window.start()
        try:
            made = House(tap, window, broker)
            await made.state("the first state")
            await until_online(made)
            yield made
        finally:
            await window.stop()


async def until_online(house: House, since: int = 0) -> None:
    await house.tap.heard(
        "online", lambda m: m.topic.endswith("/availability") and m.payload == b"online", SOON_S, since
    )


async def closed(house: House) -> None:
    """Learn the place: a window that was never closed does not know it."""
    assert await house.command("user", action="home") == "accepted"
    await house.state("closed", position=0, operation="idle")
