"""How often a window moves for comfort."""

from custom_components.smart_window.moves import shortest_pause_s

from ..snapshot import Snapshot
from ..trace import Outcome, RuleVerdict
from ..why import Why
from .verdicts import passes


def pacing(snapshot: Snapshot) -> RuleVerdict:
    """Moves per hour and day, and the shortest pause."""
    pace, house = snapshot.pace, snapshot.house
    facts = {"since_last_s": pace.since_last_s, "in_hour": pace.in_hour, "in_day": pace.in_day}
    if pace.in_hour >= house.moves_per_hour:
        return RuleVerdict("pacing", Outcome.NO_ACT, Why.MOVES_PER_HOUR, facts | {"most": house.moves_per_hour})
    if pace.in_day >= house.moves_per_day:
        return RuleVerdict("pacing", Outcome.NO_ACT, Why.MOVES_PER_DAY, facts | {"most": house.moves_per_day})
    if not pace.rests and _too_soon(snapshot):
        return RuleVerdict("pacing", Outcome.NO_ACT, Why.PAUSE, facts | {"least_s": house.shortest_pause_s})
    return passes("pacing", facts)


def oscillation(snapshot: Snapshot) -> RuleVerdict:
    """A window that went back and forth rests for longer between its moves, and each must be larger."""
    pace = snapshot.pace
    least = shortest_pause_s(pace, snapshot.house)
    facts = {"rests": pace.rests, "since_last_s": pace.since_last_s, "least_s": least}
    if pace.rests and _too_soon(snapshot):
        return RuleVerdict("oscillation", Outcome.NO_ACT, Why.OSCILLATES, facts)
    return passes("oscillation", facts)


def _too_soon(snapshot: Snapshot) -> bool:
    since = snapshot.pace.since_last_s
    return since is not None and since < shortest_pause_s(snapshot.pace, snapshot.house)
