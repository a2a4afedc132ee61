"""A recorded question decided and asked again, and what would be done otherwise. Pure."""

from custom_components.smart_window.contract import Response
from custom_components.smart_window.decision import Decision, decide
from custom_components.smart_window.decision.snapshot import SAME_POSITION
from custom_components.smart_window.recorder.rows import ReplayRow

from .recorded import Recorded

NO_ANSWER = "no_answer"


def decided_again(recorded: Recorded) -> Decision:
    """By the rules of today, on what was known then."""
    return decide(recorded.snapshot)


def asked_again(recorded: Recorded, decision: Decision, correlation_id: str) -> dict[str, object]:
    """The question to send: as it was, under an id of its own, with today's band, and without leave to act."""
    grant = {**decision.grant.to_json(), "act": False}
    kept = {name: value for name, value in recorded.request.items() if name not in {"session", "rev", "ts"}}
    return {**kept, "correlation_id": correlation_id, "grant": grant}


def compared(
    recorded: Recorded, decision: Decision, answer: Response | None, *, replay_id: str, replayed_at: float
) -> ReplayRow:
    """Then and now. `answer` None: the service was silent."""
    moves_then, moves_now = _then(recorded), _now(recorded, decision, answer)
    error = NO_ANSWER if answer is None else None if answer.error is None else str(answer.error.code)
    return ReplayRow(
        ts=recorded.ts,
        device_id=recorded.device_id,
        replay_id=replay_id,
        replayed_at=replayed_at,
        correlation_id=recorded.correlation_id,
        position_then=recorded.position,
        position_now=None if answer is None else answer.position,
        confidence_then=recorded.confidence,
        confidence_now=None if answer is None else answer.confidence,
        model_then=recorded.model_version,
        model_now=None if answer is None else answer.model_version,
        why_then=recorded.why,
        why_now=decision.why,
        moves_then=moves_then,
        moves_now=moves_now,
        differs=error is None and _differ(moves_then, moves_now),
        error=error,
    )


def _then(recorded: Recorded) -> float | None:
    if recorded.command_position is not None:
        return recorded.command_position
    return _worth(recorded, recorded.position) if recorded.moved else None


def _now(recorded: Recorded, decision: Decision, answer: Response | None) -> float | None:
    if decision.command is not None:
        return decision.command.position
    if answer is None or answer.position is None or answer.confidence is None:
        return None
    may = decision.ask and decision.grant.act and answer.confidence >= decision.grant.min_confidence
    return _worth(recorded, answer.position) if may else None


def _worth(recorded: Recorded, position: float | None) -> float | None:
    """A move to where the window is bound for anyway is none."""
    bound_for = recorded.snapshot.bound_for
    if position is None or (bound_for is not None and abs(position - bound_for) < SAME_POSITION):
        return None
    return position


def _differ(then: float | None, now: float | None) -> bool:
    if then is None or now is None:
        return then is not now
    return abs(then - now) >= SAME_POSITION
