"""Between two moments of the vectors: rain that begins as a sash opens, and a press while its position is unknown."""

from simulator.device import Device, Setup
from simulator.device.inputs import (
    Connect,
    Control,
    ControlArrives,
    Guard,
    GuardArrives,
    PowerCut,
    Press,
    Rain,
    Stall,
)
from simulator.device.words import Button, Lock, Operation, Source


def opening(rain_position: float) -> Device:
    device = Device(Setup(position=0.0, travel_s=20.0))
    device.handle(Connect("s1"), 0)
    device.handle(GuardArrives(Guard("h", True, 0, 100, Lock.NONE, rain_position, True)), 1)
    device.handle(ControlArrives(Control(100.0, Source.ML, "c1", "s1", 2)), 2)
    return device


def test_a_sash_that_begins_to_open_as_rain_begins_does_not_leave_the_closed_end() -> None:
    device = opening(rain_position=0.0)
    device.handle(Rain(True), 2)
    assert (device.state().target, device.state().position) == (0, 0)
    assert not device.is_moving


def test_a_window_homed_in_rain_stays_at_the_closed_end() -> None:
    for start in range(1, 200):
        device = Device(Setup(position=None, travel_s=7.3, rain_position=30.0))
        device.handle(Rain(True), start / 7)  # times whose sums are not exact
        device.advance(start / 7 + 8)
        assert (device.state().target, device.state().position) == (0, 0)
        assert device.state().operation is Operation.IDLE


def test_open_pressed_while_the_position_is_unknown_closes_first_and_so_clears_the_way() -> None:
    device = opening(rain_position=0.0)
    device.advance(30)
    device.handle(Press(Button.CLOSE, "h1"), 30)
    device.handle(Stall(), 35)
    device.handle(Press(Button.OPEN, "h2"), 36)
    device.handle(PowerCut(), 37)
    assert device.state().position is None
    assert device.state().obstacle
    device.handle(Press(Button.OPEN, "h3"), 38)
    assert not device.state().obstacle
