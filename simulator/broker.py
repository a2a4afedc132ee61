"""Which broker, and how a client of ours connects to it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import override

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from .errors import SimulatorError

MAX_PACKET_BYTES = 1_048_576  # contract: said in CONNECT
_MAX_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the broker listens."""

    host: str = "localhost"
    port: int = 1883

    @override
    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def default_endpoint(endpoints: Path) -> Endpoint:
    """Return the broker of the demo that runs (`.demo/endpoints.json`), else localhost:1883.

    Raises SimulatorError when the file is there and cannot be understood.
    """
    try:
        content: object = json.loads(endpoints.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Endpoint()
    except (OSError, ValueError) as error:
        raise SimulatorError(f"cannot read {endpoints}: {error}. Name the broker with --host and --port") from error
    match content:
        case {"mqtt": {"host": str(host), "port": int(port)}} if 0 < port <= _MAX_PORT:
            return Endpoint(host, port)
    raise SimulatorError(f"{endpoints} names no broker. Name it with --host and --port")


def client(endpoint: Endpoint, identifier: str | None = None, will: aiomqtt.Will | None = None) -> aiomqtt.Client:
    """Return an MQTT 5 client that begins a clean session; use it in `async with`."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho gives it no types
    properties.MaximumPacketSize = MAX_PACKET_BYTES
    return aiomqtt.Client(
        endpoint.host,
        endpoint.port,
        identifier=identifier,
        will=will,
        protocol=aiomqtt.ProtocolVersion.V5,
        clean_start=True,
        keepalive=30,
        properties=properties,
    )


async def check_reachable(endpoint: Endpoint) -> None:
    """Connect once. Raises SimulatorError that says what to do when nobody answers."""
    try:
        async with client(endpoint):
            pass
    except aiomqtt.MqttError as error:
        raise SimulatorError(
            f"no broker answers at {endpoint} ({error}). "
            "Start one, run ./scripts/demo, or name another with --host and --port"
        ) from error
