"""A window in any order of events: what holds after each of them, and that a standing change is answered in the end."""

from dataclasses import replace

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from custom_components.smart_window.contract import (
    Announce,
    AnswerError,
    Availability,
    Guard,
    Lock,
    OtherContract,
    Request,
    Result,
    Temperature,
)
from custom_components.smart_window.settings import HubSettings, Mode
from custom_components.smart_window.trigger import LONGEST_PAUSE_S, STALE_AT_ONCE

from .house import STATE, House, answer, result

SETTINGS = HubSettings(hold_minutes=5)


class WindowMachine(RuleBasedStateMachine):
    """The world around a window: its owner, the weather, the broker, the service, time."""

    @initialize(mode=st.sampled_from(Mode))
    def begin(self, mode: Mode) -> None:
        self.house = House(SETTINGS, mode, on_ask=self.left)
        self.presses = 0
        self.hold_until = float("-inf")
        self.asked_at = float("-inf")
        self.stale = 0
        self.news = False
        self.house.report()

    def left(self, request: Request) -> None:
        """A question leaves: what must hold for each."""
        window = self.house.window
        spaced = self.house.now - self.asked_at >= SETTINGS.min_interval_s
        assert spaced or 0 < self.stale <= STALE_AT_ONCE
        assert self.news, "nothing was read since MQTT was connected"
        assert (request.session, request.rev) == window.fence
        if request.grant.act:
            assert window.mode is Mode.AUTOMATIC
            assert self.house.now >= self.hold_until
            assert window.foreign_hub is None
            assert window.state is not None
            assert (window.state.rain, window.state.obstacle, window.state.fault) == (False, False, None)
        self.asked_at = self.house.now

    @rule(celsius=st.floats(10, 30))
    def reading(self, celsius: float) -> None:
        self.news = self.news or self.house.window.contract_mismatch is None
        self.house.temperature(celsius)

    @rule(celsius=st.floats(10, 30))
    def kept_reading(self, celsius: float) -> None:
        self.house.hear(Temperature(celsius), retained=True)

    @rule(seconds=st.sampled_from([0.5, 2, 10, 30, 100, 2000]), alive=st.booleans())
    def time_passes(self, seconds: float, alive: bool) -> None:
        self.house.wait(seconds, alive=alive)

    @rule(what=st.sampled_from(Result))
    def result_comes(self, what: Result) -> None:
        if self.house.asked:
            ended = self.house.window.apply(result(self.house.asked[-1], what), self.house.now, self.house.wall).ended
            if ended is not None:
                self.stale = self.stale + 1 if what is Result.STALE else 0
            self.house.turn()

    @rule(acted=st.booleans(), error=st.none() | st.sampled_from(AnswerError), back=st.integers(1, 3))
    def answer_comes(self, acted: bool, error: AnswerError | None, back: int) -> None:
        for request in self.house.asked[-back:][:1]:
            before = self.house.window.prediction
            out = self.house.window.question
            known = out is not None and out.correlation_id == request.correlation_id
            late = request is self.house.asked[-1] and not self.house.is_asking()
            reply = answer(request, acted=acted and error is None, error=error)
            if known and reply.error is None and not acted:
                self.stale = 0
            self.house.hear(reply)
            assert known or late or self.house.window.prediction is before

    @rule(rain=st.booleans(), obstacle=st.booleans(), fault=st.none() | st.just("stall"))
    def hazard(self, rain: bool, obstacle: bool, fault: str | None) -> None:
        self.house.report(replace(self.house.next, rain=rain, obstacle=obstacle, fault=fault))

    @rule()
    @precondition(lambda self: self.house.window.contract_mismatch is None)
    def press(self) -> None:
        self.presses += 1
        self.hold_until = self.house.now + 300
        self.house.report(replace(self.house.next, hand_id=f"h{self.presses}"))

    @rule(back=st.integers(1, 10))
    def outbox_repeats(self, back: int) -> None:
        if self.presses > back and self.house.window.hands.handled is not None:
            hand_id = f"h{self.presses - back}"
            if hand_id in self.house.window.hands.handled:
                self.house.hear(replace(self.house.device, hand_id=hand_id))
                self.house.report()

    @rule()
    def person(self) -> None:
        self.house.window.take_hand(self.house.now, self.house.wall)
        self.hold_until = self.house.now + 300
        self.house.turn()

    @rule()
    def release(self) -> None:
        self.house.window.release()
        self.hold_until = float("-inf")
        self.house.turn()

    @rule(mode=st.sampled_from(Mode))
    def owner(self, mode: Mode) -> None:
        self.house.window.set_mode(mode)
        self.house.turn()

    @rule()
    def reconnect(self) -> None:
        self.house.report(replace(self.house.next, session=f"s{self.house.now}"))

    @rule()
    def reboot(self) -> None:
        self.house.report(replace(STATE, session=f"b{self.house.now}", hand_id=self.house.device.hand_id))

    @rule()
    def broker_away(self) -> None:
        self.house.window.disconnected()
        self.news = False
        self.house.turn()
        self.house.report(retained=True)

    @rule(online=st.booleans())
    def availability(self, online: bool) -> None:
        self.house.hear(Availability(online=online))

    @rule(hub=st.sampled_from(["home", "other"]))
    def guard_of(self, hub: str) -> None:
        self.house.hear(Guard(hub, True, 0, 100, Lock.NONE, 0, True))

    @rule(ours=st.booleans())
    def announce(self, ours: bool) -> None:
        self.house.hear(Announce("Bedroom") if ours else OtherContract(2))

    @rule()
    def service_returns(self) -> None:
        self.house.window.service_returned()

    @rule()
    @precondition(lambda self: self.presses < 40)
    def a_standing_change_is_answered_in_the_end(self) -> None:
        house = self.house
        house.hear(Announce("Bedroom"))
        house.hear(Availability(online=True))
        house.hear(Guard("home", True, 0, 100, Lock.NONE, 0, True))
        house.window.set_mode(Mode.AUTOMATIC)
        house.window.release()
        self.hold_until = float("-inf")
        house.report(replace(house.next, rain=False, obstacle=False, fault=None))
        self.news = True
        house.temperature(house.window.temperature.value + 5 if house.window.temperature else 20.0)
        for _ in range(int(LONGEST_PAUSE_S) + 60):
            if house.is_asking() and house.asked[-1].grant.act:
                break
            house.wait(1)
        assert house.is_asking()
        self.stale = 0
        house.hear(answer(house.asked[-1], acted=True))
        house.hear(result(house.asked[-1], Result.ACCEPTED))
        assert not house.is_asking()

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "house"):
            return
        window = self.house.window
        hold = window.hands.hold
        assert (hold is not None and self.house.now < hold.ends_at) == (self.house.now < self.hold_until)
        assert (at := window.wake_at(self.house.now)) is None or at > self.house.now
        decision = self.house.decision()
        if decision.guard is not None and decision.guard.machines:
            assert window.mode is Mode.AUTOMATIC
            assert self.house.now >= self.hold_until
        assert window.reason(decision) in type(decision.why)


WindowMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
test_a_window_in_any_order = WindowMachine.TestCase
