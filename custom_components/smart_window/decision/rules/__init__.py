"""The rules, in the order in which they are asked. To add one: write it, and put it into RULES."""

from collections.abc import Callable

from ..snapshot import Snapshot
from ..trace import RuleVerdict
from .airing import climate
from .comfort import comfort, fallback
from .hazard import hazard, knowing_hand
from .motor import fault, obstacle
from .pacing import oscillation, pacing
from .place import away, contact, hold, lock, night, quiet_hours
from .reach import contract, foreign_guard, guard_known, service_reachable, settled, window_reachable
from .will import mode, pause

type Rule = Callable[[Snapshot], RuleVerdict]

RULES: tuple[Rule, ...] = (
    contract,
    obstacle,
    fault,
    foreign_guard,
    pause,
    mode,
    knowing_hand,
    hazard,
    lock,
    contact,
    hold,
    away,
    night,
    quiet_hours,
    climate,
    window_reachable,
    service_reachable,
    guard_known,
    settled,
    pacing,
    oscillation,
    fallback,
    comfort,
)
"""The first that forbids gives the reason, but where a hazard moves the window: then it does."""
