"""Fixtures: the shipped configuration, and a real broker."""

import asyncio
import os
import shutil
import socket
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ml_addon.config import Config, load_config
from ml_addon.service import Service

from .live_service import LOOPBACK, Ear, Gate, listening, running


@pytest.fixture(scope="session")
def config() -> Config:
    """The defaults."""
    return load_config(None, {}, Path("/nonexistent"), {}).config


class Broker:
    """A mosquitto of our own, which can go away and come back on the same port."""

    def __init__(self, folder: Path, access: str = "allow_anonymous true\n") -> None:
        found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
        if found is None:
            raise pytest.UsageError("mosquitto is missing: apt-get install mosquitto")
        with socket.create_server((LOOPBACK, 0)) as free:
            self.port: int = free.getsockname()[1]
        self._command = (found, "-c", str(folder / "mosquitto.conf"))
        user = "user root\n" if os.geteuid() == 0 else ""
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} {LOOPBACK}\n{access}max_packet_size 1048576\nlog_dest stderr\n{user}"
        )
        self._process: Process | None = None

    async def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = await asyncio.create_subprocess_exec(*self._command, stderr=asyncio.subprocess.DEVNULL)
        async with asyncio.timeout(10):
            while not await self._listens():
                assert self._process.returncode is None, "mosquitto ended"
                await asyncio.sleep(0.01)

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, self.port)
        except OSError:
            return False
        writer.close()
        return True

    async def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()
            self._process = None


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """A broker that runs."""
    made = Broker(tmp_path)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def here(config: Config, broker: Broker) -> Config:
    """The defaults, with this broker."""
    return replace(config, mqtt=replace(config.mqtt, host=LOOPBACK, port=broker.port))


@pytest.fixture
async def ear(broker: Broker) -> AsyncIterator[Ear]:
    """Who hears all that passes."""
    async with listening(broker.port) as made:
        yield made


@pytest.fixture
async def service(here: Config, gate: Gate, ear: Ear) -> AsyncIterator[Service]:
    """A service that is ready; `gate` is each test file's own."""
    async with running(here, gate) as made:
        await ear.ready()
        yield made
