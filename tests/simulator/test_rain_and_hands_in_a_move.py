"""Between two moments of the vectors: rain that begins as a sash opens, and a press while its position is unknown."""

from simulator.device import Device, Setup
from simulator.device.inputs import Connect, Control, ControlArrives, Guard, GuardArrives, PowerCut, Press, Rain, Stall
from simulator.device.words import Button, Lock, Source


def opening(rain_position: float) -> Device:
    device = Device(Setup(position=0.0, travel_s=20.0))
    device.handle(Connect("s1"), 0)
    device.handle(GuardArrives(Guard("h", True, 0, 100, Lock.NONE, rain_position, True)), 1)
    device.handle(ControlArrives(Control(100.0, Source.ML, "c1", "s1", 2)), 2)
    return device


def test_a_sash_that_opens_in_rain_turns_where_it_leaves_the_closed_end() -> None:
    device = opening(rain_position=0.0)
    device.handle(Rain(True), 2)
    device.advance(3)
    assert device.state().target == 0
    device.advance(4)
    assert device.state().position == 0
    assert not device.is_moving


def test_a_sash_that_opens_in_rain_turns_at_rain_position() -> None:
    device = opening(rain_position=30.0)
    device.handle(Rain(True), 4)
    device.advance(7)
    assert device.state().target == 100
    device.advance(9)
    assert (device.state().target, device.state().position) == (30, 30)


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
