"""Windows of the stack that run the real firmware, each as a process."""

import asyncio
from functools import partial
from pathlib import Path

from firmware.host.program import linux_program
from firmware.host.window import LinuxWindowSettings, linux_window
from simulator.sounds import RATE, clip, sound_named
from simulator.wav import wav_bytes

from .process import Child
from .tap import Tap
from .windows import WindowProfile, WindowsSettings

_START_S = 30.0
_CLIP_S = 20.0


class FirmwareWindows:
    """Their processes. Of a profile's `more` they know sound, position, travel_s, interval and clip_interval."""

    def __init__(self, settings: WindowsSettings) -> None:
        self.settings = settings
        self.children: tuple[Child, ...] = ()

    async def start(self) -> None:
        """Build the firmware where that was not done yet, and start each window."""
        if not self.settings.profiles:
            return
        program = await asyncio.to_thread(linux_program, self.settings.root)
        self.children = tuple([await self._child(program, profile) for profile in self.settings.profiles])
        for child in self.children:
            await child.start()

    async def _child(self, program: Path, profile: WindowProfile) -> Child:
        folder = self.settings.folder / profile.id
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        sound = folder / "sound.wav"
        heard = await asyncio.to_thread(clip, sound_named(str(profile.more.get("sound", "street-quiet"))), _CLIP_S, 0)
        await asyncio.to_thread(sound.write_bytes, wav_bytes(heard, RATE))
        return linux_window(
            LinuxWindowSettings(
                program=program,
                folder=folder,
                id=profile.id,
                name=profile.name,
                area=profile.area,
                host=self.settings.host,
                port=self.settings.port,
                wav=sound,
                travel_s=_number(profile, "travel_s", 20.0),
                interval=_number(profile, "interval", 5.0),
                clip_interval=_number(profile, "clip_interval", 30.0),
                position=_number(profile, "position", 0.0),
            )
        )

    async def ready(self, tap: Tap) -> None:
        """Wait until each of them has reported its state."""
        for profile, child in zip(self.settings.profiles, self.children, strict=True):
            await child.ready(partial(_has_reported, tap, f"window/{profile.id}/state"), _START_S)

    async def stop(self) -> None:
        """End them."""
        await asyncio.gather(*(child.stop() for child in self.children))


async def _has_reported(tap: Tap, topic: str) -> bool:
    return bool(tap.all(lambda heard: heard.topic == topic and "session" in heard.content))


def _number(profile: WindowProfile, name: str, otherwise: float) -> float:
    value = profile.more.get(name, otherwise)
    return float(value) if isinstance(value, int | float) else otherwise
