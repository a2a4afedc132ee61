"""The tap, on a real broker."""

import asyncio
from random import Random

import pytest

from stack.broker import Broker
from stack.ports import free_ports
from stack.tap import Tap, TapError
from stack.waiting import TooLateError


async def test_it_keeps_what_it_hears_in_order(broker: Broker) -> None:
    async with Tap(broker.host, broker.port) as tap:
        await tap.publish("window/a/state", {"position": 3})
        await tap.publish("sensor/a/temperature", "21.5")
        last = await tap.heard("the reading", lambda message: message.topic == "sensor/a/temperature", 5)
        assert [message.topic for message in tap.messages] == ["window/a/state", "sensor/a/temperature"]
        assert tap.messages[0].content == {"position": 3}
        assert (last.number, last.content) == (1, {})
        assert tap.mark == 2


async def test_from_now_on_leaves_out_what_came_before(broker: Broker) -> None:
    async with Tap(broker.host, broker.port) as tap:
        await tap.publish("ml/a", "1")
        await tap.heard("the first", lambda message: message.payload == b"1", 5)
        with pytest.raises(TooLateError, match=r"another one: not within 0\.3 s"):
            await tap.heard("another one", lambda _: True, 0.3, since=tap.mark)


async def test_it_is_there_again_when_the_broker_is(broker: Broker) -> None:
    async with Tap(broker.host, broker.port) as tap:
        await broker.kill()
        with pytest.raises(TapError, match="was not sent"):
            await is_refused(tap)
        await broker.start()
        await tap.connected(10)
        await tap.publish("ml/a", "again")
        await tap.heard("the message", lambda message: message.payload == b"again", 5)


async def is_refused(tap: Tap) -> None:
    async with asyncio.timeout(10):
        while True:
            await tap.publish("ml/a", "lost")


async def test_without_a_broker_it_says_where_it_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = free_ports(1, Random())
    monkeypatch.setattr("stack.tap._CONNECT_S", 0.5)
    with pytest.raises(TapError, match=rf"no MQTT broker answers at 127\.0\.0\.1:{port}"):
        async with Tap("127.0.0.1", port):
            pass


async def test_followers_get_each_message_and_nothing_is_kept_for_them(broker: Broker) -> None:
    async with Tap(broker.host, broker.port, keeps=False) as tap:
        following = aiter(tap.follow())
        first = asyncio.ensure_future(anext(following))
        await asyncio.sleep(0)  # let it follow
        await tap.publish("ml/a", "1")
        assert (await asyncio.wait_for(first, 5)).payload == b"1"
        assert tap.messages == []
