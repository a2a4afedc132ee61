"""The broker: the real mosquitto."""

import asyncio
from pathlib import Path
from random import Random

import aiomqtt

from stack.broker import MAX_PACKET_BYTES, Broker, BrokerSettings, configuration
from stack.ports import free_ports
from stack.waiting import listens


def client(broker: Broker) -> aiomqtt.Client:
    return aiomqtt.Client(broker.host, broker.port, protocol=aiomqtt.ProtocolVersion.V5)


async def retained(broker: Broker, topic: str, within_s: float) -> bytes | None:
    async with client(broker) as reader:
        await reader.subscribe(topic, qos=1)
        try:
            message = await asyncio.wait_for(anext(aiter(reader.messages)), within_s)
        except TimeoutError:
            return None
        return bytes(message.payload)


async def test_a_message_goes_from_one_client_to_another(broker: Broker) -> None:
    async with client(broker) as sender, client(broker) as reader:
        await reader.subscribe("a/b", qos=1)
        await sender.publish("a/b", b"hello", qos=1)
        message = await asyncio.wait_for(anext(aiter(reader.messages)), 5)
    assert message.payload == b"hello"


async def test_it_comes_back_on_the_same_port_without_what_it_kept(broker: Broker) -> None:
    async with client(broker) as sender:
        await sender.publish("kept", b"1", qos=1, retain=True)
    assert await retained(broker, "kept", 5) == b"1"
    await broker.kill()
    assert not await listens(broker.host, broker.port)
    await broker.start()
    assert await retained(broker, "kept", 0.5) is None


async def test_with_its_state_kept_a_retained_message_outlives_a_restart(tmp_path: Path) -> None:
    (port,) = free_ports(1, Random())
    broker = Broker(BrokerSettings(tmp_path, port, keeps_state=True))
    await broker.start()
    async with client(broker) as sender:
        await sender.publish("kept", b"1", qos=1, retain=True)
    await broker.restart()
    assert await retained(broker, "kept", 5) == b"1"
    await broker.stop()


async def test_a_packet_larger_than_the_contract_allows_is_refused(broker: Broker) -> None:
    # Byte by byte, since a client library would not send such a packet.
    connect = b"\x10\x0f\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x02me"
    reader, writer = await asyncio.open_connection(broker.host, broker.port)
    writer.write(connect)
    assert (await asyncio.wait_for(reader.read(1000), 5))[0] == 0x20  # CONNACK
    writer.write(b"\x30" + length_of_packet(MAX_PACKET_BYTES + 1))
    answer = await asyncio.wait_for(reader.read(), 5)
    assert (answer[0], answer[2]) == (0xE0, 0x95)  # DISCONNECT, packet too large
    writer.close()


def length_of_packet(length: int) -> bytes:
    """As MQTT writes it: seven bits a byte, the lowest first, the eighth says that more follow."""
    low, high = length & 0x7F, length >> 7
    return bytes([low | 0x80]) + length_of_packet(high) if high else bytes([low])


def test_root_stays_root_and_others_stay_themselves(tmp_path: Path) -> None:
    settings = BrokerSettings(tmp_path, 18830)
    assert "user root" in configuration(settings, is_root=True).splitlines()
    assert "user" not in configuration(settings, is_root=False)


async def test_it_listens_on_this_machine_alone(broker: Broker) -> None:
    listeners = {
        line.split()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{broker.port:04X}")
    }
    assert listeners == {f"0100007F:{broker.port:04X}"}
