"""However fast messages come: none is lost, none overtakes another, and no turn of the loop takes much longer."""

import contextlib
from collections.abc import Callable

from hypothesis import given, strategies as st

from custom_components.smart_window.inbox import ENOUGH_S, MOST, Inbox

COST_S = ENOUGH_S / 4


class Turns:
    """An event loop and a clock that move when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.planned: list[Callable[[], None]] = []
        self.dealt: list[int] = []
        self.inbox = Inbox[int](self, lambda: self.now, self.deal_with)

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.planned.append(callback)

    def deal_with(self, message: int) -> None:
        self.now += COST_S
        self.dealt.append(message)
        if message < 0:
            raise ValueError(message)

    def turn(self) -> float:
        """Run what was planned; how long it took."""
        planned, self.planned = self.planned, []
        began = self.now
        for callback in planned:
            callback()
        return self.now - began


def test_a_message_alone_is_dealt_with_at_once() -> None:
    turns = Turns()
    turns.inbox.put(1)
    assert turns.dealt == [1]


def test_what_is_too_much_for_one_turn_waits_for_the_next() -> None:
    turns = Turns()
    for number in range(10):
        turns.inbox.put(number)
    assert (turns.dealt, len(turns.inbox)) == ([0, 1, 2, 3], 6)
    turns.turn()
    assert (turns.dealt, len(turns.inbox)) == ([0, 1, 2, 3, 4, 5, 6, 7], 2)
    turns.turn()
    turns.turn()
    assert (turns.dealt, turns.planned) == (list(range(10)), [])


@given(st.lists(st.one_of(st.none(), st.integers(min_value=0, max_value=12))))
def test_in_any_pattern_all_are_dealt_with_in_order_and_no_turn_is_long(pattern: list[int | None]) -> None:
    """A number: so many come in one callback; none: a turn passes."""
    turns, sent = Turns(), 0
    for many in pattern:
        if many is None:
            assert turns.turn() <= ENOUGH_S + COST_S
            continue
        began = turns.now
        for _ in range(many):
            turns.inbox.put(sent)
            sent += 1
        assert turns.now - began <= ENOUGH_S + COST_S
    while turns.planned:
        assert turns.turn() <= ENOUGH_S + COST_S
    assert turns.dealt == list(range(sent))


def test_what_comes_next_can_have_all_dealt_with_before_it() -> None:
    turns = Turns()
    for number in range(10):
        turns.inbox.put(number)
    turns.inbox.flush()
    assert turns.dealt == list(range(10))


def test_nothing_is_dealt_with_any_more_once_cleared() -> None:
    turns = Turns()
    for number in range(10):
        turns.inbox.put(number)
    turns.inbox.clear()
    while turns.planned:
        turns.turn()
    assert turns.dealt == [0, 1, 2, 3]


def test_a_message_that_nobody_can_deal_with_holds_up_none_of_the_others() -> None:
    turns = Turns()
    for number in (0, 1, 2, 3, -4, 5):
        turns.inbox.put(number)
    with contextlib.suppress(ValueError):
        turns.turn()
    while turns.planned:
        turns.turn()
    assert turns.dealt == [0, 1, 2, 3, -4, 5]


def test_a_machine_that_cannot_keep_up_lets_no_more_wait_than_the_bound_and_loses_none() -> None:
    turns = Turns()
    count = 0
    for _ in range(2 * MOST // 100):  # a hundred packets are read in each turn, which deals with four
        for _ in range(100):
            turns.inbox.put(count)
            count += 1
        turns.turn()
        assert len(turns.inbox) <= MOST
    assert len(turns.inbox) > MOST - 100
    while len(turns.inbox):
        turns.turn()
    assert turns.dealt == list(range(count))
