"""What the router remembers is bounded, and a full memory changes nothing that is decided."""

import pytest

from custom_components.smart_window import router as room
from custom_components.smart_window.contract import Address, ErrorKind, MessageKind, Topics
from custom_components.smart_window.router import SUBSCRIPTIONS, Router
from tests.contract.contract_files import asyncapi, mapping


def test_a_topic_is_taken_apart_the_same_before_and_after_the_memory_of_topics_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "MAX_KNOWN", 2)
    router = Router(Topics("home"))
    topics = [f"home/sensor/w{number}/temperature" for number in range(5)]
    for _ in range(2):
        assert [router.address(topic) for topic in topics] == [
            Address(MessageKind.TEMPERATURE, f"w{number}") for number in range(5)
        ]
        assert len(router._known) <= 2
    assert router.dropped == {}


def test_the_last_topic_that_fits_into_the_memory_pushes_no_other_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_KNOWN", 2)
    router = Router(Topics())
    for number in range(2):
        router.address(f"sensor/w{number}/temperature")
    assert set(router._known) == {"sensor/w0/temperature", "sensor/w1/temperature"}


def test_a_known_topic_is_not_taken_apart_again() -> None:
    router = Router(Topics())
    first = router.address("sensor/bedroom/temperature")
    assert first is not None
    assert router.address("sensor/bedroom/temperature") is first


def test_a_topic_of_nobody_is_counted_each_time_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    router = Router(Topics())
    for _ in range(3):
        assert router.address("sensor/b\x00d/temperature") is None
    assert router.dropped == {ErrorKind.TOPIC: 3}
    [told] = caplog.messages
    assert "'sensor/b\\x00d/temperature'" in told


def test_each_window_and_each_kind_of_mistake_is_told_once_and_each_message_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    router = Router(Topics())
    for device_id in ("attic", "porch"):
        topic = f"sensor/{device_id}/temperature"
        address = router.address(topic)
        assert address is not None
        for payload in (b"warm", b"warm", b'{"value": true}', b"21"):
            router.decode(topic, address, payload)
    assert sum(router.dropped.values()) == 6
    assert router.taken == {MessageKind.TEMPERATURE: 2}
    assert len(caplog.messages) == 4
    assert sum("attic" in message for message in caplog.messages) == 2


def test_no_more_are_told_than_the_memory_of_the_told_holds_and_all_are_counted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(room, "MAX_LOGGED", 3)
    router = Router(Topics())
    for number in range(10):
        topic = f"sensor/w{number}/temperature"
        address = router.address(topic)
        assert address is not None
        assert router.decode(topic, address, b"warm") is None
    assert len(caplog.messages) == 3
    assert sum(router.dropped.values()) == 10


def test_each_kind_is_subscribed_to_once_and_with_the_best_quality_that_a_sender_uses() -> None:
    operations = mapping(asyncapi()["operations"])
    used = {
        mapping(mapping(mapping(operation)["bindings"])["mqtt"])["qos"]
        for operation in operations.values()
        if "bindings" in mapping(operation)
    }
    ours = [kind for kind, _ in SUBSCRIPTIONS]
    assert len(ours) == len(set(ours))
    assert set(MessageKind) - set(ours) == {MessageKind.REQUEST, MessageKind.FEEDBACK, MessageKind.MODELS}
    assert {qos for _, qos in SUBSCRIPTIONS} == {max(int(str(one)) for one in used)}
