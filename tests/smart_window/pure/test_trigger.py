"""When a change is worth a question: the ends of a trigger, and the moments at which time alone brings one."""

import pytest

from custom_components.smart_window.settings import HubSettings
from custom_components.smart_window.trigger import (
    GUARD_TIME_S,
    LONGEST_PAUSE_S,
    SHORTEST_BACK_OFF_S,
    Cause,
    Trigger,
    Values,
    significant,
)

HOUSE = HubSettings(min_interval_s=30.0, heartbeat_s=3600.0, temperature_change=0.5)
FENCE, NEXT = ("s1", 1), ("s1", 2)
COOL, WARM = Values(temperature=20.0), Values(temperature=21.0)


def asked(at: float = 0.0) -> Trigger:
    """A change was noticed, and the question left."""
    trigger = Trigger()
    trigger.notice(COOL, HOUSE)
    assert trigger.due(FENCE, at, HOUSE) is Cause.TEMPERATURE
    trigger.asked(Cause.TEMPERATURE, at, HOUSE)
    return trigger


@pytest.mark.parametrize(("change", "worth"), [(0.5, True), (-0.5, True), (0.49, False), (-0.49, False)])
def test_a_change_of_the_threshold_is_worth_a_question(change: float, worth: bool) -> None:
    found = significant(Values(temperature=20.0 + change), COOL, HOUSE)
    assert found is (Cause.TEMPERATURE if worth else None)


def test_an_answer_ends_the_trigger_until_the_heartbeat() -> None:
    trigger = asked()
    trigger.answered(COOL, COOL, HOUSE)
    assert trigger.due(FENCE, 3599.9, HOUSE) is None
    assert trigger.wake_at(FENCE, HOUSE) == 3600.0
    assert trigger.due(FENCE, 3600.0, HOUSE) is Cause.HEARTBEAT


def test_what_changed_since_the_question_is_asked_about_after_the_pause() -> None:
    trigger = asked()
    trigger.answered(COOL, WARM, HOUSE)
    assert trigger.wake_at(FENCE, HOUSE) == 30.0
    assert trigger.due(FENCE, 29.9, HOUSE) is None
    assert trigger.due(FENCE, 30.0, HOUSE) is Cause.TEMPERATURE


def test_a_service_that_could_not_answer_ends_the_trigger_unless_something_changed() -> None:
    trigger = asked()
    trigger.failed(COOL, COOL, 1.0, HOUSE)
    assert trigger.due(FENCE, 100.0, HOUSE) is None
    trigger.notice(WARM, HOUSE)
    assert trigger.due(FENCE, 100.0, HOUSE) is Cause.TEMPERATURE
    again = asked()
    again.failed(COOL, WARM, 1.0, HOUSE)
    assert again.due(FENCE, 31.0, HOUSE) is Cause.TEMPERATURE


def test_a_question_that_was_lost_is_asked_again_after_pauses_that_grow_to_a_limit() -> None:
    trigger, now, pauses = asked(), 0.0, []
    for _ in range(12):
        trigger.lost(now, HOUSE)
        wake = trigger.wake_at(FENCE, HOUSE)
        assert wake is not None
        assert trigger.due(FENCE, wake - 0.1, HOUSE) is None
        assert trigger.due(FENCE, wake, HOUSE) is Cause.TEMPERATURE
        pauses.append(wake - now)
        now = wake
    assert pauses[:5] == [30.0, 60.0, 120.0, 240.0, 480.0]
    assert set(pauses[5:]) == {LONGEST_PAUSE_S}


def test_a_service_that_returns_ends_the_long_pause_alone() -> None:
    trigger = asked()
    for at in (10.0, 20.0, 25.0):
        trigger.lost(at, HOUSE)
    trigger.service_returned()
    assert trigger.wake_at(FENCE, HOUSE) == 30.0
    calm = asked()
    calm.service_returned()
    assert calm.wake_at(FENCE, HOUSE) == 30.0


def test_the_longest_pause_is_ten_minutes_and_the_shortest_back_off_five_seconds() -> None:
    assert (LONGEST_PAUSE_S, SHORTEST_BACK_OFF_S, GUARD_TIME_S) == (600.0, 5.0, 2.0)


def test_a_stale_answer_is_asked_again_at_once_with_another_state_and_three_times_at_most() -> None:
    trigger = asked()
    for turn in range(4):
        trigger.stale(FENCE)
        assert trigger.due(FENCE, 1.0, HOUSE) is None
        assert (trigger.due(NEXT, 1.0, HOUSE) is Cause.TEMPERATURE) is (turn < 3)
        trigger.asked(Cause.TEMPERATURE, 0.0, HOUSE)
    trigger.stale(FENCE)
    assert trigger.due(FENCE, 30.0, HOUSE) is Cause.TEMPERATURE


def test_what_the_guard_refused_waits_for_another_state_or_the_heartbeat() -> None:
    trigger = asked()
    trigger.refused(FENCE, 5.0, HOUSE)
    assert trigger.wake_at(FENCE, HOUSE) == 3605.0
    assert trigger.due(FENCE, 3604.9, HOUSE) is None
    assert trigger.due(FENCE, 3605.0, HOUSE) is Cause.TEMPERATURE
    assert trigger.due(NEXT, 30.0, HOUSE) is Cause.TEMPERATURE
    assert trigger.wake_at(NEXT, HOUSE) == 30.0


def test_after_a_new_guard_a_question_waits_for_the_state_that_follows() -> None:
    trigger = Trigger()
    trigger.notice(COOL, HOUSE)
    trigger.await_state(FENCE, 10.0)
    assert trigger.due(FENCE, 10.0 + GUARD_TIME_S - 0.1, HOUSE) is None
    assert trigger.due(NEXT, 10.0, HOUSE) is Cause.TEMPERATURE
    assert trigger.due(FENCE, 10.0 + GUARD_TIME_S, HOUSE) is Cause.TEMPERATURE


def test_after_a_disconnection_comfort_waits_for_a_new_reading() -> None:
    trigger = asked()
    trigger.forget()
    assert trigger.due(FENCE, 10_000.0, HOUSE) is None
    assert trigger.wake_at(FENCE, HOUSE) is None


def test_after_a_rules_change_the_same_reading_is_worth_a_question_again() -> None:
    trigger = asked()
    trigger.answered(COOL, COOL, HOUSE)
    trigger.notice(COOL, HOUSE)
    assert trigger.due(FENCE, 100.0, HOUSE) is None
    trigger.forget_answers()
    trigger.notice(COOL, HOUSE)
    assert trigger.due(FENCE, 100.0, HOUSE) is Cause.TEMPERATURE


def test_a_disconnection_and_a_rules_change_end_the_wait_for_another_state() -> None:
    for ends in (Trigger.forget, Trigger.forget_answers):
        trigger = Trigger()
        trigger.await_state(FENCE, 10.0)
        ends(trigger)
        trigger.notice(COOL, HOUSE)
        assert trigger.due(FENCE, 10.0, HOUSE) is Cause.TEMPERATURE


def test_what_the_guard_refused_begins_the_count_of_stale_answers_anew() -> None:
    trigger = asked()
    for _ in range(3):
        trigger.stale(FENCE)
    trigger.refused(FENCE, 5.0, HOUSE)
    trigger.asked(Cause.TEMPERATURE, 0.0, HOUSE)
    for _ in range(3):
        trigger.stale(FENCE)
        assert trigger.due(NEXT, 1.0, HOUSE) is Cause.TEMPERATURE
