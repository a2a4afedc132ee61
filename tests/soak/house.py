"""Twenty windows in a hurry, on the real stack, and what is counted of it."""

import asyncio
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stack.json_shape import JsonObject, whole
from stack.stack import Stack
from stack.tap import Tap
from stack.waiting import until
from stack.windows import WindowProfile

from .processes import look_at
from .verdict import Count, least

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
WINDOWS: Final = 20
DAY_S: Final = 86_400
READINGS_PER_S: Final = 2 / 30
"""Of one window: temperature and humidity each 30 s, as its packages are delivered."""
OTHERS_PER_S: Final = (1 + 1 + 1 + 1 + 1) / 60
"""A clip each minute with its question and answer, a state and a guard."""
DAY_OF_MESSAGES: Final = round(WINDOWS * DAY_S * (READINGS_PER_S + OTHERS_PER_S))
_HURRY: Final = 80.0
_LOOKS, _LOOK_EVERY_S = 8, 0.5
_AT_REST_S: Final = 4.0
_TELL_EVERY_S: Final = 60.0
_OF_PROBE: Final = ("traced", "tasks", "listeners", "signals", "subscriptions")

OPTIONS: Final[dict[str, JsonObject]] = {
    "questions": {"min_interval_s": 0, "every_clip": True},
    "advanced": {"settle_s": 3, "shortest_pause_s": 0, "moves_per_hour": 3600, "moves_per_day": 86400},
}


def profiles() -> tuple[WindowProfile, ...]:
    """Twenty windows whose day passes in 18 minutes."""
    pace: JsonObject = {
        "speed": _HURRY,
        "interval": 30 / _HURRY,
        "clip_interval": 60 / _HURRY,
        "clip_s": 0.5,
        "travel_s": 2,
    }
    sounds = ("street-quiet", "street-loud", "speech", "rain")
    return tuple(
        WindowProfile(f"w{number:02}", f"Window {number}", "Home", pace | {"sound": sounds[number % 4], "seed": number})
        for number in range(WINDOWS)
    )


def install_probe(stack: Stack) -> None:
    """Put the probe into Home Assistant's configuration; it is loaded at the next start."""
    folder = stack.home_assistant.settings.configuration
    probe = folder / "custom_components" / "soak_probe"
    shutil.copytree(HERE / "soak_probe", probe, dirs_exist_ok=True)
    # Whoever looks for integrations in this repository, hassfest for one, shall find only ours.
    (probe / "about.json").replace(probe / "manifest.json")
    with (folder / "configuration.yaml").open("a") as configuration:
        configuration.write("soak_probe:\n")


@dataclass(frozen=True, slots=True)
class Moment:
    """Resident memory at one moment: bytes by program, `at` in seconds since the begin, and messages so far."""

    at: float
    messages: int
    resident: Mapping[str, int]


@dataclass(slots=True)
class Soak:
    """The house, and what it counted."""

    stack: Stack
    tap: Tap
    """Hears all messages and keeps none."""
    began: float = field(default_factory=time.monotonic)
    moments: list[Moment] = field(default_factory=list)
    told_at: float = 0.0

    @property
    def passed(self) -> float:
        """Seconds since the begin."""
        return time.monotonic() - self.began

    async def let_machines_move(self) -> None:
        """Every window into automatic, so that commands pass too."""
        found = await self.stack.home.windows()
        for profile in self.stack.settings.profiles:
            await self.stack.home.choose(found[profile.id].entity("select", "mode").entity_id, "automatic")

    async def until_heard(self, messages: int, within_s: float) -> None:
        """Let it run until so many messages passed the broker; looks at memory on the way."""

        async def enough() -> bool:
            if not self.moments or self.passed - self.moments[-1].at > 1.0:
                self._look()
            if self.passed > self.told_at + _TELL_EVERY_S:
                self.told_at = self.passed
                sys.stderr.write(f"{self.passed:5.0f} s  {self.tap.mark} messages\n")
            return self.tap.mark >= messages

        await until(f"{messages} messages", enough, within_s)

    async def at_rest(self) -> Count:
        """Hold the windows still, wait until what they said is dealt with, and count."""
        self.stack.windows.child.pause()
        try:
            seen = -1
            while seen != self.tap.mark:
                seen = self.tap.mark
                await asyncio.sleep(_AT_REST_S)
            # Once before each count, so that none differs by where the hour falls.
            await self.stack.home.rest.get_object("/api/soak_probe?by_the_clock")
            looks = []
            for _ in range(_LOOKS):
                looks.append(await self._count())
                await asyncio.sleep(_LOOK_EVERY_S)
        finally:
            self.stack.windows.child.resume()
        return least(looks)

    async def by_line(self) -> dict[str, int]:
        """Traced bytes of Home Assistant by the line that asked for them."""
        said = await self.stack.home.rest.get_object("/api/soak_probe?by_line")
        return {name: whole(said, name, "the probe") for name in said}

    async def _count(self) -> Count:
        said = await self.stack.home.rest.get_object("/api/soak_probe")
        home, service = (look_at(pid) for pid in self._pids())
        assert said["mqtt_connected"]
        held = {name: whole(said, name, "the probe") for name in _OF_PROBE}
        return Count(
            traced=held["traced"],
            tasks=held["tasks"],
            listeners=held["listeners"],
            signals=held["signals"],
            subscriptions=held["subscriptions"],
            files=home.files,
            service_files=service.files,
            service_threads=service.threads,
        )

    def _pids(self) -> tuple[int, int]:
        home, service = self.stack.home_assistant.child.pid, self.stack.service.child.pid
        assert home is not None
        assert service is not None
        return home, service

    def _look(self) -> None:
        children = {
            "Home Assistant": self.stack.home_assistant.child,
            "inference service": self.stack.service.child,
            "broker": self.stack.broker.child,
        }
        resident = {name: look_at(child.pid).resident for name, child in children.items() if child.pid is not None}
        self.moments.append(Moment(self.passed, self.tap.mark, resident))
