"""Snapshots of the tests: a window that nothing forbids to move, and what can be put in its way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from custom_components.smart_window.contract import Lock, Operation, ServiceState, State
from custom_components.smart_window.decision import Decision, Hazard, RuleVerdict, Snapshot, decide
from custom_components.smart_window.hands import Hold, HoldCause
from custom_components.smart_window.inference_services import ServiceView
from custom_components.smart_window.inputs import ClimateRuns, Surroundings
from custom_components.smart_window.moves import Pace
from custom_components.smart_window.settings import HazardKind, HubSettings, Mode, WindowSettings
from custom_components.smart_window.trigger import Values

NOW = 5000.0
STATE = State(
    session="s1",
    rev=1,
    hand_id=None,
    position=30.0,
    target=30.0,
    operation=Operation.IDLE,
    rain=False,
    obstacle=False,
    fault=None,
)
HOUSE = HubSettings(band_min=10.0, band_max=90.0, rain_position=5.0)
OWN = WindowSettings()
FREE = Snapshot(
    now=NOW,
    hub="home",
    mode=Mode.AUTOMATIC,
    state=STATE,
    online=True,
    settle_left_s=0.0,
    guard_known=True,
    services=ServiceView(ServiceState.READY),
    values=Values(temperature=21.0, humidity=45.0, level=-40.0),
    news=True,
    local_minute=720.0,
    house=HOUSE,
    own=OWN,
)


def hold(began_at: float = NOW - 600, length_s: float = 3600.0) -> Hold:
    return Hold(HoldCause.WINDOW, length_s, began_at + length_s, began_at + length_s)


def reigns(kind: HazardKind, since: float = NOW - 60, value: float | str = 20.0) -> Hazard:
    return Hazard(kind, since, NOW, value)


def with_state(**changes: Any) -> Snapshot:  # noqa: ANN401 - fields of any type
    return replace(FREE, state=replace(STATE, **changes))


def around(**changes: Any) -> Snapshot:  # noqa: ANN401 - the same
    return replace(FREE, surroundings=Surroundings(**changes))


IN_THE_WAY: Mapping[str, Snapshot] = {
    "contract": replace(FREE, window_contract=2),
    "obstacle": with_state(obstacle=True),
    "fault": with_state(fault="stall"),
    "foreign": replace(FREE, foreign_hub="other"),
    "paused": around(paused=True),
    "off": replace(FREE, mode=Mode.OFF),
    "advise": replace(FREE, mode=Mode.ADVISE),
    "protect": replace(FREE, mode=Mode.PROTECT),
    "knowing hand": replace(FREE, hold=hold(NOW - 10), hazards=(reigns(HazardKind.WIND),)),
    "hazard": replace(FREE, hazards=(reigns(HazardKind.WIND),)),
    "locked": replace(FREE, own=replace(OWN, lock=Lock.FULL)),
    "contact": around(contact=True),
    "hold": replace(FREE, hold=hold()),
    "quiet": replace(FREE, house=replace(HOUSE, quiet=True), local_minute=30.0),
    "no state": replace(FREE, state=None),
    "offline": replace(FREE, online=False),
    "service contract": replace(FREE, services=ServiceView(other_contract=2)),
    "guard unknown": replace(FREE, guard_known=False),
    "settling": replace(FREE, settle_left_s=4.0),
    "never live": replace(FREE, settle_left_s=None),
    "moves per hour": replace(FREE, pace=Pace(since_last_s=600, in_hour=12, in_day=12)),
    "moves per day": replace(FREE, pace=Pace(since_last_s=600, in_hour=1, in_day=60)),
    "pause": replace(FREE, pace=Pace(since_last_s=10, in_hour=1, in_day=1)),
    "oscillates": replace(FREE, pace=Pace(since_last_s=600, in_hour=3, in_day=3, rests=True)),
}
LIMITS: Mapping[str, Snapshot] = {
    "away": around(anybody_home=False),
    "night": replace(FREE, own=replace(OWN, night_position=20.0), local_minute=30.0),
    "climate": around(climate=ClimateRuns.HEAT),
}


def said(decision: Decision, rule: str) -> RuleVerdict:
    """What one rule said."""
    return next(verdict for verdict in decision.trace if verdict.rule == rule)


def ready(snapshot: Snapshot) -> Snapshot:
    """The same once the window has the guard that this decision gives."""
    return replace(snapshot, guard=decide(snapshot).guard)
