"""The MQTT broker: mosquitto on 127.0.0.1, with its configuration in the run folder."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .errors import MissingPartError
from .ports import LOOPBACK
from .process import Child, Program
from .waiting import listens

MAX_PACKET_BYTES = 1_048_576  # contract: no packet is larger than 1 MiB
MAX_QUEUED = 20_000
_START_S = 10.0


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """Where it runs. With `keeps_state`, retained messages and sessions outlive a restart."""

    folder: Path
    port: int
    keeps_state: bool = False


class Broker:
    """A mosquitto that can be taken away and brought back on the same port."""

    def __init__(self, settings: BrokerSettings) -> None:
        self.settings = settings
        self.host, self.port = LOOPBACK, settings.port
        self._configuration = settings.folder / "mosquitto.conf"
        self.child = Child(
            Program(
                name="mosquitto",
                command=(str(find_mosquitto()), "-c", str(self._configuration)),
                log=settings.folder / "mosquitto.log",
                folder=settings.folder,
                grace_s=5.0,
            )
        )

    async def start(self) -> None:
        """Start it and wait until it accepts connections."""
        self.settings.folder.mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(configuration(self.settings, is_root=os.geteuid() == 0))
        await self.child.start()
        await self.child.ready(lambda: listens(self.host, self.port), _START_S)

    async def stop(self) -> None:
        """End it in order."""
        await self.child.stop()

    async def kill(self) -> None:
        """End it as a crash would."""
        await self.child.kill()

    async def restart(self) -> None:
        """Stop it and start it again on the same port."""
        await self.stop()
        await self.start()


def configuration(settings: BrokerSettings, *, is_root: bool) -> str:
    """Return the text of mosquitto.conf."""
    lines = [
        f"listener {settings.port} {LOOPBACK}",
        "allow_anonymous true",
        f"max_packet_size {MAX_PACKET_BYTES}",
        f"max_queued_messages {MAX_QUEUED}",  # a thousand windows speak at once when they or Home Assistant start
        "set_tcp_nodelay true",
        "log_dest stderr",
        "log_timestamp_format %Y-%m-%dT%H:%M:%S",
        f"persistence {'true' if settings.keeps_state else 'false'}",
    ]
    if settings.keeps_state:
        lines.append(f"persistence_location {settings.folder}/")
    if is_root:
        # Started by root it would become the user mosquitto: it could not read our folder, and the change of user
        # would take the leash off.
        lines.append("user root")
    return "\n".join((*lines, ""))


def find_mosquitto() -> Path:
    """Return the program: on PATH, or in the sbin folders where Debian puts it."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    if (found := shutil.which("mosquitto", path=path)) is None:
        msg = "mosquitto is missing: apt-get install mosquitto (as root), or run ./scripts/setup broker"
        raise MissingPartError(msg)
    return Path(found)
