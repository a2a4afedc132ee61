"""Our own commands: how they are repeated, and what the window's answers and states end."""

from dataclasses import replace

import pytest

from custom_components.smart_window.contract import ControlResult, Result, Source
from custom_components.smart_window.decision import OrderView, Wanted, Why
from custom_components.smart_window.orders import Orders

from .scenes import STATE

CLOSE = Wanted(0.0, Source.SAFETY, Why.WIND, "hazard")
AIR = Wanted(50.0, Source.FALLBACK, Why.FALLBACK, "fallback")
FENCE = ("s1", 1)


def test_a_hazards_command_is_repeated_after_1_2_4_and_at_most_60_s() -> None:
    orders, now, waits = Orders(), 0.0, []
    for number in range(9):
        orders.sent(f"c{number}", FENCE, CLOSE, now)
        waits.append(orders.view(now).safety_wait_s)
        now += waits[-1]
        assert orders.view(now).safety_wait_s == 0.0
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert orders.view(now).comfort_wait_s == 0.0


def test_a_command_for_comfort_is_repeated_seldom() -> None:
    orders, waits = Orders(), []
    for number in range(7):
        orders.sent(f"c{number}", FENCE, AIR, 0.0)
        waits.append(orders.view(0.0).comfort_wait_s)
    assert waits == [20, 40, 80, 160, 320, 600, 600]
    assert orders.view(0.0).safety_wait_s == 0.0


def test_what_was_stale_is_sent_again_with_the_next_state() -> None:
    orders = Orders()
    orders.sent("c", FENCE, CLOSE, 0.0)
    orders.result(ControlResult("c", Result.STALE))
    orders.state(STATE, safe=False)
    assert orders.view(0.0).safety_wait_s == 1.0
    orders.state(replace(STATE, rev=2), safe=False)
    assert orders.view(0.0) == OrderView()


@pytest.mark.parametrize("result", [Result.GUARD, Result.LOCKED, Result.RAIN, Result.FAULT, Result.INVALID])
def test_a_hazards_command_that_is_refused_is_told_until_the_window_is_safe(result: Result) -> None:
    orders = Orders()
    orders.sent("c", FENCE, CLOSE, 0.0)
    orders.result(ControlResult("other", result))
    assert orders.view(0.0).refused is None
    orders.result(ControlResult("c", result))
    orders.state(STATE, safe=False)
    assert orders.view(0.0).refused is result
    orders.state(STATE, safe=True)
    assert orders.view(0.0) == OrderView()


def test_a_hazards_command_that_is_taken_at_last_is_refused_no_more() -> None:
    orders = Orders()
    orders.sent("c1", FENCE, CLOSE, 0.0)
    orders.result(ControlResult("c1", Result.GUARD))
    orders.sent("c2", FENCE, CLOSE, 1.0)
    orders.result(ControlResult("c2", Result.DUPLICATE))
    assert orders.view(1.0).refused is None
    assert orders.last is None


def test_a_command_for_comfort_that_is_refused_raises_no_alarm() -> None:
    orders = Orders()
    orders.sent("c", FENCE, AIR, 0.0)
    orders.result(ControlResult("c", Result.GUARD))
    assert orders.view(0.0).refused is None
    assert orders.last is None


@pytest.mark.parametrize("by_state", [True, False])
def test_a_command_for_comfort_that_was_taken_is_remembered(by_state: bool) -> None:
    orders = Orders()
    orders.result(ControlResult("c", Result.ACCEPTED))
    orders.sent("c", FENCE, AIR, 0.0)
    if by_state:
        orders.state(replace(STATE, command_id="c"), safe=True)
    else:
        orders.result(ControlResult("c", Result.ACCEPTED))
    assert orders.last == AIR
    assert orders.view(0.0).comfort_wait_s == 0.0
    orders.forget()
    assert orders.last is None


@pytest.mark.parametrize(("tries", "after", "silent"), [(3, 90.0, True), (3, 89.9, False), (2, 500.0, False)])
def test_a_window_that_was_commanded_for_long_and_often_is_silent(tries: int, after: float, silent: bool) -> None:
    orders = Orders()
    for number in range(tries):
        orders.sent(f"c{number}", FENCE, CLOSE, float(number))
    assert orders.view(after).silent is silent
    assert 90.0 in orders.moments()
    orders.state(STATE, safe=True)
    assert orders.view(after).silent is False
