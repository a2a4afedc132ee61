"""Hazards, and the hand that knew of them."""

from collections.abc import Mapping

from custom_components.smart_window.settings import HazardKind, WindowSettings

from ..hazards import Hazard, hazard_positions
from ..snapshot import Snapshot
from ..trace import Outcome, RuleVerdict
from ..why import Why
from .verdicts import passes

AT_ONCE_S = 0.01
"""A hazard that began with the hand, but for rounding, is no younger."""
_LIMITS: Mapping[HazardKind, str] = {
    HazardKind.RAIN_SOON: "rain_soon_minutes",
    HazardKind.WIND: "wind_limit",
    HazardKind.GUST: "gust_limit",
    HazardKind.FROST: "frost_limit",
}


def knowing_hand(snapshot: Snapshot) -> RuleVerdict:
    """A hand that came after a hazard began is knowing: it stands until its hold ends."""
    facts = {"held": snapshot.hold is not None, "hazards": len(snapshot.hazards)}
    if snapshot.hazards and not _unforeseen(snapshot):
        return RuleVerdict("knowing_hand", Outcome.ADVISE, Why.HELD_IN_HAZARD, facts)
    return passes("knowing_hand", facts)


def hazard(snapshot: Snapshot) -> RuleVerdict:
    """The strongest hazard, the one with the lowest position, closes the window. What a hand knew of, it stood."""
    if not snapshot.hazards:
        return passes("hazard", {"hazard": None})
    positions = hazard_positions(snapshot.own, snapshot.house)
    limit = min(positions[found.kind] for found in snapshot.hazards)
    strongest = min(_unforeseen(snapshot) or snapshot.hazards, key=lambda found: positions[found.kind])
    position = positions[strongest.kind]
    facts = {
        "hazard": strongest.kind,
        "value": strongest.value,
        "limit": _limit(strongest, snapshot.own),
        "position": snapshot.position,
        "to": position,
    }
    return RuleVerdict("hazard", Outcome.HAZARD, Why(strongest.kind), facts, limit=limit, wants=position)


def _unforeseen(snapshot: Snapshot) -> tuple[Hazard, ...]:
    """Hazards that are younger than the hand, or all where there is none."""
    hold = snapshot.hold
    if hold is None:
        return snapshot.hazards
    return tuple(found for found in snapshot.hazards if found.since > hold.began_at + AT_ONCE_S)


def _limit(found: Hazard, own: WindowSettings) -> float | None:
    name = _LIMITS.get(found.kind)
    return None if name is None else float(getattr(own, name))
