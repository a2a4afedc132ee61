"""What is due for many windows is done for each, once, in order, and never later than what happens to a window next."""

from collections.abc import Callable

from hypothesis import given, strategies as st

from custom_components.smart_window.errands import Errand, Errands
from custom_components.smart_window.inbox import ENOUGH_S

COST_S = ENOUGH_S / 4


class House:
    """An event loop and a clock that move when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.planned: list[Callable[[], None]] = []
        self.done: list[tuple[str, Errand]] = []
        self.errands = Errands(self, lambda: self.now, self.run)

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.planned.append(callback)

    def run(self, device_id: str, errand: Errand) -> None:
        self.now += COST_S
        self.done.append((device_id, errand))

    def turn(self) -> float:
        planned, self.planned = self.planned, []
        began = self.now
        for callback in planned:
            callback()
        return self.now - began


def test_for_a_few_windows_it_is_done_at_once() -> None:
    house = House()
    house.errands.put("a", Errand.TURN)
    house.errands.put("b", Errand.TURN)
    assert house.done == [("a", Errand.TURN), ("b", Errand.TURN)]


def test_for_a_thousand_no_turn_of_the_loop_takes_much_longer_than_enough() -> None:
    house = House()
    for number in range(1000):
        house.errands.put(str(number), Errand.TURN)
    longest = house.now
    while house.planned:
        longest = max(longest, house.turn())
    assert longest <= ENOUGH_S + COST_S
    assert [one for one, _ in house.done] == [str(number) for number in range(1000)]


def test_what_is_due_comes_before_what_happens_next_to_a_window() -> None:
    house = House()
    for number in range(10):
        house.errands.put(str(number), Errand.SURROUND)
    assert ("9", Errand.SURROUND) not in house.done
    house.errands.settle("9")
    assert house.done[-1] == ("9", Errand.SURROUND)
    while house.planned:
        house.turn()
    assert house.done.count(("9", Errand.SURROUND)) == 1


def test_of_what_was_cleared_nothing_is_done() -> None:
    house = House()
    for number in range(10):
        house.errands.put(str(number), Errand.TURN)
    before = list(house.done)
    house.errands.clear()
    while house.planned:
        house.turn()
    assert house.done == before


asked = st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(Errand))


@given(st.lists(asked | st.none(), max_size=60))
def test_each_is_done_and_never_more_often_than_it_was_asked_for(
    steps: list[tuple[str, Errand] | None],
) -> None:
    house = House()
    asked_for: list[tuple[str, Errand]] = []
    for step in steps:
        if step is None:
            house.turn()
            continue
        before = len(house.done)
        house.errands.put(*step)
        asked_for.append(step)
        assert len(house.done) - before <= 1
    while house.planned:
        house.turn()
    assert set(house.done) == set(asked_for)
    assert all(house.done.count(step) <= asked_for.count(step) for step in asked_for)
