"""Locks, what is in the way, the owner's hand, and what the time and an empty house forbid."""

from custom_components.smart_window.contract import Lock

from ..snapshot import Snapshot, is_between
from ..trace import Outcome, RuleVerdict
from ..why import Why
from .verdicts import passes

_WIDE_OPEN = 100.0


def lock(snapshot: Snapshot) -> RuleVerdict:
    """A locked window is closed by hazards alone. The child lock is for the buttons; machines may go on."""
    facts = {"lock": snapshot.own.lock}
    if snapshot.own.lock is Lock.FULL:
        return RuleVerdict("lock", Outcome.PROTECT, Why.LOCKED, facts)
    return passes("lock", facts)


def contact(snapshot: Snapshot) -> RuleVerdict:
    """A shutter or a screen in the way: no move for comfort."""
    facts = {"contact": snapshot.surroundings.contact}
    if snapshot.surroundings.contact:
        return RuleVerdict("contact", Outcome.PROTECT, Why.CONTACT, facts)
    return passes("contact", facts)


def hold(snapshot: Snapshot) -> RuleVerdict:
    """The owner's hand stands until its hold ends, or a hazard younger than it comes."""
    held = snapshot.hold
    facts = {
        "left_s": None if held is None or held.until_released else held.ends_at - snapshot.now,
        "cause": None if held is None else held.cause,
    }
    if held is not None:
        return RuleVerdict("hold", Outcome.PROTECT, Why.HELD, facts)
    return passes("hold", facts)


def away(snapshot: Snapshot) -> RuleVerdict:
    """Nobody is at home: at most a tilt."""
    return _at_most("away", snapshot.surroundings.anybody_home is False, Why.AWAY, snapshot.own.away_position, snapshot)


def night(snapshot: Snapshot) -> RuleVerdict:
    """At night: at most as far as set."""
    return _at_most("night", snapshot.is_night is True, Why.NIGHT, snapshot.own.night_position, snapshot)


def quiet_hours(snapshot: Snapshot) -> RuleVerdict:
    """In quiet hours comfort moves no motor."""
    house = snapshot.house
    quiet = snapshot.keeps_quiet and is_between(snapshot.local_minute, house.quiet_begin, house.quiet_end)
    facts = {"minute": snapshot.local_minute, "quiet": quiet}
    if quiet:
        return RuleVerdict("quiet_hours", Outcome.PROTECT, Why.QUIET_HOURS, facts)
    return passes("quiet_hours", facts)


def _at_most(rule: str, applies: bool, why: Why, limit: float, snapshot: Snapshot) -> RuleVerdict:  # noqa: FBT001
    facts = {"applies": applies, "limit": limit, "position": snapshot.position}
    if not applies or limit >= _WIDE_OPEN:
        return passes(rule, facts)
    return RuleVerdict(rule, Outcome.LIMIT, why, facts, limit=limit, wants=limit)
