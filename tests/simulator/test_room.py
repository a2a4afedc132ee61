"""The air of a room behaves as air does."""

import pytest
from hypothesis import given, strategies as st

from simulator.microclimate import Microclimate
from simulator.profile import Outdoor, WindowProfile
from simulator.room import Air, Room, RoomShape, airflow, relative_humidity, saturation_pressure, vapour_density

COLD = Air(5.0, 80.0)


def after(seconds: float, opening: float, steps: int = 1) -> Air:
    room = Room(Air(24.0, 55.0))
    for _ in range(steps):
        room.advance(seconds / steps, opening, COLD, wind=2.0)
    return room.air


def test_an_open_window_cools_and_dries_faster_than_a_closed_one() -> None:
    closed, half, wide = (after(1200, opening) for opening in (0, 50, 100))
    assert wide.temperature < half.temperature < closed.temperature
    assert wide.humidity < closed.humidity


def test_a_wide_open_window_changes_the_air_within_minutes() -> None:
    """Some ten changes an hour for a wide open window, below one for a closed one: what handbooks say of homes."""
    shape = RoomShape()
    wide = airflow(shape, 100, 15, 2.0) * 3600 / shape.volume
    closed = airflow(shape, 0, 15, 2.0) * 3600 / shape.volume
    assert 5 < wide < 20
    assert closed < 1


def test_saturation_pressure_agrees_with_the_steam_tables() -> None:
    assert saturation_pressure(0) == pytest.approx(611.2, rel=0.004)
    assert saturation_pressure(20) == pytest.approx(2339, rel=0.004)
    assert saturation_pressure(40) == pytest.approx(7384, rel=0.004)


def test_humidity_to_density_and_back() -> None:
    assert vapour_density(Air(20, 100)) == pytest.approx(17.3, abs=0.1)
    assert relative_humidity(vapour_density(Air(20, 43)), 20) == pytest.approx(43)


@given(
    st.floats(-30, 45),
    st.floats(0, 100),
    st.floats(-30, 45),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0.001, 1e9),
)
def test_any_step_is_stable(
    inside: float, damp: float, outside: float, wet: float, opening: float, seconds: float
) -> None:
    room = Room(Air(inside, damp))
    room.advance(seconds, opening, Air(outside, wet), wind=3.0)
    assert min(inside, outside) - 1e-6 <= room.air.temperature <= max(inside, outside + 14)
    assert 0 <= room.air.humidity <= 100


def test_bench_values_hold_until_they_are_let_go() -> None:
    climate = Microclimate(WindowProfile("a", "A", outdoor=Outdoor(0.0)), now=0.0)
    climate.fixed_temperature = 31.0
    climate.advance(600, 100)
    assert climate.air.temperature == 31.0
    assert climate.air.humidity != 50.0
    climate.fixed_temperature = None
    assert climate.air.temperature < 24.0


def test_a_steady_room_stays() -> None:
    climate = Microclimate(WindowProfile("a", "A", steady=True), now=0.0)
    climate.advance(6000, 100)
    assert climate.air == Air(24.0, 50.0)
