"""The window's side with the real core: the virtual window, its clock, and its encoders and decoders."""

from typing import Final

from custom_components.smart_window.contract import MessageKind
from simulator.device import Device, LinkLost, LinkLostAction, Setup, State
from simulator.device.inputs import (
    Connect,
    ControlArrives,
    Disconnect,
    GuardArrives,
    Input,
    PowerCut,
    Press,
    Rain,
    Stall,
)
from simulator.device.words import Button
from simulator.messages import decode_control, decode_guard, encode_result, encode_state

from ..world import World
from .wire import HALF, Wire

TRAVEL_S: Final = 0.5
"""Exact in binary, and far below any timer."""
BEAT_S: Final = 60.0
_ALONE_S: Final = {"": 0.0, "soon": 100.0, "late": 400.0}


class RealWindow:
    """What the model's steps at the window are in reality. `out` takes what it publishes."""

    def __init__(self, start: World, guard: bytes) -> None:
        model, rules = start.device, start.rules
        lost = LinkLost(LinkLostAction.CLOSE, _ALONE_S[rules.alone]) if rules.alone else LinkLost()
        setup = Setup(
            position=None if model.pos is None else model.pos * HALF,
            travel_s=TRAVEL_S,
            hand_id=f"h{model.hand}" if model.hand else None,
            rain_position=model.rain_position * HALF,
            rain=model.wet,
            link_lost=lost,
        )
        self.device = Device(setup)
        self._now = 0.0
        self._motor = rules.motor
        self._guard: bytes | None = None
        self.connected = True
        self.out: list[Wire] = []
        self._do(Connect("s1"))
        self.take_guard(guard, retained=False)
        self.out.clear()

    def state_wire(self) -> Wire:
        return Wire(MessageKind.STATE, encode_state(self.device.state(), self._now))

    # --- what comes from the broker

    def take_guard(self, payload: bytes, *, retained: bool) -> None:
        guard = decode_guard(payload)
        assert guard is not None, payload
        self._guard = payload
        self._do(GuardArrives(guard, retained))

    def take_control(self, payload: bytes) -> None:
        before = self.device.state()
        output = self.device.handle(ControlArrives(decode_control(payload)), self._now)
        assert output.result is not None
        if self.connected:
            self.out.append(Wire(MessageKind.CONTROL_RESULT, encode_result(output.result, self._now)))
        self._arrive_and_tell(before)

    def connect(self, session: int) -> None:
        self.connected = True
        self._do(Connect(f"s{session}"))

    def disconnect(self) -> None:
        self.connected = False
        self._do(Disconnect())

    # --- what happens at it

    def press(self, button: Button, hand: int) -> None:
        self._do(Press(button, f"h{hand}"))

    def rain(self) -> None:
        self._do(Rain(not self.device.state().rain))

    def stall(self) -> None:
        self._do(Stall())

    def lose_power(self) -> None:
        self.connected = False
        self._guard = None
        self._do(PowerCut())

    # --- what happens by itself

    def sash_moves(self) -> None:
        """Half the way, or from an unknown position the whole of it."""
        unknown = self.device.state().position is None
        self._let_pass(TRAVEL_S if unknown else TRAVEL_S / 2)

    def until_next_try(self) -> None:
        self._until(self.device._rain.next_try_at)

    def until_leave_ends(self) -> None:
        self._until(self.device._rain.leave_until)

    def until_it_closes_alone(self) -> None:
        self._until(self.device._closes_alone_at())

    def until_guard_is_old(self) -> None:
        at = self.device._link.expires_at
        assert at is not None
        self._let_pass(at - self._now)

    # --- inside

    def _until(self, moment: float | None) -> None:
        """Time passes; where the model holds the link for alive, guards go on coming as they do each minute."""
        assert moment is not None
        while self._now < moment:
            if self.device._link.is_up and self._guard is not None:
                guard = decode_guard(self._guard)
                assert guard is not None
                self.device.handle(GuardArrives(guard), self._now)
            self._let_pass(min(BEAT_S, moment - self._now))

    def _do(self, happened: Input) -> None:
        before = self.device.state()
        self.device.handle(happened, self._now)
        self._arrive_and_tell(before)

    def _let_pass(self, seconds: float) -> None:
        before = self.device.state()
        self._now += seconds
        self.device.advance(self._now)
        self._arrive_and_tell(before)

    def _arrive_and_tell(self, before: State) -> None:
        while not self._motor and self.device.is_moving:
            self._now += TRAVEL_S
            self.device.advance(self._now)
        if self.connected and _said(self.device.state()) != _said(before):
            self.out.append(self.state_wire())


def _said(state: State) -> tuple[object, ...]:
    """What the protocol rests on; a real window also tells each change of its position."""
    return state.session, state.rev, state.hand_id, state.command_id, state.rain, state.obstacle, state.fault
