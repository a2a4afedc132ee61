"""While the room is heated or cooled: airing in short bursts, or not at all."""

from custom_components.smart_window.inputs import ClimateRuns
from custom_components.smart_window.settings import AiringRule

from ..snapshot import Snapshot
from ..trace import Outcome, RuleVerdict
from ..why import Why
from .verdicts import passes


def climate(snapshot: Snapshot) -> RuleVerdict:
    """Open for a burst at most, and shut for a pause at least."""
    runs, own, pace = snapshot.surroundings.climate, snapshot.own, snapshot.pace
    facts = {"climate": runs, "airing": own.airing, "open_s": pace.open_s, "shut_s": pace.shut_s}
    if runs in {None, ClimateRuns.NONE} or own.airing is AiringRule.FREE:
        return passes("climate", facts)
    if own.airing is AiringRule.BURSTS:
        burst = pace.open_s is not None and pace.open_s < own.burst_minutes * 60
        rested = pace.shut_s is not None and pace.shut_s >= own.burst_pause_minutes * 60
        if burst or rested:
            return passes("climate", facts)
    return RuleVerdict("climate", Outcome.LIMIT, Why.CLIMATE, facts, limit=0.0, wants=0.0)
