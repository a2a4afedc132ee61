"""Water in the air, and values that are told only when they tell something."""

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.humid_air import absolute_humidity, dew_point
from custom_components.smart_window.steady import Steady

# WMO-No. 8's saturation pressures give these; psychrometric tables agree to the tenth.
AIR = [
    (20.0, 50.0, 8.6, 9.3),
    (25.0, 60.0, 13.8, 16.7),
    (0.0, 100.0, 4.8, 0.0),
    (-10.0, 80.0, 1.9, -12.7),
    (30.0, 30.0, 9.1, 10.5),
]


@pytest.mark.parametrize(("celsius", "percent", "grams", "dew"), AIR)
def test_known_air_has_its_known_water_and_dew_point(celsius: float, percent: float, grams: float, dew: float) -> None:
    assert absolute_humidity(celsius, percent) == pytest.approx(grams, abs=0.1)
    assert dew_point(celsius, percent) == pytest.approx(dew, abs=0.1)


@given(st.floats(-45, 60), st.floats(0.1, 100))
def test_dew_falls_no_warmer_than_the_air_and_air_at_its_dew_point_is_full(celsius: float, percent: float) -> None:
    dew = dew_point(celsius, percent)
    assert dew is not None
    assert dew <= celsius + 1e-9
    # Saturated air at the dew point has the vapour pressure that this air has.
    at_dew = absolute_humidity(dew, 100) * (273.15 + dew)
    assert at_dew == pytest.approx(absolute_humidity(celsius, percent) * (273.15 + celsius), rel=1e-6)


def test_dry_air_has_no_dew_point() -> None:
    assert dew_point(20, 0) is None


@given(st.floats(0.1, 2), st.lists(st.none() | st.floats(-50, 50), max_size=40))
def test_what_is_told_is_never_further_off_than_a_step_and_a_half_and_changes_only_by_a_step(
    step: float, values: list[float | None]
) -> None:
    steady = Steady(step)
    before: float | None = None
    for value in values:
        told = steady.tell(value)
        assert (told is None) == (value is None)
        if told is not None and value is not None:
            assert abs(told - value) <= 1.5 * step + 1e-6
            assert before in {None, told} or abs(value - before) >= step
        before = told


def test_a_value_that_trembles_is_told_once() -> None:
    steady = Steady(0.2)
    assert [steady.tell(value) for value in (8.61, 8.7, 8.55, 8.61, 8.82, 8.79)] == [8.6, 8.6, 8.6, 8.6, 8.8, 8.8]
