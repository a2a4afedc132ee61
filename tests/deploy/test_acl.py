"""Who may say and hear what on the broker, tried by each user on each topic of the contract."""

import asyncio
import ssl
from contextlib import AsyncExitStack, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.ports import LOOPBACK

from .locked_broker import LIMIT_S, SENTINEL, LockedBroker, refuses

ROOT = Path(__file__).parents[2]
HERE, OTHER = "bedroom", "kitchen"
EVERYTHING = (
    "#",
    "window/+/#",
    "sensor/#",
    "ml/#",
    "$share/mine/window/#",
    "$share/mine/ml/inference/request/#",
    "$SYS/#",
)

# Who may publish on each channel of the contract, besides nobody.
WRITERS = {
    "announce": {"window"},
    "availability": {"window"},
    "temperature": {"window"},
    "humidity": {"window"},
    "audio": {"window"},
    "state": {"window"},
    "control_result": {"window"},
    "guard": {"homeassistant"},
    "control": {"homeassistant", "service"},
    "request": {"homeassistant"},
    "response": {"service"},
    "status": {"service"},
    "feedback": {"homeassistant"},
    "feedback_result": {"service"},
    "models": {"homeassistant", "service"},
    "models_result": {"service"},
}
# What Home Assistant empties when an owner removes a window.
CLEARED = {"announce", "availability", "state"}
# Beside the house: what the service alone may hear, and the window itself.
SERVICE_HEARS = {"request", "feedback", "status", "models", "models_result"}
WINDOW_HEARS = {"guard", "control"}


@cache
def channels() -> dict[str, str]:
    contract: dict[str, Any] = yaml.safe_load((ROOT / "contract" / "asyncapi.yaml").read_text())
    return {name: channel["address"] for name, channel in contract["channels"].items()}


def topic(channel: str, name: str) -> str:
    return channels()[channel].replace("{id}", name).replace("{instance}", name)


# The last words of a test: everybody but the service hears the first, the service the second.
ENDS = (topic("guard", HERE), topic("request", HERE))


def test_every_channel_of_the_contract_has_its_writers() -> None:
    assert set(channels()) == set(WRITERS)


async def heard_of(locked: LockedBroker, user: str, name: str) -> set[str]:
    """The channels on which `user` can say something in the name of `name`."""
    async with locked.ear("homeassistant", "#") as ear, locked.client(user) as client:
        words = [(topic(channel, name), qos) for channel in WRITERS for qos in (0, 1)]
        await asyncio.gather(*(client.publish(where, user, qos=qos) for where, qos in words))
        async with locked.client("homeassistant") as last:
            await last.publish(topic("guard", name), SENTINEL, qos=1)
        await ear.until(topic("guard", name), SENTINEL)
        return {channel for channel in WRITERS if topic(channel, name) in ear.topics()}


@pytest.mark.parametrize(
    ("user", "name", "allowed"),
    [
        (HERE, HERE, {channel for channel, who in WRITERS.items() if "window" in who}),
        (HERE, OTHER, set()),
        (HERE, "ml-1", set()),
        (HERE, "service", set()),
        ("service", HERE, {channel for channel, who in WRITERS.items() if "service" in who}),
        ("homeassistant", HERE, {channel for channel, who in WRITERS.items() if "homeassistant" in who} | CLEARED),
    ],
    ids=["a window as itself", "as another", "as the service", "as the house", "the service", "Home Assistant"],
)
async def test_each_user_can_say_only_what_is_its_own(
    locked: LockedBroker, user: str, name: str, allowed: set[str]
) -> None:
    assert await heard_of(locked, user, name) == allowed


@pytest.mark.parametrize(
    ("user", "allowed"),
    [
        (HERE, {(channel, HERE) for channel in WINDOW_HEARS}),
        ("service", {(channel, name) for channel in SERVICE_HEARS for name in (HERE, OTHER)}),
        ("homeassistant", {(channel, name) for channel in WRITERS for name in (HERE, OTHER)}),
    ],
)
async def test_each_user_hears_only_what_is_meant_for_it(
    locked: LockedBroker, user: str, allowed: set[tuple[str, str]]
) -> None:
    async with AsyncExitStack() as stack:
        users = ("homeassistant", "service", HERE, OTHER)
        ears = {each: await stack.enter_async_context(locked.ear(each, *EVERYTHING)) for each in users}
        await asyncio.gather(
            *(
                ears[name if "window" in who else min(who)].client.publish(topic(channel, name), name, 1, retain=True)
                for name in (HERE, OTHER)
                for channel, who in WRITERS.items()
            )
        )
        for end in ENDS:
            await ears["homeassistant"].client.publish(end, SENTINEL, qos=1)
        ear = ears[user]
        await ear.until(ENDS[user == "service"], SENTINEL)
    # Whoever comes later hears no more of what the broker kept.
    async with locked.ear(user, *EVERYTHING) as late:
        async with locked.client("homeassistant") as last:
            for end in ENDS:
                await last.publish(end, SENTINEL, qos=1)
        await late.until(ENDS[user == "service"], SENTINEL)
    expected = {topic(channel, name) for channel, name in allowed}
    assert ear.topics() == expected
    assert late.topics() <= expected


async def test_a_window_has_no_will_for_another(locked: LockedBroker) -> None:
    async with locked.ear("homeassistant", "#") as ear:
        for name in (OTHER, HERE):
            await locked.crash(HERE, will=f"window/{name}/availability", hears=f"window/{HERE}/guard")
        await ear.until(f"window/{HERE}/availability", b"offline")
        assert ear.topics() == {f"window/{HERE}/availability"}


async def test_a_window_cannot_push_another_off_by_taking_its_id(locked: LockedBroker) -> None:
    control = f"window/{OTHER}/control"
    async with locked.ear(OTHER, control, identifier=OTHER) as ear, locked.client(HERE, identifier=OTHER) as thief:
        await thief.subscribe(control, qos=1)
        async with locked.client("homeassistant") as home:
            await home.publish(control, b"open", qos=1)
        await ear.until(control, b"open")


async def test_without_the_right_password_nobody_comes_in(locked: LockedBroker) -> None:
    passwords = locked.passwords
    for client in (
        locked.device_client(None, None),
        locked.device_client(HERE, None),
        locked.device_client(HERE, passwords[OTHER]),
        locked.device_client("homeassistant", passwords["homeassistant"]),
        locked.device_client("service", passwords["service"]),
        locked.house_client(None, None),
        locked.house_client(HERE, passwords[HERE]),
        locked.house_client("homeassistant", passwords["service"]),
    ):
        assert await refuses(client)


async def test_a_forgotten_window_stays_outside_and_a_new_one_comes_in_without_a_restart(locked: LockedBroker) -> None:
    locked.keys.forget_device(HERE)
    password = locked.keys.add_device("attic")
    locked.read_users_again()
    async with asyncio.timeout(10):
        while await refuses(locked.device_client("attic", password)):
            pass
    assert await refuses(locked.client(HERE))


async def test_the_windows_door_speaks_nothing_but_tls(locked: LockedBroker) -> None:
    reader, writer = await asyncio.open_connection(LOOPBACK, locked.device_port)
    writer.write(bytes.fromhex("100c00044d5154540402003c0000"))  # CONNECT without TLS
    answer = b""
    async with asyncio.timeout(10):
        with suppress(ConnectionResetError):
            answer = await reader.read()
    assert not answer.startswith(b"\x20")  # no CONNACK: a TLS alert, or nothing
    writer.close()


async def test_who_does_not_trust_our_authority_sends_no_password(locked: LockedBroker) -> None:
    for port in (locked.device_port, locked.house_tls_port):
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection(LOOPBACK, port, ssl=ssl.create_default_context())
        _, writer = await asyncio.open_connection(LOOPBACK, port, ssl=locked.trusting())
        writer.close()


async def test_a_window_that_joins_the_services_that_share_takes_no_question_from_them(locked: LockedBroker) -> None:
    # mosquitto deals to whoever joins a group, and drops what it may not read: so the group's name is a secret.
    questions, names = "ml/inference/request/#", ("smart-window", "smart-window-0123456789abcdef")
    async with AsyncExitStack() as stack:
        services = [
            await stack.enter_async_context(locked.ear("service", f"$share/{names[1]}/{questions}")) for _ in "ab"
        ]
        window = await stack.enter_async_context(
            locked.ear(HERE, f"$share/{names[0]}/{questions}", f"$share/+/{questions}")
        )
        home = await stack.enter_async_context(locked.client("homeassistant"))
        for number in range(20):
            await home.publish(topic("request", HERE), f"question {number}", qos=1)
        async with asyncio.timeout(LIMIT_S):
            while sum(len(one.heard) for one in services) < 20:  # noqa: ASYNC110 - two ears, and no event of both
                await asyncio.sleep(0.01)
        assert window.heard == []
