"""Topics: a hostile id or prefix gets nowhere."""

import pytest

from custom_components.smart_window.contract import ContractError, ErrorKind, MessageKind, Topics
from custom_components.smart_window.contract.topics import check_prefix

HOSTILE_IDS = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "A",
    "é",
    "-a",
    "_a",
    "+",
    "#",
    "a b",
    "a\n",
    "a\x00",
    "a" * 65,
    "$sys",
    "²",
]


def matches(pattern: str, topic: str) -> bool:
    levels, wanted = topic.split("/"), pattern.split("/")
    return len(levels) == len(wanted) and all(want in {"+", level} for level, want in zip(levels, wanted, strict=True))


@pytest.mark.parametrize("prefix", ["", "home", "upstairs/attic", "Haus_1.x-y"])
def test_what_is_built_is_subscribed_to_and_understood(prefix: str) -> None:
    topics = Topics(prefix)
    for kind in MessageKind:
        topic = topics.topic(kind, "a" * 64)
        assert matches(topics.pattern(kind), topic)
        assert topics.parse(topic).kind is kind
        assert topics.parse(topic).device_id == "a" * 64
        assert [other for other in MessageKind if matches(topics.pattern(other), topic)] == [kind]


@pytest.mark.parametrize("device_id", HOSTILE_IDS)
def test_a_hostile_id_gets_nowhere(device_id: str) -> None:
    for kind in MessageKind:
        topic = Topics().pattern(kind).replace("+", device_id)
        for use in (lambda kind=kind: Topics().topic(kind, device_id), lambda topic=topic: Topics().parse(topic)):
            with pytest.raises(ContractError) as refused:
                use()
            assert refused.value.kind is ErrorKind.TOPIC
            assert refused.value.detail.isprintable()


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "/",
        "window",
        "window/a",
        "window/a/announce/x",
        "/window/a/announce",
        "home/window/a/announce",
        "window/a/Announce",
    ],
)
def test_other_topics_are_not_ours(topic: str) -> None:
    with pytest.raises(ContractError):
        Topics().parse(topic)


def test_topics_under_another_prefix_are_not_ours() -> None:
    for topic in ("window/a/announce", "attics/window/a/announce", "attic2/attic/window/a/announce", "attic"):
        with pytest.raises(ContractError):
            Topics("attic").parse(topic)


@pytest.mark.parametrize("prefix", ["+", "#", "a/#", "a//b", "$SYS", "a b", "a\x00b", "é", "\ud800", "a" * 201, "a\nb"])
def test_a_prefix_that_no_topic_can_begin_with_is_refused(prefix: str) -> None:
    with pytest.raises(ContractError) as refused:
        check_prefix(prefix)
    assert refused.value.kind is ErrorKind.TOPIC
    with pytest.raises(ContractError):
        Topics(prefix)


def test_a_prefix_is_taken_without_slashes_and_blanks_around_it() -> None:
    assert check_prefix(" /upstairs/attic/ ") == "upstairs/attic"
    assert check_prefix("") == check_prefix(" / ") == ""
    with pytest.raises(ContractError):
        Topics("home/")


@pytest.mark.parametrize(("length", "fits"), [(200, True), (201, False)])
def test_a_prefix_has_200_characters_at_most(length: int, fits: bool) -> None:
    if fits:
        assert check_prefix("a" * length) == "a" * length
    else:
        with pytest.raises(ContractError):
            check_prefix("a" * length)
