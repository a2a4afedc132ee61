"""How the broker is reached: MQTT 5, with a will, a size limit, and no delay for small packets."""

import socket
import ssl

from aiomqtt import Client, ProtocolVersion, Will
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from .config import Mqtt
from .messages import MAX_PACKET_BYTES

RECEIVE_MAXIMUM = 64
_MAX_WAITING = 256  # messages that came but were not looked at yet
_TIMEOUT_S = 10.0


def make_client(mqtt: Mqtt, identifier: str, will: Will | None) -> Client:
    """Return a client that is not connected yet. Use it once."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    properties.MaximumPacketSize = MAX_PACKET_BYTES
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    client = Client(
        mqtt.host,
        mqtt.port,
        username=mqtt.username,
        password=mqtt.password,
        identifier=identifier,
        protocol=ProtocolVersion.V5,
        clean_start=True,
        will=will,
        properties=properties,
        tls_context=ssl.create_default_context(cafile=mqtt.ca_file) if mqtt.tls else None,
        timeout=_TIMEOUT_S,
        max_queued_incoming_messages=_MAX_WAITING,
        socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
    )
    client.pending_calls_threshold = 1000  # many answers at a time are no reason to warn
    return client
