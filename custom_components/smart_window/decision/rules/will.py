"""What the owner chose: the pause of all windows, and each one's mode."""

from collections.abc import Mapping

from custom_components.smart_window.settings import Mode

from ..snapshot import Snapshot
from ..trace import Outcome, RuleVerdict
from ..why import Why
from .verdicts import passes

_MODES: Mapping[Mode, tuple[Outcome, Why]] = {
    Mode.AUTOMATIC: (Outcome.PASS, Why.READY),
    Mode.PROTECT: (Outcome.PROTECT, Why.MODE_PROTECT),
    Mode.ADVISE: (Outcome.ADVISE, Why.MODE_ADVISE),
    Mode.OFF: (Outcome.OFF, Why.MODE_OFF),
}


def pause(snapshot: Snapshot) -> RuleVerdict:
    """One switch pauses all windows: somebody cleans them, or leans out."""
    facts = {"paused": snapshot.surroundings.paused}
    if snapshot.surroundings.paused:
        return RuleVerdict("pause", Outcome.ADVISE, Why.PAUSED, facts)
    return passes("pause", facts)


def mode(snapshot: Snapshot) -> RuleVerdict:
    """What the owner chose for this window."""
    outcome, why = _MODES[snapshot.mode]
    return RuleVerdict("mode", outcome, why, {"mode": snapshot.mode})
