"""The virtual windows, all in one process."""

import json
from dataclasses import dataclass
from pathlib import Path

from .json_shape import Json, JsonObject
from .process import Child, Program
from .tap import Heard, Tap

_START_S = 30.0


@dataclass(frozen=True, slots=True)
class WindowProfile:
    """One virtual window. `more` goes into the simulator's profile as it is (see simulator/README.md)."""

    id: str
    name: str
    area: str
    more: JsonObject

    def as_json(self) -> JsonObject:
        """Return the entry of the profile file."""
        fields: JsonObject = {"id": self.id, "name": self.name, "area": self.area}
        return fields | self.more


@dataclass(frozen=True, slots=True)
class WindowsSettings:
    """Which windows there are, and which broker they talk to."""

    root: Path
    folder: Path
    python: Path
    host: str
    port: int
    profiles: tuple[WindowProfile, ...]


class VirtualWindows:
    """The process that plays them. A restart is a power cut of all windows, after which they are as new."""

    def __init__(self, settings: WindowsSettings) -> None:
        self.settings = settings
        self._profile = settings.folder / "windows.json"
        self.child = Child(
            Program(
                name="virtual windows",
                command=(
                    str(settings.python),
                    "-m",
                    "simulator",
                    "devices",
                    "--profile",
                    str(self._profile),
                    "--host",
                    settings.host,
                    "--port",
                    str(settings.port),
                ),
                log=settings.folder / "windows.log",
                folder=settings.root,
            )
        )

    async def start(self) -> None:
        """Write their profile and start them."""
        self.settings.folder.mkdir(parents=True, exist_ok=True)
        entries: list[Json] = [profile.as_json() for profile in self.settings.profiles]
        self._profile.write_text(json.dumps(entries, indent=2))
        await self.child.start()

    async def ready(self, tap: Tap, since: int = 0) -> None:
        """Wait until each of them has reported its state."""
        wanted = {profile.id for profile in self.settings.profiles}

        async def all_reported() -> bool:
            return wanted <= {message.topic.split("/")[1] for message in tap.all(_is_state, since)}

        await self.child.ready(all_reported, _START_S)

    async def stop(self) -> None:
        """End them; the broker then says that they are offline."""
        await self.child.stop()


def _is_state(message: Heard) -> bool:
    return message.topic.startswith("window/") and message.topic.endswith("/state") and "session" in message.content
