"""The rules: what each takes away, in which order they speak, and that the trace names them all."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.contract import Grant, Guard, Lock, Operation, Result, ServiceState, Source, State
from custom_components.smart_window.decision import (
    Blocked,
    CouldNotClose,
    Decision,
    OrderView,
    Outcome,
    Snapshot,
    Wanted,
    Why,
    decide,
)
from custom_components.smart_window.decision.rules import RULES
from custom_components.smart_window.decision.rules.comfort import air_of
from custom_components.smart_window.decision.snapshot import is_between
from custom_components.smart_window.hands import UNTIL_RELEASED_S
from custom_components.smart_window.inference_services import ServiceView
from custom_components.smart_window.inputs import Absence, ClimateRuns, Input, Missing, Surroundings
from custom_components.smart_window.memory import content_of
from custom_components.smart_window.moves import Pace
from custom_components.smart_window.settings import AiringRule, HazardKind, HubSettings, Mode, WindowSettings

from .scenes import FREE, HOUSE, IN_THE_WAY, LIMITS, NOW, OWN, STATE, around, hold, ready, reigns, said, with_state

# What stands in the way → (asked, machines allowed (None: no guard), a hazard may move it, reason).
CASES: Mapping[str, tuple[bool, bool | None, bool, Why]] = {
    "contract": (False, None, False, Why.OTHER_CONTRACT),
    "obstacle": (True, False, False, Why.OBSTACLE),
    "fault": (True, False, False, Why.FAULT),
    "foreign": (True, None, False, Why.FOREIGN_GUARD),
    "paused": (True, False, False, Why.PAUSED),
    "off": (False, False, False, Why.MODE_OFF),
    "advise": (True, False, False, Why.MODE_ADVISE),
    "protect": (True, False, True, Why.MODE_PROTECT),
    "knowing hand": (True, False, False, Why.HELD_IN_HAZARD),
    "hazard": (True, True, True, Why.WIND),
    "locked": (True, False, True, Why.LOCKED),
    "contact": (True, False, True, Why.CONTACT),
    "hold": (True, False, True, Why.HELD),
    "quiet": (True, False, True, Why.QUIET_HOURS),
    "no state": (False, None, False, Why.NO_STATE),
    "offline": (False, True, False, Why.OFFLINE),
    "service contract": (False, True, True, Why.SERVICE_CONTRACT),
    "guard unknown": (False, None, False, Why.SETTLING),
    "settling": (False, True, False, Why.SETTLING),
    "never live": (False, True, False, Why.SETTLING),
    "moves per hour": (True, True, True, Why.MOVES_PER_HOUR),
    "moves per day": (True, True, True, Why.MOVES_PER_DAY),
    "pause": (True, True, True, Why.PAUSE),
    "oscillates": (True, True, True, Why.OSCILLATES),
}


def machines(decision: Decision) -> bool | None:
    return None if decision.guard is None else decision.guard.machines


def merged(*snapshots: Snapshot) -> Snapshot:
    """All that stands in the way in any of them."""
    merged = FREE
    for snapshot in snapshots:
        state, house, own, surroundings = merged.state, merged.house, merged.own, merged.surroundings
        changed = {
            field.name: getattr(snapshot, field.name)
            for field in fields(Snapshot)
            if getattr(snapshot, field.name) != getattr(FREE, field.name)
        }
        if state is None or snapshot.state is None:
            changed["state"] = None
        else:
            changed["state"] = _joined(state, snapshot.state, STATE)
        changed["house"] = _joined(house, snapshot.house, HOUSE)
        changed["own"] = _joined(own, snapshot.own, OWN)
        changed["surroundings"] = _joined(surroundings, snapshot.surroundings, Surroundings())
        merged = replace(merged, **changed)
    return merged


def _joined[T: (State, HubSettings, WindowSettings, Surroundings)](one: T, other: T, usual: T) -> T:
    names = [field.name for field in fields(usual)]
    changes = {name: getattr(other, name) for name in names if getattr(other, name) != getattr(usual, name)}
    return replace(one, **changes)


snapshots = st.lists(st.sampled_from([*IN_THE_WAY.values(), *LIMITS.values()]), max_size=4).map(
    lambda found: merged(*found)
)


def test_where_nothing_forbids_the_model_may_act_within_the_band() -> None:
    decision = decide(FREE)
    assert decision.ask
    assert decision.grant == Grant(act=True, min=10.0, max=90.0, min_confidence=0.6, ttl_s=8.0)
    assert decision.guard == Guard("home", True, 10.0, 90.0, Lock.NONE, 5.0, True)
    assert (decision.why, decision.winner, decision.command) == (Why.READY, None, None)
    assert (decision.could_not_close, decision.oscillates, decision.suggestion) == (None, False, None)


def test_every_case_is_told() -> None:
    assert CASES.keys() == IN_THE_WAY.keys()


@pytest.mark.parametrize("case", CASES)
def test_what_stands_in_the_way(case: str) -> None:
    asked, allowed, protects, why = CASES[case]
    decision = decide(IN_THE_WAY[case])
    assert not decision.grant.act
    assert (decision.ask, machines(decision), decision.why) == (asked, allowed, why)
    assert decision.winner is not None
    assert decision.winner.why is why
    in_wind = merged(IN_THE_WAY["hazard"], IN_THE_WAY[case])
    found = decide(in_wind).command
    assert (found is not None) == protects
    if protects:
        assert found == Wanted(0.0, Source.SAFETY, Why.WIND, "hazard")
        assert decide(in_wind).why is Why.WIND


@pytest.mark.parametrize("state", [None, *ServiceState])
def test_a_service_that_is_silent_or_unwell_is_asked(state: ServiceState | None) -> None:
    assert decide(replace(FREE, services=ServiceView(state))).grant.act


@given(snapshots)
def test_no_rule_gives_what_another_takes_away(snapshot: Snapshot) -> None:
    decision = decide(snapshot)
    outcomes = [verdict.outcome for verdict in decision.trace]
    assert decision.ask == all(one.may_ask for one in outcomes)
    assert decision.grant.act == all(one.may_act for one in outcomes)
    assert (decision.guard is None) == any(not one.may_guard for one in outcomes)
    if decision.guard is not None:
        assert decision.guard.machines == all(one.machines for one in outcomes)
        assert (decision.guard.min, decision.guard.max) == (decision.grant.min, decision.grant.max)


@given(snapshots)
def test_the_model_acts_only_where_the_guard_allows_machines_and_a_question_is_asked(snapshot: Snapshot) -> None:
    decision = decide(snapshot)
    if decision.grant.act:
        assert decision.ask
        assert machines(decision) is True
        assert snapshot.mode is Mode.AUTOMATIC
        assert snapshot.hold is None
        assert not snapshot.hazards


@given(snapshots)
def test_the_trace_names_every_rule_once_and_explains_the_reason(snapshot: Snapshot) -> None:
    decision = decide(ready(snapshot))
    assert [verdict.rule for verdict in decision.trace] == [rule.__name__ for rule in RULES]
    forbids = [verdict.why for verdict in decision.trace if not verdict.outcome.may_act]
    assert decision.grant.act == (not forbids)
    if decision.command is not None:
        assert decision.why is decision.command.why
        assert decision.winner is not None
        assert decision.winner.rule == decision.command.rule
        assert decision.winner.wants is not None
    elif not forbids:
        assert decision.why is Why.READY
    elif decision.why is not said(decision, "hazard").why:
        assert decision.why is forbids[0]
    for verdict in decision.trace:
        assert (verdict.why is Why.READY) == (verdict.outcome is Outcome.PASS and verdict.wants is None)
        assert verdict.facts
    assert json.loads(json.dumps(content_of(decision), allow_nan=False))["why"] == decision.why


def test_the_first_that_forbids_gives_the_reason() -> None:
    order = [
        case for case in CASES if case not in {"knowing hand", "no state", "never live", "guard unknown", "hazard"}
    ]
    chosen = [case for case in order if case not in {"advise", "protect", "moves per day", "pause", "oscillates"}]
    for position, case in enumerate(chosen):
        snapshot = merged(*(IN_THE_WAY[later] for later in reversed(chosen[position:])))
        assert decide(snapshot).why is CASES[case][3], case


def test_the_trace_holds_the_numbers_that_were_looked_at() -> None:
    decision = decide(replace(FREE, hold=hold(NOW - 3539)))
    assert said(decision, "hold").facts == {"left_s": 61.0, "cause": "window"}
    assert said(decision, "comfort").facts["temperature"] == 21.0
    assert said(decision, "comfort").facts["band_max"] == 90.0
    assert said(decision, "mode").facts == {"mode": "automatic"}
    endless = decide(replace(FREE, hold=hold(NOW, UNTIL_RELEASED_S)))
    assert said(endless, "hold").facts["left_s"] is None
    missing = (Missing(Input.CO2, Absence.STALE), Missing(Input.RAIN, Absence.REMOVED))
    facts = said(decide(around(missing=missing)), "comfort").facts
    assert facts["missing"] == "co2: stale, rain: removed"


# --- hazards


def test_the_strongest_hazard_decides_how_far_it_closes() -> None:
    frost, wind = reigns(HazardKind.FROST, value=-8.0), reigns(HazardKind.WIND, value=14.0)
    both = decide(replace(FREE, hazards=(frost, wind)))
    assert both.command == Wanted(0.0, Source.SAFETY, Why.WIND, "hazard")
    assert said(both, "hazard").facts == {"hazard": "wind", "value": 14.0, "limit": 11.0, "position": 30.0, "to": 0.0}
    cold = decide(replace(FREE, hazards=(frost,)))
    assert cold.command == Wanted(10.0, Source.SAFETY, Why.FROST, "hazard")
    assert (cold.grant.min, cold.grant.max) == (10.0, 10.0)


@pytest.mark.parametrize("kind", HazardKind)
def test_each_hazard_closes_to_its_position_and_is_the_reason(kind: HazardKind) -> None:
    decision = decide(replace(FREE, hazards=(reigns(kind),)))
    positions = {HazardKind.RAIN: 5.0, HazardKind.FROST: 10.0}
    assert decision.command == Wanted(positions.get(kind, 0.0), Source.SAFETY, Why(kind), "hazard")
    assert decision.grant.max == positions.get(kind, 0.0)


def test_a_window_with_a_rain_position_of_its_own() -> None:
    own = replace(OWN, rain_position=20.0)
    decision = decide(replace(FREE, own=own, hazards=(reigns(HazardKind.RAIN),)))
    assert decision.command == Wanted(20.0, Source.SAFETY, Why.RAIN, "hazard")
    assert decision.guard is not None
    assert decision.guard.rain_position == 20.0


@pytest.mark.parametrize(
    ("changes", "closes"),
    [
        ({"position": 0.0, "target": 0.0}, False),
        ({"position": 1.0, "target": None}, False),
        ({"position": 1.5, "target": 0.0}, True),
        ({"position": 0.0, "target": 50.0, "operation": Operation.OPENING}, True),
        ({"position": 40.0, "target": 0.0, "operation": Operation.CLOSING}, False),
        ({"position": 40.0, "target": 0.0, "operation": Operation.IDLE}, True),
        ({"position": 40.0, "target": 20.0, "operation": Operation.CLOSING}, True),
        ({"position": None, "target": None}, True),
        ({"position": None, "target": 0.0, "operation": Operation.CLOSING}, False),
    ],
)
def test_a_hazard_commands_until_the_state_shows_it(changes: dict[str, Any], closes: bool) -> None:
    snapshot = replace(with_state(**changes), hazards=(reigns(HazardKind.HAIL),))
    decision = decide(snapshot)
    assert (decision.command is not None) == closes
    assert decision.why is Why.HAIL
    waiting = decide(replace(snapshot, orders=OrderView(safety_wait_s=0.5)))
    assert waiting.command is None
    assert waiting.why is Why.HAIL


def test_a_hand_that_came_after_a_hazard_stands_and_one_from_before_does_not() -> None:
    rain = reigns(HazardKind.RAIN, since=NOW - 60)
    knowing = decide(replace(FREE, hold=hold(NOW - 59), hazards=(rain,)))
    assert (knowing.command, knowing.why) == (None, Why.HELD_IN_HAZARD)
    assert knowing.could_not_close == CouldNotClose(Why.RAIN, Blocked.HELD, 30.0)
    assert said(knowing, "knowing_hand").facts == {"held": True, "hazards": 1}
    at_once = decide(replace(FREE, hold=hold(NOW - 60), hazards=(rain,)))
    assert at_once.why is Why.HELD_IN_HAZARD
    before = decide(replace(FREE, hold=hold(NOW - 61), hazards=(rain,)))
    assert before.command == Wanted(5.0, Source.SAFETY, Why.RAIN, "hazard")
    assert machines(before) is False


def test_a_hand_knew_of_the_older_hazard_alone() -> None:
    frost, hail = reigns(HazardKind.FROST, since=NOW - 100), reigns(HazardKind.RAIN, since=NOW - 10)
    house = replace(HOUSE, rain_position=40.0, band_max=100.0)
    decision = decide(
        replace(with_state(position=80.0, target=80.0), house=house, hold=hold(NOW - 50), hazards=(frost, hail))
    )
    assert decision.command == Wanted(40.0, Source.SAFETY, Why.RAIN, "hazard")
    assert decision.grant.max == 10.0


@pytest.mark.parametrize(
    ("case", "blocked"),
    [
        ("obstacle", Blocked.OBSTACLE),
        ("fault", Blocked.FAULT),
        ("knowing hand", Blocked.HELD),
        ("offline", None),
        ("settling", None),
        ("paused", None),
        ("advise", None),
        ("off", None),
        ("foreign", None),
        ("contract", None),
        ("no state", None),
        ("hazard", None),
        ("protect", None),
    ],
)
def test_what_keeps_a_window_from_closing_is_told(case: str, blocked: Blocked | None) -> None:
    decision = decide(merged(IN_THE_WAY["hazard"], IN_THE_WAY[case]))
    assert decision.could_not_close == (None if blocked is None else CouldNotClose(Why.WIND, blocked, 30.0))


def test_a_window_that_is_gone_in_a_hazard_is_told() -> None:
    wind = replace(FREE, hazards=(reigns(HazardKind.WIND),), online=False, gone=True)
    assert decide(wind).could_not_close == CouldNotClose(Why.WIND, Blocked.OFFLINE, 30.0)
    shut = replace(wind, state=replace(STATE, position=0.0, target=0.0))
    assert decide(shut).could_not_close is None
    assert decide(replace(FREE, online=False, gone=True)).could_not_close is None


def test_a_window_that_refuses_or_says_nothing_is_told() -> None:
    wind = replace(FREE, hazards=(reigns(HazardKind.WIND),))
    refused = decide(replace(wind, orders=OrderView(refused=Result.LOCKED, silent=True)))
    assert refused.could_not_close == CouldNotClose(Why.WIND, Blocked.REFUSED, 30.0)
    silent = decide(replace(wind, orders=OrderView(silent=True)))
    assert silent.could_not_close == CouldNotClose(Why.WIND, Blocked.SILENT, 30.0)


def test_a_mode_that_only_advises_suggests_what_a_hazard_would_have_done() -> None:
    decision = decide(merged(IN_THE_WAY["advise"], IN_THE_WAY["hazard"]))
    assert decision.command is None
    assert decision.suggestion == Wanted(0.0, Source.SAFETY, Why.WIND, "hazard")


# --- limits


@pytest.mark.parametrize(("case", "limit"), [("away", 10.0), ("night", 20.0), ("climate", 0.0)])
def test_a_limit_narrows_the_band_and_closes_that_far(case: str, limit: float) -> None:
    snapshot = ready(LIMITS[case])
    decision = decide(snapshot)
    assert (decision.grant.act, decision.grant.max, decision.grant.min) == (True, limit, min(limit, 10.0))
    assert decision.command == Wanted(limit, Source.FALLBACK, Why(case), case)
    assert decision.why is Why(case)
    shut = replace(snapshot, state=replace(STATE, position=limit, target=limit))
    assert decide(shut).command is None
    assert decide(shut).why is Why.READY


@pytest.mark.parametrize("case", LIMITS)
def test_a_limit_waits_for_news_the_question_the_guard_and_the_last_command(case: str) -> None:
    snapshot = ready(LIMITS[case])
    other_guard = decide(FREE).guard
    for waiting in (
        replace(snapshot, news=False),
        replace(snapshot, asking=True),
        replace(snapshot, guard=None),
        replace(snapshot, guard=other_guard),
        replace(snapshot, orders=OrderView(comfort_wait_s=1.0)),
        replace(snapshot, hold=hold()),
        replace(snapshot, mode=Mode.PROTECT),
        replace(snapshot, pace=Pace(since_last_s=1.0)),
    ):
        assert decide(waiting).command is None


def test_a_limit_closes_a_window_whose_position_is_not_known() -> None:
    snapshot = ready(replace(LIMITS["away"], state=replace(STATE, position=None, target=None)))
    assert decide(snapshot).command == Wanted(10.0, Source.FALLBACK, Why.AWAY, "away")


@pytest.mark.parametrize("home", [True, None])
def test_who_is_at_home_or_does_not_say_may_open(home: bool | None) -> None:
    assert decide(around(anybody_home=home)).grant.max == 90.0


def test_a_limit_of_wide_open_is_none() -> None:
    snapshot = replace(around(anybody_home=False), own=replace(OWN, away_position=100.0))
    assert said(decide(snapshot), "away").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("minute", "begin", "end", "within"),
    [
        (None, 0, 60, None),
        (0, 0, 60, True),
        (59.9, 0, 60, True),
        (60, 0, 60, False),
        (1330, 1320, 420, True),
        (1320, 1320, 420, True),
        (419, 1320, 420, True),
        (420, 1320, 420, False),
        (720, 1320, 420, False),
        (420, 420, 1320, True),
        (1320, 420, 1320, False),
        (720, 600, 600, True),
    ],
)
def test_a_stretch_of_the_day_may_cross_midnight(
    minute: float | None, begin: float, end: float, within: bool | None
) -> None:
    assert is_between(minute, begin, end) is within


def test_night_and_quiet_hours_wait_for_somebody_to_tell_the_time() -> None:
    snapshot = replace(FREE, local_minute=None, house=replace(HOUSE, quiet=True), own=replace(OWN, night_position=5.0))
    assert decide(snapshot).grant.act
    assert decide(snapshot).grant.max == 90.0


@pytest.mark.parametrize(
    ("airing", "runs", "pace", "limited"),
    [
        (AiringRule.FREE, ClimateRuns.HEAT, Pace(open_s=9999.0), False),
        (AiringRule.CLOSED, ClimateRuns.COOL, Pace(shut_s=9999.0), True),
        (AiringRule.CLOSED, ClimateRuns.NONE, Pace(open_s=9999.0), False),
        (AiringRule.CLOSED, None, Pace(open_s=9999.0), False),
        (AiringRule.BURSTS, ClimateRuns.HEAT, Pace(open_s=599.0), False),
        (AiringRule.BURSTS, ClimateRuns.HEAT, Pace(open_s=600.0), True),
        (AiringRule.BURSTS, ClimateRuns.HEAT, Pace(shut_s=3599.0), True),
        (AiringRule.BURSTS, ClimateRuns.HEAT, Pace(shut_s=3600.0), False),
        (AiringRule.BURSTS, ClimateRuns.HEAT, Pace(), True),
    ],
)
def test_airing_while_the_room_is_heated_or_cooled(
    airing: AiringRule, runs: ClimateRuns | None, pace: Pace, limited: bool
) -> None:
    snapshot = replace(around(climate=runs), own=replace(OWN, airing=airing), pace=pace)
    assert (said(decide(snapshot), "climate").outcome is Outcome.LIMIT) == limited


# --- pacing and the plain rule


@pytest.mark.parametrize(
    ("pace", "why"),
    [
        (Pace(), Why.READY),
        (Pace(since_last_s=119.9), Why.PAUSE),
        (Pace(since_last_s=120.0), Why.READY),
        (Pace(since_last_s=899.9, rests=True), Why.OSCILLATES),
        (Pace(since_last_s=900.0, rests=True), Why.READY),
        (Pace(rests=True), Why.READY),
        (Pace(in_hour=11, in_day=59), Why.READY),
    ],
)
def test_the_pause_between_moves(pace: Pace, why: Why) -> None:
    decision = decide(replace(FREE, pace=pace))
    assert decision.why is why
    assert decision.oscillates is pace.rests


@pytest.mark.parametrize(
    ("pace", "told"),
    [
        (Pace(in_hour=12), {"since_last_s": None, "in_hour": 12, "in_day": 0, "most": 12}),
        (Pace(in_day=60), {"since_last_s": None, "in_hour": 0, "in_day": 60, "most": 60}),
        (Pace(since_last_s=60.0), {"since_last_s": 60.0, "in_hour": 0, "in_day": 0, "least_s": 120.0}),
        (Pace(), {"since_last_s": None, "in_hour": 0, "in_day": 0}),
    ],
)
def test_pacing_tells_the_limit_that_it_kept_to(pace: Pace, told: dict[str, float | None]) -> None:
    assert said(decide(replace(FREE, pace=pace)), "pacing").facts == told


@pytest.mark.parametrize(("minute", "night"), [(1330.0, True), (720.0, False), (None, False)])
def test_the_plain_rule_is_told_whether_it_is_night(minute: float | None, night: bool) -> None:
    assert air_of(replace(FREE, local_minute=minute)).night is night


def test_a_window_of_which_nothing_was_heard_is_away_and_its_guard_unknown() -> None:
    unheard = Snapshot(now=NOW, hub="home", mode=Mode.AUTOMATIC)
    assert not any((unheard.online, unheard.gone, unheard.guard_known, unheard.news, unheard.asking))
    assert (unheard.state, unheard.settle_left_s, unheard.bound_for, unheard.position) == (None, None, None, None)
    assert decide(unheard).command is None
    assert not decide(unheard).grant.act


def on_duty(position: float, *, pace: Pace | None = None, **air: Any) -> Snapshot:  # noqa: ANN401 - fields of any type
    snapshot = replace(around(**air), on_duty=True, pace=pace or Pace())
    return ready(replace(snapshot, state=replace(STATE, position=position, target=position)))


def test_the_plain_rule_opens_and_closes_where_the_model_is_silent() -> None:
    stuffy = decide(on_duty(30.0, co2=2500.0))
    assert stuffy.command == Wanted(90.0, Source.FALLBACK, Why.FALLBACK, "fallback")
    facts = said(stuffy, "fallback").facts
    assert (facts["because"], facts["to"], facts["co2"]) == ("co2", 100.0, 2500.0)
    loud = decide(on_duty(60.0, noise=105.0))
    assert loud.command == Wanted(10.0, Source.FALLBACK, Why.FALLBACK, "fallback")
    assert said(loud, "fallback").facts["because"] == "noise"
    assert decide(on_duty(60.0)).command is None


def test_the_plain_rule_hears_what_the_window_hears_unless_something_else_was_chosen() -> None:
    loud = replace(on_duty(60.0), noise=105.0)
    assert decide(loud).command is not None
    assert decide(replace(loud, surroundings=Surroundings(noise=30.0))).command is None


@pytest.mark.parametrize(
    ("snapshot", "moves"),
    [
        (on_duty(94.0, co2=2500.0), False),
        (on_duty(86.0, co2=2500.0), False),
        (on_duty(85.0, co2=2444.5), True),
        (on_duty(85.0, co2=2444.5, pace=Pace(rests=True)), False),
        (on_duty(60.0, co2=2500.0, pace=Pace(rests=True)), True),
        (replace(on_duty(30.0, co2=2500.0), on_duty=False), False),
        (replace(on_duty(30.0, co2=2500.0), news=False), False),
        (replace(on_duty(30.0, co2=2500.0), house=replace(HOUSE, fallback=False)), False),
        (replace(on_duty(30.0, co2=2500.0), state=replace(STATE, position=None, target=None)), False),
        (replace(on_duty(30.0, co2=2500.0), state=None), False),
    ],
)
def test_when_the_plain_rule_moves_nothing(snapshot: Snapshot, moves: bool) -> None:
    assert (decide(snapshot).command is not None) == moves


def test_the_plain_rule_keeps_to_a_limit() -> None:
    snapshot = ready(replace(on_duty(10.0, co2=2500.0, anybody_home=False)))
    assert decide(snapshot).command is None
    lower = ready(replace(on_duty(0.0, co2=2500.0, anybody_home=False)))
    assert decide(lower).command == Wanted(10.0, Source.FALLBACK, Why.FALLBACK, "fallback")


@pytest.mark.parametrize("case", [None, *IN_THE_WAY, *LIMITS])
def test_each_rule_signs_with_its_own_name_and_tells_the_same_facts(case: str | None) -> None:
    snapshot = FREE if case is None else {**IN_THE_WAY, **LIMITS}[case]
    trace = decide(snapshot).trace
    assert [verdict.rule for verdict in trace] == [rule.__name__ for rule in RULES]
    told = {verdict.rule: set(verdict.facts) for verdict in trace}
    for rule, facts in told.items():
        if rule not in {"hazard", "pacing"}:  # they tell more where they forbid
            assert facts == FACTS[rule], rule


FACTS = {
    "contract": {"version"},
    "obstacle": {"obstacle"},
    "fault": {"fault"},
    "foreign_guard": {"hub"},
    "pause": {"paused"},
    "mode": {"mode"},
    "knowing_hand": {"held", "hazards"},
    "lock": {"lock"},
    "contact": {"contact"},
    "hold": {"left_s", "cause"},
    "away": {"applies", "limit", "position"},
    "night": {"applies", "limit", "position"},
    "quiet_hours": {"minute", "quiet"},
    "climate": {"climate", "airing", "open_s", "shut_s"},
    "window_reachable": {"online", "state"},
    "service_reachable": {"service", "version"},
    "guard_known": {"known"},
    "settled": {"left_s"},
    "oscillation": {"rests", "since_last_s", "least_s"},
    "fallback": {"on", "on_duty"},
    "comfort": {
        "temperature",
        "humidity",
        "level_dbfs",
        "position",
        "band_min",
        "band_max",
        "min_confidence",
        "missing",
    },
}


@pytest.mark.parametrize(("position", "closes"), [(11.0, False), (11.1, True), (30.0, True)])
def test_a_limit_closes_what_stands_more_than_a_point_beyond_it(position: float, closes: bool) -> None:
    state = replace(STATE, position=position, target=position)
    night = replace(LIMITS["night"], state=state, own=replace(OWN, night_position=10.0))
    assert (decide(ready(night)).command is not None) is closes
