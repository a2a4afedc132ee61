"""The last decisions: bounded, without repetitions, and the same after a restart."""

import json
from dataclasses import replace

import pytest

from custom_components.smart_window.decision import Snapshot, Why, decide
from custom_components.smart_window.memory import REMEMBERED, DecisionMemory

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
