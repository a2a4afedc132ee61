"""Each law is broken once, and found; what is allowed is not. The schedule strikes with everything."""

from collections import Counter
from dataclasses import replace

import pytest

from .laws import Told, broken
from .schedule import Fault, schedule

START = Told(1, "s-1", 4, None, 40.0, None, rain=False, command_id=None)
MOVED = replace(START, number=2, rev=5, target=80.0, source="ml", command_id="c-1")
SENT = {"c-1", "c-2"}


def test_a_move_by_a_command_that_was_sent_breaks_nothing() -> None:
    assert broken([START, MOVED], SENT, advised=False) == []


@pytest.mark.parametrize(
    ("states", "advised", "law"),
    [
        ([replace(START, rain=True), replace(MOVED, rain=True)], False, "opened in the rain"),
        ([replace(START, rain=True), replace(MOVED, rain=True, source="safety")], False, "opened in the rain"),
        ([START, MOVED], True, "moved in advise"),
        ([replace(START, hand_id="h-1"), replace(MOVED, hand_id="h-1")], False, "against its owner's hand"),
        ([START, replace(MOVED, rev=4)], False, "without a new rev"),
        ([START, replace(MOVED, command_id="c-9")], False, "that nobody sent"),
        ([START, MOVED, replace(MOVED, rev=6, target=10.0, source="user", command_id="c-2"),
          replace(MOVED, rev=7)], False, "moved it twice"),
    ],
)  # fmt: skip
def test_each_law_is_found_broken(states: list[Told], advised: bool, law: str) -> None:
    found = broken(states, SENT, advised=advised)
    assert len(found) == 1
    assert law in found[0]


@pytest.mark.parametrize(
    "states",
    [
        [replace(START, rain=True), replace(MOVED, rain=True, source="user")],
        [replace(START, rain=True), replace(MOVED, rain=True, target=0.0, source="safety")],
        [replace(START, hand_id="h-1"), replace(MOVED, hand_id="h-1", target=0.0, source="safety")],
        [replace(START, hand_id="h-1"), replace(MOVED, hand_id="h-2", source="user", command_id=None)],
        [START, replace(START, session="s-2", rev=1)],
        [MOVED, replace(MOVED, number=3), replace(MOVED, number=4, rev=6)],
    ],
)
def test_what_is_allowed_breaks_nothing(states: list[Told]) -> None:
    assert broken(states, SENT, advised=False) == []


def test_a_seed_gives_the_same_schedule_with_every_fault_in_it() -> None:
    strokes = schedule(7, 20_000, 3, 5)
    assert strokes == schedule(7, 20_000, 3, 5) != schedule(8, 20_000, 3, 5)
    assert Counter(stroke.fault for stroke in strokes) == dict.fromkeys(Fault, 3)
    assert [stroke.after for stroke in strokes] == sorted(stroke.after for stroke in strokes)
    assert strokes[-1].after < 20_000
