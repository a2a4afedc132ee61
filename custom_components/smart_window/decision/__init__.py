"""Who may move a window now, and why. Pure."""

from .decide import Decision, decide
from .hazards import Hazard, Hazards
from .snapshot import Snapshot
from .trace import Fact, Outcome, RuleVerdict
from .wanted import Blocked, CouldNotClose, OrderView, Wanted
from .why import Why

__all__ = [
    "Blocked",
    "CouldNotClose",
    "Decision",
    "Fact",
    "Hazard",
    "Hazards",
    "OrderView",
    "Outcome",
    "RuleVerdict",
    "Snapshot",
    "Wanted",
    "Why",
    "decide",
]
