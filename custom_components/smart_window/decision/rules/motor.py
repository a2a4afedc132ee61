"""What the window says of its motor."""

from ..snapshot import Snapshot
from ..trace import Outcome, RuleVerdict
from ..why import Why
from .verdicts import passes


def obstacle(snapshot: Snapshot) -> RuleVerdict:
    """After a pinch or stall only a hand or a person's `clear` helps."""
    there = snapshot.state is not None and snapshot.state.obstacle
    facts = {"obstacle": there}
    if there:
        return RuleVerdict("obstacle", Outcome.ADVISE, Why.OBSTACLE, facts)
    return passes("obstacle", facts)


def fault(snapshot: Snapshot) -> RuleVerdict:
    """A window with a fault waits for its owner."""
    found = None if snapshot.state is None else snapshot.state.fault
    facts = {"fault": found}
    if found is not None:
        return RuleVerdict("fault", Outcome.ADVISE, Why.FAULT, facts)
    return passes("fault", facts)
