"""What makes a window silent, stuck or faulty, and what does not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.contract import Operation
from custom_components.smart_window.health import (
    DRIFTS,
    FROZEN_READINGS,
    FROZEN_S,
    JUMP_STANDS_S,
    LONGEST_MOVE_S,
    SHORTEST_SILENCE_S,
    HealthReason,
    HealthState,
    Vitals,
)

from .house import WALL
from .scenes import STATE

MOVING = replace(STATE, position=40.0, target=80.0, operation=Operation.OPENING)
SHORT = replace(MOVING, position=60.0, operation=Operation.IDLE)


def alive(vitals: Vitals, until: float, step: float = 60.0, since: float = 0.0) -> None:
    """Messages of a living window."""
    at = since
    while at <= until:
        vitals.heard(at, WALL + at)
        at += step


def reasons(vitals: Vitals, now: float, *, available: bool | None = True) -> set[HealthReason]:
    return set(vitals.look(now, available=available).reasons)


def test_a_living_window_is_online_and_one_never_heard_is_not_blamed() -> None:
    vitals = Vitals()
    assert vitals.look(1e6, available=None).state is HealthState.ONLINE
    alive(vitals, 600)
    assert vitals.look(660, available=True).state is HealthState.ONLINE


def test_silence_is_longer_than_several_of_its_own_intervals() -> None:
    vitals = Vitals()
    alive(vitals, 600)
    assert reasons(vitals, 600 + 5 * 60) == set()
    assert vitals.look(600 + 5 * 60 + 1, available=True).state is HealthState.SILENT
    slow = Vitals()
    alive(slow, 3600, step=600)
    assert reasons(slow, 3600 + 3000) == set()
    assert reasons(slow, 3600 + 3001) == {HealthReason.NO_MESSAGE}
    assert vitals.look(600, available=False).reasons == (HealthReason.OFFLINE,)


@pytest.mark.parametrize("kind", ["temperature", "humidity", "sound"])
def test_a_value_that_never_changes_for_hours_is_frozen_and_one_change_ends_it(kind: str) -> None:
    vitals = Vitals()
    step = FROZEN_S / FROZEN_READINGS
    for number in range(FROZEN_READINGS + 1):
        vitals.heard(number * step, WALL)
        vitals.reading(kind, 21.5, number * step)
        assert vitals.look(number * step, available=True).state is (
            HealthState.STUCK if number == FROZEN_READINGS else HealthState.ONLINE
        )
    vitals.reading(kind, 21.6, FROZEN_S + 1)
    assert reasons(vitals, FROZEN_S + 1) == set()


def test_a_few_equal_readings_over_hours_are_not_frozen() -> None:
    vitals = Vitals()
    for number in range(FROZEN_READINGS - 1):
        vitals.reading("temperature", 21.0, number * 900)
    assert reasons(vitals, FROZEN_READINGS * 900) == set()


@pytest.mark.parametrize(
    ("kind", "start", "value", "after", "jumps"),
    [
        ("temperature", 21.0, 85.0, 30, True),
        ("temperature", 21.0, 30.9, 30, False),
        ("temperature", 21.0, 5.0, 600, False),
        ("humidity", 40.0, 95.0, 10, True),
        ("humidity", 40.0, 79.0, 10, False),
    ],
)
def test_a_jump_that_no_room_makes_is_a_fault_for_a_while(
    kind: str, start: float, value: float, after: float, *, jumps: bool
) -> None:
    vitals = Vitals()
    vitals.reading(kind, start, 0)
    vitals.reading(kind, value, after)
    assert (vitals.look(after, available=True).state is HealthState.FAULTY) == jumps
    assert reasons(vitals, after + JUMP_STANDS_S) == set()


def test_a_sensor_that_stops_while_its_window_lives_is_missed() -> None:
    vitals = Vitals()
    for number in range(20):
        vitals.reading("temperature", 20 + number / 10, number * 60)
        vitals.reading("humidity", 40 + number / 10, number * 60)
    alive(vitals, 4000)
    for number in range(20, 60):
        vitals.reading("humidity", 40 + number / 10, number * 60)
    assert vitals.look(4000, available=True).reasons == (HealthReason.NO_TEMPERATURE,)
    # While nothing at all comes, the silence says it all.
    assert reasons(vitals, 9000) == {HealthReason.NO_MESSAGE}


def move(vitals: Vitals, at: float, end: object) -> None:
    assert isinstance(end, type(STATE))
    vitals.state(MOVING, at)
    vitals.state(end, at + 10)


def test_a_motor_that_stands_short_of_its_target_twice_is_a_fault_and_once_is_not() -> None:
    vitals = Vitals()
    move(vitals, 0, SHORT)
    assert reasons(vitals, 20) == set()
    move(vitals, 100, SHORT)
    assert vitals.look(120, available=True).state is HealthState.FAULTY
    move(vitals, 200, replace(SHORT, position=80.0))
    assert reasons(vitals, 220) == set()


@pytest.mark.parametrize(
    "end",
    [
        replace(SHORT, obstacle=True),
        replace(SHORT, rain=True, target=0.0),
        replace(SHORT, target=60.0),  # somebody stopped it
        replace(SHORT, position=None),
    ],
)
def test_what_else_stops_a_window_is_no_fault_of_its_motor(end: object) -> None:
    vitals = Vitals()
    for at in (0, 100, 200):
        move(vitals, at, end)
    assert HealthReason.MOTOR not in reasons(vitals, 220)


def test_a_move_without_end_and_a_fault_by_its_own_word_are_faults() -> None:
    vitals = Vitals()
    vitals.state(MOVING, 0)
    vitals.state(MOVING, LONGEST_MOVE_S)
    assert reasons(vitals, LONGEST_MOVE_S) == set()
    assert reasons(vitals, LONGEST_MOVE_S + 1) == {HealthReason.MOTOR}
    vitals.state(replace(STATE, fault="stall"), 300)
    assert reasons(vitals, 300) == {HealthReason.FAULT}


def test_a_clock_that_is_off_and_a_weak_signal_are_noted_and_the_window_is_online() -> None:
    vitals = Vitals()
    for number in range(DRIFTS):
        assert HealthReason.CLOCK_DRIFT not in reasons(vitals, number)
        vitals.heard(number, WALL + number, WALL + number - 3600)
    vitals.state(replace(STATE, rssi=-90.0), DRIFTS)
    health = vitals.look(DRIFTS, available=True)
    assert (health.state, health.rssi_dbm, health.clock_drift_s) == (HealthState.ONLINE, -90, -3600)
    assert set(health.reasons) == {HealthReason.CLOCK_DRIFT, HealthReason.WEAK_SIGNAL}


def test_nobody_is_blamed_for_the_time_without_a_broker() -> None:
    vitals = Vitals()
    alive(vitals, 600)
    for number in range(20):
        vitals.reading("temperature", 20 + number / 10, number * 60)
    vitals.forget()
    assert reasons(vitals, 1e6) == set()
    alive(vitals, 1e6 + 60, since=1e6)
    vitals.reading("temperature", 21.0, 1e6)
    assert reasons(vitals, 1e6 + 60) == set()


steps = st.sampled_from(
    (
        lambda vitals, at: vitals.heard(at, WALL + at, WALL),
        lambda vitals, at: vitals.reading("temperature", at % 90, at),
        lambda vitals, at: vitals.reading("humidity", 50.0, at),
        lambda vitals, at: vitals.state(MOVING, at),
        lambda vitals, at: vitals.state(SHORT, at),
        lambda vitals, _: vitals.forget(),
    )
)


@given(st.lists(st.tuples(steps, st.floats(0, SHORTEST_SILENCE_S * 20)), max_size=40))
def test_in_any_order_the_state_is_the_worst_of_its_reasons(
    played: list[tuple[Callable[[Vitals, float], None], float]],
) -> None:
    vitals, now = Vitals(), 0.0
    for step, passed in played:
        now += passed
        step(vitals, now)
        health = vitals.look(now, available=True)
        silent = HealthReason.NO_MESSAGE in health.reasons
        assert (health.state is HealthState.SILENT) == silent
        if not health.reasons:
            assert health.state is HealthState.ONLINE
