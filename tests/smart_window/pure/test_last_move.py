"""When a window was last set in motion, and by whom."""

from dataclasses import replace

import pytest

from custom_components.smart_window.contract import Operation, Source
from custom_components.smart_window.last_move import LastMove

from .house import House


def moved(**changes: object) -> LastMove | None:
    house = House()
    house.report()
    house.report(replace(house.device, **changes))  # type: ignore[arg-type]  # fields of a state
    return house.window.last_move


@pytest.mark.parametrize("source", list(Source))
def test_a_new_target_is_a_move_of_whoever_wanted_it(source: Source) -> None:
    last = moved(target=70.0, source=source)
    assert last is not None
    assert last.source is source


def test_a_press_is_a_move_of_a_person_whatever_the_state_says_else() -> None:
    house = House().settle()
    house.report(replace(house.next, hand_id="h9", target=80.0, source=None))
    assert house.window.last_move == LastMove(house.wall, Source.USER)


def test_a_homing_sash_without_a_target_moves() -> None:
    assert moved(operation=Operation.CLOSING, target=None) is not None


def test_rain_a_new_connection_or_another_rev_is_no_move() -> None:
    assert moved(rain=True) is None
    assert moved(session="s2", rev=99) is None


def test_the_way_of_the_sash_is_one_move() -> None:
    house = House()
    house.report()
    house.report(replace(house.device, target=70.0, operation=Operation.OPENING, source=Source.ML))
    began = house.window.last_move
    house.now += 5
    house.report(replace(house.device, position=50.0))
    house.report(replace(house.device, position=70.0, operation=Operation.IDLE))
    assert house.window.last_move is began


def test_what_the_broker_kept_is_no_move() -> None:
    house = House()
    house.report()
    house.report(replace(house.device, target=70.0), retained=True)
    assert house.window.last_move is None


@pytest.mark.parametrize("last", [LastMove(1.5, Source.SAFETY), LastMove(0.0, None)])
def test_it_is_kept_and_read_back(last: LastMove) -> None:
    assert LastMove.from_dict(last.to_dict()) == last


@pytest.mark.parametrize("kept", [None, 7, {}, {"wall": "x", "source": None}, {"wall": 1, "source": "ghost"}])
def test_what_does_not_fit_is_forgotten(kept: object) -> None:
    assert LastMove.from_dict(kept) is None
