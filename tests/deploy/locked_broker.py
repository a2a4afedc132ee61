"""The shipped broker configuration in a real mosquitto, and clients of each of its users."""

import asyncio
import os
import shutil
import signal
import ssl
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from aiomqtt import Client, MqttError, ProtocolVersion, Will

from deploy.broker_keys import Keys
from stack.broker import find_mosquitto
from stack.ports import LOOPBACK, free_ports

SHIPPED = Path(__file__).parents[2] / "deploy" / "mosquitto"
LIMIT_S = 10
SENTINEL = b"sentinel"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message."""

    topic: str
    payload: bytes
    retained: bool


class Ear:
    """One client: it publishes, and keeps what it hears."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.heard: list[Heard] = []
        self._came = asyncio.Event()

    async def listen(self) -> None:
        async for message in self.client.messages:
            self.heard.append(Heard(message.topic.value, bytes(message.payload), bool(message.retain)))
            self._came.set()

    async def until(self, topic: str, payload: bytes) -> None:
        """Wait for this message, also one that came already."""
        async with asyncio.timeout(LIMIT_S):
            while not any((message.topic, message.payload) == (topic, payload) for message in self.heard):
                self._came.clear()
                await self._came.wait()

    def topics(self) -> set[str]:
        """Where something was heard, the sentinels left out."""
        return {message.topic for message in self.heard if message.payload != SENTINEL}


class LockedBroker:
    """mosquitto with the files of deploy/mosquitto; only paths and ports are this machine's."""

    def __init__(self, folder: Path, windows: Sequence[str]) -> None:
        self.keys = Keys(folder / "keys")
        self.keys.make_all([LOOPBACK])
        self.passwords = {window: self.keys.add_device(window) for window in windows}
        for user in ("homeassistant", "service"):
            self.passwords[user] = (folder / "keys" / f"{user}.password").read_text().strip()
        self.device_port, self.house_port, self.house_tls_port = free_ports(3, Random())
        shutil.copytree(SHIPPED, folder / "config")
        (folder / "data").mkdir()
        text = (SHIPPED / "mosquitto.conf").read_text()
        for port, ours in ((8883, self.device_port), (1883, self.house_port), (8884, self.house_tls_port)):
            text = text.replace(f"listener {port}\n", f"listener {ours} {LOOPBACK}\n")
        text = text.replace("/mosquitto/", f"{folder}/")
        if os.geteuid() == 0:
            text += "user root\n"
        self._configuration = folder / "mosquitto.conf"
        self._configuration.write_text(text)
        self._process: Process | None = None
        self._trust = folder / "keys" / "ca.crt"

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            str(find_mosquitto()), "-c", str(self._configuration), stdout=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(LIMIT_S):
            for port in (self.device_port, self.house_port, self.house_tls_port):
                while not await _listens(port):
                    assert self._process.returncode is None, "mosquitto ended: its configuration is wrong"
                    await asyncio.sleep(0.01)

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    def read_users_again(self) -> None:
        """What a running broker does at SIGHUP."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def client(self, user: str | None, *, identifier: str | None = None, will: Will | None = None) -> Client:
        """A client of this user at the door that is its own: the house's plain one, or the windows' with TLS."""
        if user in ("homeassistant", "service"):
            return self.house_client(user, self.passwords[user])
        return self.device_client(user, self.passwords.get(user or ""), identifier=identifier, will=will)

    def device_client(
        self, user: str | None, password: str | None, *, identifier: str | None = None, will: Will | None = None
    ) -> Client:
        return Client(
            LOOPBACK, self.device_port, username=user, password=password, identifier=identifier, will=will,
            protocol=ProtocolVersion.V5, tls_context=self.trusting(), timeout=LIMIT_S,
        )  # fmt: skip

    def house_client(self, user: str | None, password: str | None) -> Client:
        return Client(
            LOOPBACK, self.house_port, username=user, password=password, protocol=ProtocolVersion.V5, timeout=LIMIT_S
        )

    async def crash(self, user: str, *, will: str, hears: str) -> None:
        """Let a window with this will connect, wait until it hears, and end it without a farewell."""
        window = await asyncio.create_subprocess_exec(
            "mosquitto_sub", "-h", LOOPBACK, "-p", str(self.device_port), "--cafile", str(self._trust), "-u", user,
            "-P", self.passwords[user], "-t", hears, "--will-topic", will, "--will-payload", "offline",
            "--will-qos", "1", stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert window.stdout is not None
        async with asyncio.timeout(LIMIT_S), self.client("homeassistant") as home:
            # Retained, so that it is heard whenever the subscription comes about.
            await home.publish(hears, SENTINEL, qos=1, retain=True)
            assert await window.stdout.readline() == SENTINEL + b"\n"
        window.kill()
        await window.wait()

    def trusting(self) -> ssl.SSLContext:
        """What trusts our authority and nobody else."""
        return ssl.create_default_context(cafile=self._trust)

    @asynccontextmanager
    async def ear(self, user: str, *filters: str, identifier: str | None = None) -> AsyncIterator[Ear]:
        """A user who listens to these filters, as far as the broker lets it."""
        async with self.client(user, identifier=identifier) as client:
            for each in filters:
                await client.subscribe(each, qos=1)
            ear = Ear(client)
            task = asyncio.create_task(ear.listen())
            try:
                yield ear
            finally:
                task.cancel()


async def refuses(client: Client) -> bool:
    """Whether the broker turns this client away."""
    try:
        async with client:
            return False
    except MqttError:
        return True


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    return True
