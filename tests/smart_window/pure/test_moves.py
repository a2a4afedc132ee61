"""How a window moved for comfort: what counts, for how long, and what is back and forth."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.contract import Source
from custom_components.smart_window.moves import Moves, Pace, shortest_pause_s, smallest_change
from custom_components.smart_window.settings import HubSettings

from .scenes import STATE

HOUSE = HubSettings()


def moved(targets: Sequence[float], every_s: float, source: Source = Source.ML) -> tuple[Moves, float]:
    moves, now, state = Moves(), 0.0, STATE
    moves.see(None, state, now, HOUSE)
    for number, target in enumerate(targets):
        now += every_s
        before, state = state, replace(state, command_id=f"c{number}", target=target, source=source)
        moves.see(before, state, now, HOUSE)
    return moves, now


@pytest.mark.parametrize(
    ("source", "counts"),
    [(Source.ML, 2), (Source.FALLBACK, 2), (Source.USER, 0), (Source.SAFETY, 0), (Source.AUTOMATION, 0)],
)
def test_only_moves_for_comfort_count(source: Source, counts: int) -> None:
    moves, now = moved([50.0, 60.0], 10.0, source)
    pace = moves.pace(now)
    assert (pace.in_hour, pace.in_day) == (counts, counts)
    assert pace.since_last_s == (0.0 if counts else None)


def test_a_state_that_names_no_new_command_is_no_move() -> None:
    moves, now = moved([50.0], 10.0)
    named = replace(STATE, command_id="c0", target=50.0, source=Source.ML)
    moves.see(named, replace(named, position=40.0), now + 5, HOUSE)
    moves.see(named, replace(named, command_id=None), now + 6, HOUSE)
    assert moves.pace(now + 6).in_hour == 1


def test_moves_are_forgotten_after_an_hour_and_a_day() -> None:
    moves, now = moved([50.0], 0.0)
    assert moves.pace(now + 3599).in_hour == 1
    assert moves.pace(now + 3601).in_hour == 0
    assert moves.pace(now + 86_399).in_day == 1
    assert moves.pace(now + 86_401).in_day == 0


def test_back_and_forth_is_noticed_and_widens_for_six_hours() -> None:
    moves, now = moved([80.0, 20.0] * 3 + [80.0], 300.0)
    pace = moves.pace(now)
    assert pace.rests
    assert smallest_change(pace, HOUSE) == 15.0
    assert shortest_pause_s(pace, HOUSE) == 900.0
    assert moves.pace(now + 6 * 3600 - 1).rests
    assert not moves.pace(now + 6 * 3600).rests
    assert (smallest_change(Pace(), HOUSE), shortest_pause_s(Pace(), HOUSE)) == (5.0, 120.0)


@pytest.mark.parametrize(
    ("targets", "every_s"),
    [([80.0, 20.0] * 3, 300.0), ([40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 95.0, 100.0], 300.0), ([80.0, 20.0] * 6, 1500.0)],
)
def test_fewer_turns_one_way_and_slow_turns_are_none(targets: list[float], every_s: float) -> None:
    moves, now = moved(targets, every_s)
    assert not moves.pace(now).rests


def test_a_move_from_or_to_an_unknown_or_the_same_position_is_no_turn() -> None:
    moves = Moves()
    lost = replace(STATE, position=None, target=None)
    moves.see(lost, replace(STATE, command_id="a", source=Source.ML), 1.0, HOUSE)
    moves.see(STATE, replace(lost, command_id="b", source=Source.ML), 2.0, HOUSE)
    moves.see(STATE, replace(STATE, command_id="c", source=Source.ML), 3.0, HOUSE)
    assert moves.pace(3.0).in_hour == 3


def test_since_when_it_is_open_or_shut() -> None:
    moves = Moves()
    assert moves.pace(0.0) == Pace()
    moves.see(None, replace(STATE, position=2.0), 10.0, HOUSE)
    moves.see(None, replace(STATE, position=1.0), 20.0, HOUSE)
    assert (moves.pace(30.0).shut_s, moves.pace(30.0).open_s) == (20.0, None)
    moves.see(None, replace(STATE, position=2.1), 40.0, HOUSE)
    moves.see(None, replace(STATE, position=None), 50.0, HOUSE)
    assert (moves.pace(60.0).shut_s, moves.pace(60.0).open_s) == (None, 20.0)


@given(st.lists(st.tuples(st.floats(1, 5000), st.floats(0, 100)), max_size=60))
def test_the_counts_are_those_of_a_plain_list(steps: list[tuple[float, float]]) -> None:
    moves, now, state, at = Moves(), 0.0, STATE, []
    for number, (pause, target) in enumerate(steps):
        now += pause
        before, state = state, replace(state, command_id=f"c{number}", target=target, source=Source.ML)
        moves.see(before, state, now, HOUSE)
        at.append(now)
    pace = moves.pace(now)
    assert pace.in_hour == sum(one >= now - 3600 for one in at)
    assert pace.in_day == sum(one >= now - 86_400 for one in at)
