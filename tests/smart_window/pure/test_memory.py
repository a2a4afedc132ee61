"""The last decisions: bounded, small, without repetitions, and the same after a restart."""

import json
import tracemalloc
from base64 import b64encode
from dataclasses import replace

import pytest

from custom_components.smart_window.decision import Snapshot, Why, decide
from custom_components.smart_window.inputs import Surroundings
from custom_components.smart_window.memory import REMEMBERED, DecisionMemory, content_of
from custom_components.smart_window.packing import Packing

from .scenes import FREE, IN_THE_WAY, LIMITS, ready


def test_a_decision_that_differs_in_numbers_alone_makes_the_last_one_last() -> None:
    memory = DecisionMemory()
    assert memory.note(decide(FREE), Why.READY, 100.0)
    warmer = replace(FREE, values=replace(FREE.values, temperature=23.0))
    assert not memory.note(decide(warmer), Why.READY, 160.0)
    assert memory.note(decide(warmer), Why.NO_ANSWER, 170.0)
    assert memory.note(decide(IN_THE_WAY["hold"]), Why.HELD, 180.0)
    assert [(one.began, one.until, one.told) for one in memory.entries] == [
        (100.0, 160.0, Why.READY),
        (170.0, 170.0, Why.NO_ANSWER),
        (180.0, 180.0, Why.HELD),
    ]


def test_two_hundred_are_kept() -> None:
    memory = DecisionMemory()
    for number in range(REMEMBERED + 7):
        memory.note(decide(FREE if number % 2 else IN_THE_WAY["hold"]), Why.READY, float(number))
    assert len(memory.entries) == REMEMBERED
    assert memory.entries[0].began == 7.0


@pytest.mark.parametrize("snapshot", [*IN_THE_WAY.values(), *LIMITS.values()])
def test_every_decision_survives_a_restart(snapshot: Snapshot) -> None:
    memory = DecisionMemory()
    memory.note(decide(ready(snapshot)), Why.READY, 100.0)
    stored = json.loads(json.dumps(memory.to_dict(), allow_nan=False))
    assert json.loads(json.dumps(DecisionMemory.from_dict(stored).to_dict())) == stored


def test_after_a_restart_the_next_decision_is_noted() -> None:
    memory = DecisionMemory()
    memory.note(decide(FREE), Why.READY, 100.0)
    back = DecisionMemory.from_dict(json.loads(json.dumps(memory.to_dict())))
    assert back.note(decide(FREE), Why.READY, 200.0)
    assert len(back.entries) == 2


@pytest.mark.parametrize(
    "data", [None, {}, {"decisions": 3}, {"decisions": [{"began": 1, "until": 2, "told": "x", "content": {}}]}]
)
def test_a_store_that_does_not_fit_gives_an_empty_memory(data: object) -> None:
    assert DecisionMemory.from_dict(data).entries == ()


def test_fewer_are_kept_from_now_on_and_the_newest_of_them() -> None:
    memory = DecisionMemory()
    for number in range(9):
        memory.note(decide(FREE if number % 2 else IN_THE_WAY["hold"]), Why.READY, float(number))
    memory.limit(3)
    assert [one.began for one in memory.entries] == [6.0, 7.0, 8.0]
    memory.note(decide(FREE), Why.READY, 9.0)
    assert [one.began for one in memory.entries] == [7.0, 8.0, 9.0]


@pytest.mark.parametrize("snapshot", [*IN_THE_WAY.values(), *LIMITS.values()])
def test_what_is_remembered_is_the_whole_decision(snapshot: Snapshot) -> None:
    memory, decision = DecisionMemory(), decide(ready(snapshot))
    memory.note(decide(FREE), Why.READY, 90.0)
    memory.note(decision, Why.READY, 100.0)
    assert dict(memory.entries[-1].content) == json.loads(json.dumps(content_of(decision)))


def test_what_a_version_before_kept_is_read() -> None:
    content = json.loads(json.dumps(content_of(decide(FREE))))
    kept = {"decisions": [{"began": 1.0, "until": 2.0, "told": "ready", "content": content}]}
    (one,) = DecisionMemory.from_dict(kept).entries
    assert (one.began, one.until, one.told, one.content) == (1.0, 2.0, Why.READY, content)


@pytest.mark.parametrize("damage", ["AAAA", "", "eJw=", "/////w=="])
def test_one_that_was_damaged_on_disk_is_left_out(damage: str) -> None:
    memory = DecisionMemory()
    for number in range(3):
        memory.note(decide(FREE if number % 2 else IN_THE_WAY["hold"]), Why.READY, float(number))
    stored = json.loads(json.dumps(memory.to_dict()))
    stored["decisions"][1]["content"] = damage
    assert [one.began for one in DecisionMemory.from_dict(stored).entries] == [0.0, 2.0]


@pytest.mark.parametrize("content", ["no Base64!", 7, None])
def test_a_content_that_is_none_gives_an_empty_memory(content: object) -> None:
    kept = {"model": "{}", "decisions": [{"began": 1.0, "until": 2.0, "told": "ready", "content": content}]}
    assert DecisionMemory.from_dict(kept).entries == ()


def test_two_hundred_take_no_more_room_than_a_tenth_of_a_megabyte() -> None:
    """A thousand windows remember two hundred each."""
    moments = [
        replace(
            FREE if number % 2 else IN_THE_WAY["hold"],
            values=replace(FREE.values, temperature=18.0 + number / 7, humidity=30.0 + number / 9),
            surroundings=Surroundings(outdoor_temperature=number / 11, co2=400.0 + number * 3, wind_speed=number / 13),
        )
        for number in range(REMEMBERED)
    ]
    decisions = [decide(moment) for moment in moments]
    tracemalloc.start(1)
    try:
        before = tracemalloc.get_traced_memory()[0]
        memory = DecisionMemory()
        for number, decision in enumerate(decisions):
            memory.note(decision, Why.READY, float(number))
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(memory.entries) == REMEMBERED
    assert taken < 100_000


def test_a_limit_keeps_the_newest_and_the_same_limit_again_changes_nothing() -> None:
    memory = DecisionMemory()
    for number in range(5):
        memory.note(decide(FREE if number % 2 else IN_THE_WAY["hold"]), Why.READY, float(number))
    for _ in range(2):
        memory.limit(3)
        assert [one.began for one in memory.entries] == [2.0, 3.0, 4.0]
    memory.limit(REMEMBERED)
    assert len(memory.entries) == 3


def test_what_is_no_decision_on_disk_is_left_out_and_the_others_are_read() -> None:
    memory = DecisionMemory()
    memory.note(decide(FREE), Why.READY, 100.0)
    kept = json.loads(json.dumps(memory.to_dict()))
    packing = Packing(kept["model"].encode())
    no_decision = dict(kept["decisions"][0]) | {"content": b64encode(packing.pack(b"[1, 2]")).decode()}
    kept["decisions"].insert(0, no_decision)
    assert [one.content["why"] for one in DecisionMemory.from_dict(kept).entries] == [decide(FREE).why]


def test_a_text_on_disk_that_is_none_forgets_and_does_not_fail() -> None:
    memory = DecisionMemory()
    memory.note(decide(FREE), Why.READY, 100.0)
    kept = dict(memory.to_dict()) | {"model": "\ud800"}
    assert DecisionMemory.from_dict(kept).entries == ()
