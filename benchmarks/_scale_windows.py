"""A thousand windows, each an MQTT session of its own, on the real Home Assistant, whose event loop is watched."""

import asyncio
import itertools
import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import override

from stack.demo import settings
from stack.process import Child, Program
from stack.profiles import SCENE_ADVISE
from stack.stack import Stack
from stack.tap import Tap
from stack.waiting import until

READING_EVERY_S = 4.0  # of temperature and of humidity: a reading each 2 s
_SETTLE_S = 10.0
_ADOPT_S = 600.0
_TELL_S = 30.0
_PROMPT_S, _PROMPT_TIMES = 0.5, 3  # a reading is shown so soon, several times in a row
_HOOK = Path(__file__).parent / "watched_home"


@dataclass(frozen=True, slots=True)
class Callback:
    """One callback of the event loop: CPU time, MQTT packets read, and the time that the integration took of it."""

    ms: float
    name: str
    packets: int
    dealing_ms: float

    @override
    def __str__(self) -> str:
        read = f", {self.packets} packets read, {self.dealing_ms} ms of it ours" if self.packets else ""
        return f"{self.ms} ms {self.name}{read}"


@dataclass(frozen=True, slots=True)
class Watched:
    """The event loop over some time: the longest callbacks, the longest first; CPU time so far."""

    longest: tuple[Callback, ...]
    callbacks: int
    collecting_ms: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Held:
    """What it took to take the windows in, to be done with what they had said meanwhile, and to hold them."""

    adopt_s: float
    caught_up_s: float
    adopting: Watched
    holding: Watched
    messages_per_s: float
    cpu_share: float
    rss_mb: float


async def hold(folder: Path, windows: int, seconds: float, say: Callable[[str], None]) -> Held:
    """Let so many windows appear at once, and report for so long."""
    told = folder / "callbacks.jsonl"
    environment = {"PYTHONPATH": str(_HOOK), "BENCH_CALLBACKS": str(told)}
    chosen = replace(settings(folder, (SCENE_ADVISE,)), log_level="warning", home_environment=environment)
    async with Stack(chosen, say) as stack:
        fleet = Child(_fleet(stack, windows))
        await _watched(stack, told)
        began = time.monotonic()
        await fleet.start()
        try:
            await _adopted(stack, windows, say)
            adopt_s = time.monotonic() - began
            caught_up_s = await _caught_up(stack) - began
            await asyncio.sleep(_SETTLE_S)
            adopting = await _watched(stack, told)
            say(
                f"{windows} windows after {adopt_s:.0f} s, in time after {caught_up_s:.0f} s; now {seconds:.0f} s of it"
            )
            async with Tap(stack.broker.host, stack.broker.port, ("sensor/#", "window/#"), keeps=False) as tap:
                since, began = tap.mark, time.monotonic()
                await asyncio.sleep(seconds)
                passed = time.monotonic() - began
                per_second = (tap.mark - since) / passed
            holding = await _watched(stack, told)
        finally:
            await fleet.stop()
        return Held(
            adopt_s,
            caught_up_s,
            adopting,
            holding,
            per_second,
            (holding.cpu_s - adopting.cpu_s) / passed,
            _rss_mb(_pid(stack)),
        )


def _fleet(stack: Stack, windows: int) -> Program:
    known = stack.windows.settings
    words = ("-m", "simulator", "devices", "--count", str(windows), "--names", "", "--clip-interval", "0")
    pace = ("--interval", str(READING_EVERY_S), "--host", known.host, "--port", str(known.port))
    folder = stack.settings.run / "fleet"
    return Program("fleet", (str(known.python), *words, *pace), folder / "fleet.log", known.root)


async def _adopted(stack: Stack, windows: int, say: Callable[[str], None]) -> None:
    """Ask now and then, since the answer itself is work for a thousand."""
    last = time.monotonic() + _ADOPT_S
    found = 0
    while found < windows:
        if time.monotonic() > last:
            raise TimeoutError(f"{found} of {windows} windows after {_ADOPT_S:g} s")
        await asyncio.sleep(5)
        found = sum(window.has("cover") for window in (await stack.home.windows()).values()) - 1
        say(f"{found} of {windows} windows are there")


async def _caught_up(stack: Stack) -> float:
    """When what one more device says is shown at once: nothing waits before it."""
    prompt = 0
    probe = json.dumps({"contract": 1, "device_id": "probe", "name": "Probe", "capabilities": ["temperature"]})
    async with Tap(stack.broker.host, stack.broker.port, ("ml/status/#",)) as tap:
        await tap.publish("window/probe/announce", probe)
        for k in itertools.count():
            value, said = f"{20 + k % 10}.{k % 7}", time.monotonic()
            await tap.publish("sensor/probe/temperature", value)
            await _shown(stack, value)
            prompt = prompt + 1 if time.monotonic() - said < _PROMPT_S else 0
            if prompt == _PROMPT_TIMES:
                break
            await asyncio.sleep(1)
    return time.monotonic()


async def _shown(stack: Stack, value: str) -> None:
    """Of the probe's temperature."""
    await stack.home.state_when("the probe", "sensor.probe_temperature", lambda now: now.state == value, _ADOPT_S)


def _pid(stack: Stack) -> int:
    pid = stack.home_assistant.child.pid
    if pid is None:
        raise RuntimeError("Home Assistant does not run")
    return pid


async def _watched(stack: Stack, told: Path) -> Watched:
    """What the event loop did since the last call."""
    before = _lines(told)
    _ask(_pid(stack))

    async def more() -> str | None:
        lines = _lines(told)
        return lines[-1] if len(lines) > len(before) else None

    found = json.loads(await until("the event loop's figures", more, _TELL_S))
    longest = tuple(
        Callback(float(ms), str(what), int(read), float(own)) for ms, what, read, own in found["longest_ms"]
    )
    return Watched(longest, int(found["callbacks"]), float(found["collecting_ms"]), float(found["cpu_s"]))


def _ask(pid: int) -> None:
    """Ask Home Assistant for its figures."""
    os.kill(pid, signal.SIGUSR2)


def _lines(told: Path) -> list[str]:
    return told.read_text().splitlines() if told.exists() else []


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6
