"""What must hold for a window whatever happens to it, in any order."""

from dataclasses import replace

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from simulator.device import Device, LinkLost, LinkLostAction, Result, Setup, State
from simulator.device.inputs import (
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
    Wait,
)
from simulator.device.words import Action, Button, Lock, Operation, Source, Verdict

GUARD = Guard("h", machines=True, min=0, max=100, lock=Lock.NONE, rain_position=0, microphone=True)
MACHINES = (Source.ML, Source.AUTOMATION, Source.FALLBACK)
AIMS = st.sampled_from([0.0, 10.0, 45.0, 55.0, 90.0, 100.0, *Action])


class AnyOrder(RuleBasedStateMachine):
    """Plays anything to a window, and keeps its own small books of what must hold."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.device = Device(Setup(position=50, link_lost=LinkLost(LinkLostAction.CLOSE, 600)))
        self.ids = 0
        self.sessions = 0
        self.connected = False
        self.live_at = -1e9
        self.hand_at = -1e9
        self.guard: Guard | None = None
        self.rain_position = 0.0
        self.last_rev = 1
        # Most orders of events lead to a window that obeys nobody, so it begins as one that obeys machines.
        self.reconnect()
        self.take_guard(machines=True, band=(0, 100), lock=Lock.NONE, limit=0.0, retained=False)

    def play(self, happened: Input) -> tuple[State, State, Result | None]:
        self.device.advance(self.now)
        before = self.device.state()
        result = self.device.handle(happened, self.now).result
        return before, self.device.state(), result

    @rule(seconds=st.sampled_from([0.5, 3.0, 7.0, 30.0, 61.0, 290.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.play(Wait())

    @rule()
    def reconnect(self) -> None:
        self.sessions += 1
        before, after, _ = self.play(Connect(f"s{self.sessions}"))
        self.connected = True
        assert replace(before, session=after.session) == after

    @rule(comes_back=st.sampled_from([True, True, False]))
    def disconnect(self, *, comes_back: bool) -> None:
        before, after, _ = self.play(Disconnect())
        self.connected = False
        assert replace(before, session=None) == after
        if comes_back:
            self.reconnect()

    @precondition(lambda self: self.connected)
    @rule(
        machines=st.sampled_from([True, True, True, False]),
        band=st.sampled_from([(0, 100), (0, 100), (20, 60)]),
        lock=st.sampled_from([Lock.NONE, Lock.NONE, Lock.NONE, *Lock]),
        limit=st.sampled_from([0.0, 30.0]),
        retained=st.booleans(),
    )
    def take_guard(self, *, machines: bool, band: tuple[int, int], lock: Lock, limit: float, retained: bool) -> None:
        self.guard = replace(GUARD, machines=machines, min=band[0], max=band[1], lock=lock, rain_position=limit)
        self.rain_position = limit
        if not retained:
            self.live_at = self.now
        before, after, _ = self.play(GuardArrives(self.guard, retained))
        assert after.rain or (before.target, before.operation) == (after.target, after.operation)

    @precondition(lambda self: self.connected and self.guard is not None)
    @rule()
    def hear_the_same_guard(self) -> None:
        assert self.guard is not None
        self.live_at = self.now
        self.play(GuardArrives(self.guard))

    @precondition(lambda self: self.connected)
    @rule(aim=AIMS, source=st.sampled_from(Source))
    def command_in_time(self, aim: float | Action, source: Source) -> None:
        self.command(aim, source, age=0, session_age=0, retained=False)

    @precondition(lambda self: self.connected)
    @rule(aim=st.sampled_from([0.0, 55.0, 100.0]), source=st.sampled_from(MACHINES))
    def command_of_a_machine(self, aim: float, source: Source) -> None:
        self.command(aim, source, age=0, session_age=0, retained=False)

    @precondition(lambda self: self.connected)
    @rule(
        aim=AIMS,
        source=st.sampled_from(Source),
        age=st.sampled_from([0, 0, 0, 1, -1, 5]),
        session_age=st.sampled_from([0, 0, 0, 1]),
        retained=st.sampled_from([False, False, False, True]),
    )
    def command(self, aim: float | Action, source: Source, age: int, session_age: int, *, retained: bool) -> None:
        self.device.advance(self.now)
        self.ids += 1
        rev = max(0, self.device.state().rev - age)
        control = Control(aim, source, f"c{self.ids}", f"s{self.sessions - session_age}", rev)
        before, after, result = self.play(ControlArrives(control, retained))
        assert result is not None
        if result.verdict is not Verdict.ACCEPTED:
            assert replace(before, rev=after.rev, fault=after.fault) == after
            return
        assert not retained
        assert after.rev > before.rev
        if source is not Source.USER:
            assert (session_age, age) == (0, 0)
            self.check_machine(aim, before)
        elif aim is not Action.CLEAR:
            self.hand_at = self.now
        if source in MACHINES:
            self.check_guarded(aim)

    def check_machine(self, aim: float | Action, before: State) -> None:
        goal = 0.0 if aim is Action.HOME else aim
        assert goal is not Action.CLEAR
        if before.rain:
            assert isinstance(goal, float)
            assert goal <= (before.target or 0.0)
            assert before.position is None or goal <= before.position
        if before.obstacle and isinstance(goal, float):
            assert aim is not Action.HOME
            assert before.position is not None
            assert goal >= before.position
        if self.guard is not None and before.lock is Lock.FULL:
            assert isinstance(goal, float)
            assert goal <= (before.target or 0.0)

    def check_guarded(self, aim: float | Action) -> None:
        assert self.connected
        assert self.now - self.live_at < 300
        assert self.guard is not None
        assert self.guard.machines
        if aim is not Action.STOP:
            goal = aim if isinstance(aim, float) else 0.0
            assert self.guard.min <= goal <= self.guard.max

    @rule(button=st.sampled_from(Button))
    def press(self, button: Button) -> None:
        self.ids += 1
        before, after, _ = self.play(Press(button, f"h{self.ids}"))
        if before.lock is not Lock.NONE and button is not Button.STOP:
            assert before == after
            return
        self.hand_at = self.now
        assert after.hand_id == f"h{self.ids}"
        assert before.operation is Operation.IDLE or after.operation is Operation.IDLE

    @rule(wet=st.booleans())
    def rain(self, *, wet: bool) -> None:
        before, after, _ = self.play(Rain(wet))
        if before.rain != wet:
            self.hand_at = -1e9
            assert after.rev > before.rev

    @rule()
    def stall(self) -> None:
        before, after, _ = self.play(Stall())
        if before.operation is Operation.CLOSING:
            assert after.obstacle
            assert after.operation is Operation.IDLE

    @rule(on=st.booleans())
    def jam(self, *, on: bool) -> None:
        self.play(Jam(on))

    @rule(comes_back=st.sampled_from([True, True, False]))
    def cut_power(self, *, comes_back: bool) -> None:
        before, after, _ = self.play(PowerCut())
        self.connected, self.live_at, self.hand_at, self.guard = False, -1e9, -1e9, None
        self.last_rev = 1
        assert (before.hand_id, before.obstacle, before.rain) == (after.hand_id, after.obstacle, after.rain)
        assert before.operation is Operation.IDLE or after.position is None
        assert after.rain or after.operation is Operation.IDLE
        if comes_back:
            self.reconnect()
            self.take_guard(machines=True, band=(0, 100), lock=Lock.NONE, limit=30.0, retained=True)

    @rule()
    def wait_in_rain(self) -> None:
        """Wet, no hand in force: closed, or a fault that says why not."""
        self.now += 400
        _, after, _ = self.play(Wait())
        if after.rain and self.now - self.hand_at >= 1800 + 400:
            assert after.fault is not None or (after.position is not None and after.position <= self.rain_position)

    @invariant()
    def positions_are_percent(self) -> None:
        state = self.device.state()
        for value in (state.position, state.target):
            assert value is None or 0 <= value <= 100

    @invariant()
    def rev_never_goes_back(self) -> None:
        rev = self.device.state().rev
        assert rev >= self.last_rev
        self.last_rev = rev

    @invariant()
    def only_a_person_closes_on_an_obstacle(self) -> None:
        state = self.device.state()
        assert not state.obstacle or state.operation is not Operation.CLOSING or state.source is Source.USER

    @invariant()
    def in_rain_only_a_hand_opens(self) -> None:
        state = self.device.state()
        if state.rain and state.operation is Operation.OPENING:
            assert state.source is Source.USER
            assert self.now <= self.hand_at + 1800

    @invariant()
    def what_is_due_lies_ahead(self) -> None:
        due = self.device.next_due()
        assert due is None or due >= self.now


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=400, stateful_step_count=50, deadline=None)


def test_time_in_one_step_or_in_many_is_the_same() -> None:
    def played(steps: int) -> State:
        device = Device(Setup(position=None))
        device.handle(Press(Button.OPEN, "h"), 0.0)
        for step in range(1, steps + 1):
            device.advance(33.0 * step / steps)
        return device.state()

    once, often = played(1), played(997)
    assert once.position is not None
    assert often.position is not None
    assert abs(once.position - often.position) < 1e-6
    assert replace(once, position=0) == replace(often, position=0)
