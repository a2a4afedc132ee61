"""The pure core together with the virtual window, in any order of events: what holds for ever.

The usual run takes some 5,000 steps; HYPOTHESIS_PROFILE=nightly takes 200,000.
"""

import os
from dataclasses import replace
from itertools import pairwise

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from custom_components.smart_window.contract import (
    Announce,
    Control,
    MessageKind,
    Reason,
    Response,
    Source,
    Temperature,
    encode,
)
from custom_components.smart_window.decision import Blocked
from custom_components.smart_window.inputs import ClimateRuns, Surroundings
from custom_components.smart_window.settings import HazardKind, HubSettings, Mode, WindowSettings
from simulator.device.inputs import Jam, Rain, Stall
from simulator.device.words import Button

from .twin import MACHINES, Letter, Twin

HOUSE = HubSettings(hold_minutes=10.0, shortest_pause_s=60.0, moves_per_hour=6.0, moves_per_day=20.0, calm_s=120.0)
OWN = WindowSettings(rain_position=10.0)
LEAVE_S = 1800.0
"""A hand in rain stands for so long at the window itself."""
LONG_S = 400.0
"""Longer than three tries to close, than settling, than the longest repeat."""


class CoreAndWindow(RuleBasedStateMachine):
    """The world around both: the owner, the weather, the broker, the service, time."""

    @initialize(mode=st.sampled_from([Mode.AUTOMATIC, Mode.AUTOMATIC, Mode.PROTECT, Mode.ADVISE, Mode.OFF]))
    def begin(self, mode: Mode) -> None:
        self.twin = Twin(HOUSE, OWN, mode)
        self.checked = self.answers_checked = self.askings_checked = 0
        self.askings: dict[str, tuple[object, ...]] = {}
        self.hand_at = float("-inf")
        self.presses: set[str] = set()
        self.holds_from: set[tuple[str, int]] = set()
        self.life = 1
        self.jammed = False

        if mode is Mode.AUTOMATIC:
            self.twin.wait(HOUSE.settle_s + 1)

    # --- readings, the service and its answers

    @rule(
        ready=st.sampled_from([True, True, False]),
        celsius=st.floats(10, 35),
        position=st.floats(0, 100),
        meanwhile=st.sampled_from(["", "hand", "hand on its way", "hand on its way", "mode", "wind"]),
    )
    def reading_and_answer(self, ready: bool, celsius: float, position: float, meanwhile: str) -> None:
        """The usual way, and what may come between a question and its answer."""
        if ready:
            self._make_ready()
        self.reading(celsius)
        if self.twin.window.question is None:
            return
        match meanwhile:
            case "hand":
                self.press(Button.STOP)
            case "hand on its way":
                # The answer left before anybody heard of it: the window alone can know.
                self.twin.lag = True
                self.press(Button.STOP)
            case "mode":
                self.choose(Mode.PROTECT)
            case "wind":
                self.twin.surround(Surroundings(wind_speed=20.0))
            case _:
                pass
        self.answer(1, position, 0.9, "")
        if meanwhile == "hand on its way":
            self.twin.lag = False
            self.flow()

    @rule(
        ready=st.booleans(),
        celsius=st.floats(10, 35),
        co2=st.sampled_from([600.0, 1700.0]),
        noise=st.sampled_from([40.0, 80.0]),
    )
    def nobody_answers(self, ready: bool, celsius: float, co2: float, noise: float) -> None:
        """The model is absent: the plain rule comes on duty."""
        if ready:
            self._make_ready()
        self.twin.surround(Surroundings(co2=co2, noise=noise))
        self.reading(celsius)
        self.twin.wait(HOUSE.question_timeout_s + 5)

    @rule(
        celsius=st.floats(10, 35),
        between=st.sampled_from(["", "", "hand", "mode", "pause"]),
        backs=st.lists(st.integers(1, 2), min_size=1, max_size=4),
        position=st.floats(0, 100),
    )
    def a_lost_question_is_asked_again(self, celsius: float, between: str, backs: list[int], position: float) -> None:
        """The service that took it died. Then both askings are answered, late, doubled, in any order."""
        self._make_ready()
        self.reading(celsius)
        self.twin.wait(HOUSE.question_timeout_s + 1)
        match between:
            case "hand":
                self.press(Button.STOP)
            case "mode":
                self.choose(Mode.PROTECT)
            case "pause":
                self.twin.surround(Surroundings(paused=True))
            case _:
                pass
        self.twin.wait(HOUSE.min_interval_s + 1)
        for back in backs:
            self.answer(back, position, 0.9, "")

    @rule(celsius=st.floats(10, 35))
    def reading(self, celsius: float) -> None:
        if self.twin.home_online:
            self.twin.hear(Temperature(celsius))
        self.flow()

    @rule(
        back=st.integers(1, 3),
        position=st.floats(0, 100),
        confidence=st.sampled_from([0.3, 0.9]),
        wrong=st.sampled_from(["", "", "", "id", "rev", "doubled"]),
    )
    def answer(self, back: int, position: float, confidence: float, wrong: str) -> None:
        """The service answers one of the last questions: in time, late, twice, or with what nobody asked for."""
        for asked in self.twin.asked[-back:][:1]:
            request = asked.request
            grant = request.grant
            acts = grant.act and confidence >= grant.min_confidence
            if acts:
                aim = min(max(position, grant.min), grant.max)
                rev = request.rev if wrong != "rev" or request.rev is None else max(0, request.rev - 1)
                control = Control(Source.ML, request.correlation_id, position=aim, session=request.session, rev=rev)
                letter = Letter(MessageKind.CONTROL, encode(control), to_home=False)
                for _ in range(2 if wrong == "doubled" else 1):
                    self.twin.post(letter)
            answers = Response(
                correlation_id="nobody" if wrong == "id" else request.correlation_id,
                position=position,
                confidence=confidence,
                reasons=(Reason("noise", 1.0),),
                model_version="m",
                timings_ms={},
                acted=acts,
                error=None,
            )
            if self.twin.home_online:
                self.twin.hear(answers)
        self.flow()

    # --- the owner

    @rule(button=st.sampled_from(Button))
    def press(self, button: Button) -> None:
        before = self.twin.device.state().hand_id
        self.twin.press(button)
        if (hand := self.twin.device.state().hand_id) != before and hand is not None:
            self.presses.add(hand)
            self.hand_at = self.twin.now
        self.flow()

    @rule(position=st.sampled_from([0.0, 40.0, 100.0]))
    def person(self, position: float) -> None:
        self.twin.person(position)
        self.hand_at = self.twin.now
        self.flow()

    @rule()
    def release(self) -> None:
        self.twin.window.release()
        self.twin.save()
        self.twin.turn()
        self.flow()

    @rule(mode=st.sampled_from([*Mode, Mode.AUTOMATIC, Mode.AUTOMATIC]))
    def choose(self, mode: Mode) -> None:
        self.twin.window.set_mode(mode)
        self.twin.save()
        self.twin.turn()
        self.flow()

    @rule(band=st.sampled_from([(0.0, 100.0), (20.0, 60.0)]))
    def options(self, band: tuple[float, float]) -> None:
        self.twin.house = replace(HOUSE, band_min=band[0], band_max=band[1])
        self.twin.window.set_settings(self.twin.house)
        self.twin.turn()
        self.flow()

    # --- the weather and the sash

    @rule(wet=st.sampled_from([False, False, True]))
    def rain_at_the_window(self, wet: bool) -> None:
        self.twin.handle(Rain(wet))
        self.flow()

    @rule(
        rain=st.sampled_from([None, False, False, True]),
        wind=st.none() | st.sampled_from([3.0, 10.0, 15.0]),
        outdoors=st.none() | st.sampled_from([-8.0, 10.0, 22.0]),
        co2=st.none() | st.sampled_from([600.0, 1600.0]),
        anybody=st.none() | st.booleans(),
        climate=st.none() | st.sampled_from(ClimateRuns),
        paused=st.sampled_from([False, False, False, True]),
    )
    def surroundings(
        self,
        rain: bool | None,
        wind: float | None,
        outdoors: float | None,
        co2: float | None,
        anybody: bool | None,
        climate: ClimateRuns | None,
        paused: bool,
    ) -> None:
        self.twin.surround(
            Surroundings(
                rain=rain,
                wind_speed=wind,
                outdoor_temperature=outdoors,
                co2=co2,
                anybody_home=anybody,
                climate=climate,
                paused=paused,
            )
        )
        self.flow()

    @rule()
    def stall(self) -> None:
        self.twin.handle(Stall())
        self.flow()

    @rule(on=st.sampled_from([False, False, True]))
    def jam(self, on: bool) -> None:
        self.jammed = on
        self.twin.handle(Jam(on))
        self.flow()

    # --- the wire, the power, the clock

    @rule(lag=st.sampled_from([False, False, True]))
    def lag(self, lag: bool) -> None:
        self.twin.lag = lag
        self.flow()

    @rule(count=st.integers(1, 5))
    def some_arrive(self, count: int) -> None:
        self.twin.deliver(count)

    @rule(count=st.integers(1, 3))
    def some_are_lost(self, count: int) -> None:
        for _ in range(min(count, len(self.twin.wire))):
            self.twin.wire.pop()

    @rule(seconds=st.sampled_from([0.4, 3.0, 15.0, 40.0, 130.0, 700.0]))
    def time_passes(self, seconds: float) -> None:
        self.twin.wait(seconds)

    @rule()
    def window_reconnects(self) -> None:
        self.twin.disconnect_window()
        self.twin.connect_window()
        self.flow()

    @rule()
    def window_away(self) -> None:
        self.twin.disconnect_window()
        self.flow()

    @rule()
    def window_back(self) -> None:
        self.twin.connect_window()
        self.flow()

    @rule()
    def power_cut(self) -> None:
        self.twin.power_cut()
        self.twin.connect_window()
        self.flow()

    @rule(seconds=st.sampled_from([0.0, 5.0, 400.0]))
    def home_restarts(self, seconds: float) -> None:
        self.twin.disconnect_home()
        self.twin.wait(seconds)
        self.twin.start()
        self.flow()

    @rule(seconds=st.sampled_from([0.0, 5.0, 400.0]))
    def broker_restarts(self, seconds: float) -> None:
        self.twin.disconnect_home()
        self.twin.wait(seconds)
        self.twin.connect_home()
        self.twin.turn()
        self.flow()

    @rule(hours=st.sampled_from([-3, 3]))
    def the_clock_is_set(self, hours: int) -> None:
        self.twin.wall_ahead += hours * 3600

    # --- what holds in the end

    @rule(how=st.sampled_from(["restart", "reconnect", "window"]))
    def a_restart_alone_moves_nothing(self, how: str) -> None:
        # What time alone ends, such as a burst of airing, is no restart's doing.
        self.twin.surround(Surroundings())
        twin = self._quiet()
        before, commands = twin.device.state(), len(twin.commanded)
        match how:
            case "restart":
                twin.disconnect_home()
                twin.start()
            case "reconnect":
                twin.disconnect_home()
                twin.connect_home()
                twin.turn()
            case _:
                twin.disconnect_window()
                twin.connect_window()
        twin.wait(LONG_S)
        after = twin.device.state()
        assert all(control.source is Source.SAFETY for _, control, _ in twin.commanded[commands:])
        if not after.rain and not twin.window.hazards.reign:
            assert len(twin.commanded) == commands
            assert (after.position, after.target) == (before.position, before.target)

    @rule()
    def wet_and_untouched_ends_closed_or_in_a_fault(self) -> None:
        twin = self._quiet()
        twin.wait(LONG_S)
        state = twin.device.state()
        since = twin.wet_since
        untouched = since is not None and (self.hand_at < since or twin.now - self.hand_at > LEAVE_S + LONG_S)
        if state.rain and untouched and since is not None and twin.now - since > LONG_S:
            closed = state.position is not None and state.position <= OWN_LIMIT + 1
            assert closed or state.fault == "rain"

    @rule()
    def rain_that_only_the_house_knows_closes_or_is_told(self) -> None:
        twin = self._quiet()
        twin.surround(Surroundings(rain=True))
        twin.window.release()
        if twin.window.mode in {Mode.OFF, Mode.ADVISE}:
            twin.window.set_mode(Mode.PROTECT)
        twin.save()
        twin.turn()
        twin.wait(LONG_S)
        state = twin.device.state()
        closed = state.position is not None and state.position <= OWN_LIMIT + 1
        assert any(hazard.kind is HazardKind.RAIN for hazard in twin.window.hazards.reign)
        assert closed or twin.decision().could_not_close is not None

    @rule(mode=st.sampled_from(Mode), before=st.booleans(), after=st.booleans())
    def a_storm_and_hands_around_it(self, mode: Mode, before: bool, after: bool) -> None:
        """A hand from before it is overruled, one that came in it stands, a mode that advises moves nothing."""
        self._make_ready()
        self.choose(mode)
        if before:
            self.person(100.0)
        self.twin.wait(30.0)
        commands = len(self.twin.commanded)
        self.twin.surround(Surroundings(wind_speed=20.0))
        if after:
            self.person(80.0)
        self.twin.wait(130.0)
        new = self.twin.commanded[commands:]
        if mode in {Mode.OFF, Mode.ADVISE}:
            assert not new
            return
        if not after:
            state = self.twin.device.state()
            assert state.position is not None
            told = self.twin.decision().could_not_close
            assert state.position <= 1.0 or (told is not None and told.blocked is not Blocked.HELD)
            return
        assert all(at <= self.hand_at for at, _, _ in new), "a hand that knew of the storm was overruled"

    @precondition(lambda self: len(self.presses) < 16)
    @rule()
    def the_outbox_repeats_an_old_state(self) -> None:
        letter = self.twin.retained.get((MessageKind.STATE, True))
        if letter is not None and self.twin.home_online:
            self.twin.post(letter)
        self.flow()

    # --- what holds after each step

    @invariant()
    def holds_begin_with_a_hand_and_last(self) -> None:
        if not hasattr(self, "twin"):
            return
        twin = self.twin
        hold = twin.window.hands.hold
        assert twin.hands_seen <= len(self.presses), "a hold without a hand"
        if hold is not None:
            assert self.hand_at > float("-inf"), "a hold without a hand"
            assert hold.ends_at <= twin.now + HOUSE.hold_minutes * 60
        decision = twin.decision()
        if hold is not None and twin.now < hold.ends_at:
            assert not decision.grant.act
            assert decision.guard is None or not decision.guard.machines

    @invariant()
    def no_answer_from_before_a_hand_or_a_rules_change_is_obeyed(self) -> None:
        if not hasattr(self, "twin"):
            return
        for one in self.twin.obeyed[self.answers_checked :]:
            assert one.hands == one.asked.hands, "an answer to a question from before a hand was obeyed"
            assert one.guards == one.asked.guards, "an answer to a question from before a rule's change was obeyed"
        self.answers_checked = len(self.twin.obeyed)

    @invariant()
    def a_question_keeps_its_id_only_with_its_fence_and_grant_and_is_obeyed_once(self) -> None:
        if not hasattr(self, "twin"):
            return
        for one in self.twin.asked[self.askings_checked :]:
            request = one.request
            said = request.session, request.rev, request.grant
            assert self.askings.setdefault(request.correlation_id, said) == said, "one id, two questions"
        self.askings_checked = len(self.twin.asked)
        obeyed = [one.asked.request.correlation_id for one in self.twin.obeyed]
        assert len(obeyed) == len(set(obeyed)), "one question was obeyed twice"

    @invariant()
    def every_command_is_explained_and_allowed(self) -> None:
        if not hasattr(self, "twin"):
            return
        for _, control, decision in self.twin.commanded[self.checked :]:
            command, winner = decision.command, decision.winner
            assert command is not None
            assert winner is not None
            assert (winner.rule, winner.why) == (command.rule, command.why)
            assert winner.wants is not None
            facts = {verdict.rule: verdict.facts for verdict in decision.trace}
            assert facts["mode"]["mode"] not in {Mode.OFF, Mode.ADVISE}
            assert not facts["obstacle"]["obstacle"]
            assert facts["fault"]["fault"] is None
            if control.source is Source.FALLBACK:
                assert facts["hazard"]["hazard"] is None
                assert facts["hold"]["cause"] is None
        self.checked = len(self.twin.commanded)

    @invariant()
    def moves_for_comfort_are_bounded(self) -> None:
        if not hasattr(self, "twin"):
            return
        at = [at for at, control in self.twin.accepted if control.source in MACHINES]
        most = int(HOUSE.moves_per_hour)
        lives = self.twin.lives
        for first, last in zip(at, at[most * lives :], strict=False):
            assert last - first > 3600 - 1

    @invariant()
    def moves_for_comfort_are_apart(self) -> None:
        if not hasattr(self, "twin") or self.twin.lives > 1:
            return
        at = [at for at, control in self.twin.accepted if control.source in MACHINES]
        assert all(later - earlier > HOUSE.shortest_pause_s - 11 for earlier, later in pairwise(at))

    # --- inside

    def flow(self) -> None:
        if not self.twin.lag:
            self.twin.deliver()

    def _make_ready(self) -> None:
        """Nothing forbids: dry, calm, nobody's hand, everybody there; the usual case in life."""
        twin = self.twin
        twin.lag = False
        self.jam(on=False)
        twin.handle(Rain(wet=False))
        twin.connect_window()
        if not twin.home_online:
            twin.connect_home()
        # Known to be calm: what is unknown goes on for an hour.
        twin.surround(Surroundings(wind_speed=2.0, rain=False, outdoor_temperature=15.0))
        twin.person(50.0)
        self.hand_at = twin.now
        twin.deliver()
        self.release()
        self.choose(Mode.AUTOMATIC)
        twin.wait(HOUSE.calm_s + 1)

    def _quiet(self) -> Twin:
        """Everything has arrived, everybody is there, no sash moves and no question is out."""
        twin = self.twin
        twin.lag = False
        twin.deliver()
        twin.connect_window()
        if not twin.home_online:
            twin.connect_home()
        twin.hear(Announce("Bedroom"))
        twin.wait(LONG_S)
        return twin


OWN_LIMIT = 10.0
_STEPS = 50
_EXAMPLES = {"nightly": 4000}.get(os.environ.get("HYPOTHESIS_PROFILE", ""), 100)
CoreAndWindow.TestCase.settings = settings(max_examples=_EXAMPLES, stateful_step_count=_STEPS, deadline=None)
test_core_and_window_in_any_order = CoreAndWindow.TestCase
