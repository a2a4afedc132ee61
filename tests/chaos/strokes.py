"""How each fault is done to the real stack, and undone. What it needs of a person is done over MQTT alone."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from stack.json_shape import JsonObject
from stack.stack import Stack
from stack.tap import Heard, Tap, TapError

from ..e2e.disk_full import Disk
from .schedule import Fault, Stroke

# The time constants, shortened. A minute's delay is this long here, and an outage lasts as long.
LATE_S: Final = 6.0
OUTAGE_S: Final = 2.0
FIVE_HOURS_S: Final = 5 * 3600
_TAKEN: Final = 40  # messages that are sent again
_FLOOD: Final = 200
_OF_A_WINDOW: Final = ("sensor/", "window/", "ml/inference/")


@dataclass(slots=True)
class Strikes:
    """`forged` counts what was sent again or cut short, so that it is not taken for a window's own word."""

    stack: Stack
    tap: Tap
    set_clock: Callable[[int], None]
    disk: Disk
    """Under the spool and all else that Home Assistant keeps, and under the folder of models."""
    random: Random
    devices: Sequence[str]
    forged: Counter[tuple[str, bytes]] = field(default_factory=Counter)

    async def strike(self, stroke: Stroke) -> None:
        """Do it, and undo what does not undo itself."""
        stack, device = self.stack, self.devices[stroke.window]
        match stroke.fault:
            case Fault.BROKER_KILLED:
                await stack.broker.kill()
                await asyncio.sleep(OUTAGE_S)
                await stack.broker.start()
                await self.tap.connected(30)
            case Fault.SERVICE_KILLED:
                stack.service.child.pause()
                await self._bench(device, "record")
                await asyncio.sleep(OUTAGE_S)
                await stack.service.child.kill()
                await stack.service.start()
            case Fault.CLICKHOUSE_KILLED:
                await stack.clickhouse.kill()
                await asyncio.sleep(OUTAGE_S)
                await stack.clickhouse.start()
            case Fault.DISK_FULL:
                self.disk.full(full=True)
                await stack.clickhouse.kill()
                await stack.service.child.kill()
                await stack.service.start()  # it finds no room for its model, and the one that lies there
                await self._bench(device, "record")
                await asyncio.sleep(OUTAGE_S)
                await stack.clickhouse.start()
                self.disk.full(full=False)
            case Fault.HOME_KILLED:
                await stack.home.__aexit__()
                await stack.home_assistant.child.kill()
                await asyncio.sleep(OUTAGE_S)
                await stack.start_home_assistant_again()
            case Fault.HOME_RESTARTED:
                await stack.restart_home_assistant()
            case Fault.CLOCK_JUMPED:
                self.set_clock(FIVE_HOURS_S)
                await asyncio.sleep(LATE_S)
                self.set_clock(0)
            case Fault.WINDOW_LEFT:
                await self._bench(device, "disconnect", {"seconds": OUTAGE_S})
            case Fault.POWER_CUT:
                await self._bench(device, "power_cut")
            case _:
                await self._mangle(stroke.fault, device)

    async def _mangle(self, fault: Fault, device: str) -> None:
        taken = self._last()
        match fault:
            case Fault.REORDERED:
                self.random.shuffle(taken)
            case Fault.DELAYED:
                await asyncio.sleep(LATE_S)
            case Fault.FLOOD:
                topic = f"sensor/{device}/temperature"
                flood: JsonObject = {"value": 24.0, "unit": "°C"}
                for _ in range(_FLOOD):
                    await self.tap.publish(topic, flood)
                return
            case _:
                pass
        for message in taken:
            cut = fault is Fault.TRUNCATED
            body = message.payload[: len(message.payload) // 2] if cut else message.payload
            self.forged[message.topic, body] += 1
            await self.tap.publish(message.topic, body)

    def _last(self) -> list[Heard]:
        """What went over the wire lately, clips' chunks aside."""
        recent = self.tap.messages[-10 * _TAKEN :]
        small = [one for one in recent if one.topic.startswith(_OF_A_WINDOW) and not one.topic.endswith("/audio")]
        return small[-_TAKEN:]

    async def _bench(self, device: str, what: str, content: JsonObject | None = None) -> None:
        await self.tap.publish(f"bench/{device}/{what}", content or {})


async def stir(tap: Tap, device: str, random: Random) -> None:
    """Give the model something to change its mind about: another street, another room."""
    sound = random.choice(("street-quiet", "street-loud"))
    try:
        await tap.publish(f"bench/{device}/sound", {"kind": sound})
        await tap.publish(f"bench/{device}/temperature", {"value": random.choice((18.0, 23.0, 28.0))})
        # Damp air opens a window that nothing else would: without it all stand shut soon, and stay so.
        await tap.publish(f"bench/{device}/humidity", {"value": random.choice((35.0, 90.0))})
        await tap.publish(f"bench/{device}/record", {})
    except TapError:
        return  # the broker is away
