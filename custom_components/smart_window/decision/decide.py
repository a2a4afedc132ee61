"""Snapshot → Decision: every rule is asked, each can only take away, the first that does gives the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from custom_components.smart_window.contract import Grant, Guard, Source
from custom_components.smart_window.moves import smallest_change

from .rules import RULES
from .snapshot import SAME_POSITION, Snapshot, has_closed_to, is_closed_to
from .trace import Outcome, RuleVerdict
from .wanted import Blocked, CouldNotClose, Wanted
from .why import Why


@dataclass(frozen=True, slots=True)
class Decision:
    """What may happen now.

    `ask` False: no question. `guard` None: publish none. `why`: READY, or the code of the rule that moves the window,
    else of the first that forbids.
    """

    ask: bool
    grant: Grant
    guard: Guard | None
    why: Why
    trace: tuple[RuleVerdict, ...]
    command: Wanted | None = None
    """Publish Window.command(…) now, before the guard: it carries the present fence."""
    suggestion: Wanted | None = None
    """What a rule of ours would have done where it may not: for a mode that only advises. The model's is the
    prediction."""
    could_not_close: CouldNotClose | None = None
    """A hazard reigns, the window stands open, and cannot be closed: tell at once, and while it lasts."""
    oscillates: bool = False
    """It went back and forth: a repair."""

    @property
    def forbids_owner(self) -> RuleVerdict | None:
        """The verdict for which not even a person may ask the model; None: one may. Being switched off forbids none."""
        unasked = (verdict for verdict in self.trace if not verdict.outcome.may_ask)
        return next((verdict for verdict in unasked if verdict.outcome is not Outcome.OFF), None)

    @property
    def winner(self) -> RuleVerdict | None:
        """The verdict that `why` comes from; None: READY."""
        return next((verdict for verdict in self.trace if verdict.why is self.why is not Why.READY), None)


def decide(snapshot: Snapshot) -> Decision:
    """The decision for this snapshot, with its trace."""
    trace = tuple([rule(snapshot) for rule in RULES])  # a list is made faster than a generator gives its items
    # Most rules have nothing to say, and a decision is made at each reading.
    said = [verdict for verdict in trace if verdict.why is not Why.READY]
    outcomes = {verdict.outcome for verdict in said}
    may_act = all(outcome.may_act for outcome in outcomes)
    may_protect = all(outcome.may_protect for outcome in outcomes)
    low, high = _band(snapshot, said)
    hazard = next((verdict for verdict in said if verdict.outcome is Outcome.HAZARD), None)
    wanted = _against(hazard, snapshot) if hazard is not None else _for_comfort(said, snapshot, low, high)
    guard = _guard(snapshot, outcomes, low, high) if all(outcome.may_guard for outcome in outcomes) else None
    allowed = may_protect if hazard is not None else may_act and snapshot.news
    leaves = allowed and (hazard is not None or _may_leave(snapshot, guard))
    command = wanted if wanted is not None and leaves and _is_due(wanted, snapshot) else None
    return Decision(
        ask=all(outcome.may_ask for outcome in outcomes),
        grant=Grant(act=may_act, min=low, max=high, min_confidence=snapshot.min_confidence, ttl_s=snapshot.house.ttl_s),
        guard=guard,
        why=_why(said, hazard if may_protect else None, command),
        trace=trace,
        command=command,
        suggestion=None if allowed else wanted,
        could_not_close=None if hazard is None else _blocked(said, hazard, snapshot),
        oscillates=snapshot.pace.rests,
    )


def _band(snapshot: Snapshot, said: Sequence[RuleVerdict]) -> tuple[float, float]:
    """Where machines may put the window: within the house's band, its own, and every limit. A limit beats a minimum."""
    house, own = snapshot.house, snapshot.own
    limits = [verdict.limit for verdict in said if verdict.limit is not None]
    high = min(house.band_max, own.band_max, *limits)
    return min(max(house.band_min, own.band_min), high), high


def _against(hazard: RuleVerdict, snapshot: Snapshot) -> Wanted | None:
    """What a hazard wants, until the window's state shows it."""
    if hazard.wants is None or snapshot.state is None or is_closed_to(snapshot.state, hazard.wants):
        return None
    return Wanted(hazard.wants, Source.SAFETY, hazard.why, hazard.rule)


def _for_comfort(said: Sequence[RuleVerdict], snapshot: Snapshot, low: float, high: float) -> Wanted | None:
    """What a limit or the plain rule wants: a limit only closes."""
    position = snapshot.bound_for
    for verdict in said:
        if verdict.wants is None:
            continue
        wanted = min(max(verdict.wants, low), high)
        if verdict.outcome is Outcome.LIMIT:
            worth = position is None or wanted < position - SAME_POSITION
        else:
            worth = position is not None and abs(wanted - position) >= smallest_change(snapshot.pace, snapshot.house)
        if worth:
            return Wanted(wanted, Source.FALLBACK, verdict.why, verdict.rule)
    return None


def _may_leave(snapshot: Snapshot, guard: Guard | None) -> bool:
    """A command for comfort waits for the answer to a question, and until the window has the guard that allows it."""
    known = snapshot.guard is not None and guard is not None and snapshot.guard.same_content(guard)
    return known and not snapshot.asking


def _is_due(wanted: Wanted, snapshot: Snapshot) -> bool:
    orders = snapshot.orders
    return (orders.safety_wait_s if wanted.source is Source.SAFETY else orders.comfort_wait_s) <= 0


def _why(said: Sequence[RuleVerdict], hazard: RuleVerdict | None, command: Wanted | None) -> Why:
    if hazard is not None:
        return hazard.why
    if command is not None:
        return command.why
    return next((verdict.why for verdict in said if not verdict.outcome.may_act), Why.READY)


_BLOCKS = {
    Why.OBSTACLE: Blocked.OBSTACLE,
    Why.FAULT: Blocked.FAULT,
    Why.HELD_IN_HAZARD: Blocked.HELD,
    Why.OFFLINE: Blocked.OFFLINE,
}
_NOT_OURS = frozenset(
    {
        Why.OTHER_CONTRACT,
        Why.NO_STATE,
        Why.FOREIGN_GUARD,
        Why.PAUSED,
        Why.MODE_ADVISE,
        Why.MODE_OFF,
    }
)
"""Where these forbid, closing was not ours to do, and nothing failed."""


def _blocked(said: Sequence[RuleVerdict], hazard: RuleVerdict, snapshot: Snapshot) -> CouldNotClose | None:
    """Why the window stands open in a hazard, if it was ours to close it. One that is on its way may still jam."""
    state = snapshot.state
    if state is None or hazard.wants is None or has_closed_to(state, hazard.wants):
        return None
    against = [verdict.why for verdict in said if not verdict.outcome.may_protect]
    if _NOT_OURS.intersection(against):
        return None
    blocked = next((_BLOCKS[why] for why in against if why in _BLOCKS), None)
    if blocked is Blocked.OFFLINE and not snapshot.gone:
        return None
    if blocked is None and not against:
        blocked = Blocked.REFUSED if snapshot.orders.refused is not None else None
        blocked = Blocked.SILENT if blocked is None and snapshot.orders.silent else blocked
    return None if blocked is None else CouldNotClose(hazard.why, blocked, snapshot.position)


def _guard(snapshot: Snapshot, outcomes: set[Outcome], low: float, high: float) -> Guard:
    house, own = snapshot.house, snapshot.own
    return Guard(
        hub=snapshot.hub,
        machines=all(outcome.machines for outcome in outcomes),
        min=low,
        max=high,
        lock=own.lock,
        rain_position=house.rain_position if own.rain_position is None else own.rain_position,
        microphone=house.microphone and own.microphone,
    )
