"""How the broker is reached: MQTT 5, with a will, a size limit, and no delay for small packets."""

import socket
import ssl

from aiomqtt import Client, MqttCodeError, MqttError, ProtocolVersion, Will
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from .config import Mqtt
from .messages import MAX_PACKET_BYTES

RECEIVE_MAXIMUM = 64
_MAX_WAITING = 256  # messages that came but were not looked at yet
_TIMEOUT_S = 10.0
_NOT_LET_IN = {134, 135, 4, 5}  # bad user or password, not authorized; MQTT 5 and 3.1.1


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


def explain(error: MqttError, mqtt: Mqtt) -> str:
    """Say what kept us from the broker: it is not there, or it is and does not let us in."""
    place = f"{mqtt.host}:{mqtt.port}"
    if not isinstance(error, MqttCodeError):
        return f"no broker at {place} ({error})"
    code = error.rc.value if isinstance(error.rc, ReasonCode) else error.rc
    if code not in _NOT_LET_IN:
        return f"no broker at {place} ({error})"
    who = f"user {mqtt.username!r}" if mqtt.username else "a client without a user"
    return f"the broker at {place} is there and refuses {who}: mqtt.username or mqtt.password is wrong"
