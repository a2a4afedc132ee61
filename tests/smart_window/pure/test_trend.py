"""A trend is what a reading did over the last half hour, and nothing where too little is known."""

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.changes import Reading
from custom_components.smart_window.trend import LOOKS_BACK_S, Trend


def trend_of(*readings: tuple[float, float]) -> float | None:
    trend = Trend()
    latest = None
    for at, value in readings:
        latest = Reading(value, at, at)
        trend.notice(latest)
    return trend.per_hour(latest)


def test_it_takes_a_quarter_of_an_hour_to_know_a_trend() -> None:
    assert trend_of((0, 20.0)) is None
    assert trend_of((0, 20.0), (890, 21.0)) is None
    assert trend_of((0, 20.0), (900, 21.0)) == pytest.approx(4.0)


def test_what_was_before_the_half_hour_counts_no_more() -> None:
    assert trend_of((0, 10.0), (1800, 20.0), (3600, 21.0)) == pytest.approx(2.0)


def test_after_a_long_silence_there_is_no_trend() -> None:
    assert trend_of((0, 10.0), (7200, 20.0)) is None


def test_a_kept_reading_says_nothing_of_time() -> None:
    assert trend_of((float("-inf"), 10.0), (1000, 20.0)) is None


@given(st.lists(st.tuples(st.floats(1, 4000), st.floats(-50, 50)), max_size=60))
def test_a_steady_slope_is_found_whatever_the_gaps(steps: list[tuple[float, float]]) -> None:
    """2 K per hour; the values drawn are left out, the gaps count."""
    at, readings = 0.0, [(0.0, 0.0)]
    for gap, _ in steps:
        at += gap
        readings.append((at, at * 2 / 3600))
    found = trend_of(*readings)
    assert found is None or found == pytest.approx(2.0, rel=1e-6)


def test_what_was_heard_before_a_long_silence_tells_nothing() -> None:
    trend = Trend()
    trend.notice(Reading(20.0, 0.0, 0.0))
    latest = Reading(24.0, 2 * LOOKS_BACK_S + 1, 0.0)
    assert trend.per_hour(latest) is None
    trend.notice(latest)
    assert trend.per_hour(Reading(25.0, latest.at + LOOKS_BACK_S, 0.0)) == 2.0
