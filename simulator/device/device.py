"""One window: its state, and what each input makes of it. contract/README.md holds the rules."""

from dataclasses import dataclass
from math import inf

from .fence import Fence
from .inputs import (
    Connect,
    Control,
    ControlArrives,
    Disconnect,
    Guard,
    GuardArrives,
    Input,
    Jam,
    PowerCut,
    Press,
    Rain,
    Stall,
    Unfit,
    Wait,
)
from .link import Link
from .motor import Motor
from .policy import View, closes, judge
from .rain import RainWatch
from .setup import LinkLostAction, Setup
from .words import Action, Button, Fault, Lock, Operation, Source, Verdict


@dataclass(frozen=True, slots=True)
class Result:
    """What was made of a control message."""

    command_id: str | None
    verdict: Verdict
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """What an input led to at once: the result of a control message, None for any other input."""

    result: Result | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What the window tells of itself. Positions in percent, None while unknown; session None before a connection."""

    session: str | None
    rev: int
    hand_id: str | None
    position: float | None
    target: float | None
    operation: Operation
    source: Source | None
    rain: bool
    obstacle: bool
    fault: Fault | None
    lock: Lock
    command_id: str | None


class Device:
    """A virtual window. `now` is seconds on one monotonic clock, never decreasing."""

    def __init__(self, setup: Setup, now: float = 0.0) -> None:
        self._setup = setup
        self._now = now
        self._motor = Motor(setup.position, setup.travel_s)
        self._rain = RainWatch(wet=setup.rain)
        self._hand_id = setup.hand_id
        self._obstacle = setup.obstacle
        self._rain_position = setup.rain_position
        self._boot()
        self._keep_rain_out()

    def _boot(self) -> None:
        """Everything that no flash keeps."""
        self._fence = Fence()
        self._link = Link()
        self._rain = RainWatch(wet=self._rain.wet)
        self._fault: Fault | None = None
        self._source: Source | None = None
        self._command_id: str | None = None

    @property
    def microphone(self) -> bool:
        """Whether the last guard lets it listen."""
        return self._link.microphone

    @property
    def is_moving(self) -> bool:
        """Whether the motor is driven."""
        return self._motor.is_driven

    def state(self) -> State:
        """Return the state at the time of the last input."""
        return State(
            session=self._fence.session,
            rev=self._fence.rev,
            hand_id=self._hand_id,
            position=self._motor.position,
            target=self._motor.target,
            operation=self._motor.operation,
            source=self._source,
            rain=self._rain.wet,
            obstacle=self._obstacle,
            fault=self._fault,
            lock=self._link.lock,
            command_id=self._command_id,
        )

    def next_due(self) -> float | None:
        """When something will happen by itself, if nothing else does; None: never."""
        due = min(self._dues())
        return None if due == inf else max(due, self._now)

    def advance(self, now: float) -> None:
        """Do what is due until then."""
        while (due := self.next_due()) is not None and due <= now:
            self._pass_time(due)
            self._do_what_is_due(due)
        self._pass_time(now)

    def handle(self, happened: Input, now: float) -> Output:
        """Do what is due until now, then take the input."""
        self.advance(now)
        result = None
        match happened:
            case ControlArrives():
                result = self._control(happened)
            case GuardArrives(guard, retained):
                self._take_guard(guard, retained=retained)
            case Connect(session):
                self._fence.session = session
                self._link.connect()
            case Disconnect():
                self._fence.session = None
                self._link.disconnect(now)
            case PowerCut():
                self._motor.lose_power()
                self._boot()
            case Press(button, hand_id):
                self._press(button, hand_id)
            case Rain(wet):
                self._rain_sensor(wet=wet)
            case Stall():
                self._stall()
            case Jam(on):
                self._motor.jammed = on
            case Wait():
                pass
        self._keep_rain_out()
        return Output(result)

    # What comes from the broker

    def _control(self, arrived: ControlArrives) -> Result:
        control = arrived.control
        if arrived.retained:
            return Result(control.command_id, Verdict.INVALID, "retained")
        if isinstance(control, Unfit):
            return Result(control.command_id, Verdict.INVALID, control.reason)
        if self._fence.knows(control.command_id):
            return Result(control.command_id, Verdict.DUPLICATE)
        view = self._view()
        judgement = judge(control, view)
        if judgement.verdict is Verdict.ACCEPTED:
            self._fence.accept(control.command_id)
            self._command_id = control.command_id
            self._obey(control, view, is_fresh=judgement.is_fresh)
        return Result(control.command_id, judgement.verdict, judgement.reason)

    def _view(self) -> View:
        return View(
            session=self._fence.session,
            rev=self._fence.rev,
            floor=self._fence.floor,
            guard=self._link.guard,
            link_is_up=self._link.is_up,
            position=self._motor.position,
            target=self._motor.target,
            wet=self._rain.wet,
            obstacle=self._obstacle,
        )

    def _obey(self, control: Control, view: View, *, is_fresh: bool) -> None:
        if control.aim is Action.CLEAR:
            self._end_obstacle_and_fault()
            return
        self._source = control.source
        if control.source is Source.USER and is_fresh:
            self._hand(closing=closes(control, view))
        match control.aim:
            case Action.STOP:
                self._motor.stop()
                if not is_fresh:
                    self._rain.pause(self._now)
            case Action.HOME:
                self._motor.home()
            case position:
                self._motor.move_to(position)

    def _take_guard(self, guard: Guard, *, retained: bool) -> None:
        self._rain_position = guard.rain_position
        if self._link.take(guard, self._now, retained=retained):
            self._fence.grow()

    # What happens at the window

    def _press(self, button: Button, hand_id: str) -> None:
        if self._link.lock is not Lock.NONE and button is not Button.STOP:
            return
        stops = button is Button.STOP or self._motor.is_driven
        self._hand_id = hand_id
        self._source = Source.USER
        self._fence.grow_for_all()
        # From an unknown position `open`, too, closes first.
        self._hand(closing=not stops and (button is Button.CLOSE or self._motor.position is None))
        if stops:
            self._motor.stop()
        else:
            self._motor.move_to(100.0 if button is Button.OPEN else 0.0)

    def _hand(self, *, closing: bool) -> None:
        """A person decided: leave in rain, no closing alone for a lost link, and a hand that closes clears the way."""
        self._rain.give_leave(self._now)
        self._link.settle_loss()
        if closing:
            self._end_obstacle_and_fault()

    def _end_obstacle_and_fault(self) -> None:
        self._obstacle = False
        self._fault = None
        self._rain.forget_tries()

    def _rain_sensor(self, *, wet: bool) -> None:
        if wet == self._rain.wet:
            return
        self._rain.edge(wet=wet)
        self._fence.grow_for_all()
        if not wet and self._fault is Fault.RAIN:
            self._fault = None

    def _stall(self) -> None:
        match self._motor.operation:
            case Operation.IDLE:
                return
            case Operation.CLOSING:
                self._obstacle = True
            case Operation.OPENING:
                self._fault = Fault.STALL
        self._motor.stop()
        self._fence.grow_for_all()

    # What happens by itself

    def _dues(self) -> tuple[float, ...]:
        left, low = self._motor.left_s, self._motor.comes_down_in_s(self._rain_position)
        return (
            inf if left is None else self._now + left,
            inf if low is None or not self._rain.wet else self._now + low,
            _or_never(self._link.expires_at),
            self._closes_alone_at(),
            _or_never(self._rain.leave_until),
            _or_never(self._rain.next_try_at) if self._rain.waits(self._now) else inf,
        )

    def _pass_time(self, until: float) -> None:
        self._motor.advance(until - self._now)
        self._now = max(self._now, until)

    def _do_what_is_due(self, now: float) -> None:
        if _or_never(self._link.expires_at) <= now:
            self._link.expire(now)
            self._fence.grow()
        if _or_never(self._rain.leave_until) <= now:
            self._rain.end_leave()
        if self._closes_alone_at() <= now:
            self._link.settle_loss()
            if not self._obstacle and (self._motor.position != 0 or self._motor.is_driven):
                self._source = Source.FALLBACK
                self._motor.move_to(0.0)
        self._keep_rain_out()

    def _closes_alone_at(self) -> float:
        lost_at, rule = self._link.open_loss_at, self._setup.link_lost
        return inf if lost_at is None or rule.action is LinkLostAction.STAY else lost_at + rule.after_s

    def _keep_rain_out(self) -> None:
        """The rule of rain. It looks at levels alone, so it may run at any time and any number of times."""
        is_wet, limit = self._rain.wet and self._rain.leave_until is None, self._rain_position
        # A hand's leave is not for a machine that came after it.
        is_no_hands = is_wet or (self._rain.wet and self._source is not Source.USER)
        if is_no_hands and self._motor.operation is Operation.OPENING:
            self._source = Source.SAFETY
            self._motor.stop()
        position, target = self._motor.position, self._motor.target
        if position is not None and position <= limit:
            self._rain.forget_tries()
            return
        if not is_wet or self._fault is Fault.RAIN:
            return
        if self._obstacle:
            self._raise_fault()
        elif self._motor.is_driven and target is not None and target <= limit:
            return  # on its way
        elif self._motor.is_driven and self._rain.tries:
            self._motor.move_to(limit)  # a guard lowered the limit during a try
        elif self._rain.waits(self._now):
            return
        elif self._rain.is_exhausted:
            self._raise_fault()
        else:
            self._rain.begin_try(self._now)
            self._source = Source.SAFETY
            self._motor.move_to(limit)

    def _raise_fault(self) -> None:
        self._fault = Fault.RAIN
        self._fence.grow_for_all()


def _or_never(time: float | None) -> float:
    return inf if time is None else time
