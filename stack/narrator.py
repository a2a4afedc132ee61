"""One line per decision, made from what passes on the broker. Pure.

A decision is a question with its end: an answer that did not act, or the window's word on the command.
"""

import math
from dataclasses import dataclass, replace

from .json_shape import JsonObject, as_objects, member, optional_number, optional_text
from .tap import Heard

NARRATED = ("window/+/announce", "window/+/control/result", "ml/inference/#")

_REASONS_SHOWN = 3
_SAME_POSITION = 1.0
_REFUSALS = {
    "stale": "the window refused: it had changed since the question",
    "guard": "the window refused: its guard forbids it",
    "locked": "the window refused: it is locked",
    "rain": "the window refused: it rains",
    "fault": "the window refused: an obstacle or a fault",
    "invalid": "the window refused: not understood",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A question, its answer, and the window's word on the command that followed; None: it did not come."""

    device_id: str
    request: JsonObject
    response: JsonObject | None = None
    result: str | None = None

    @property
    def correlation_id(self) -> str | None:
        """What ties the three together."""
        return optional_text(self.request, "correlation_id")

    @property
    def is_complete(self) -> bool:
        """Whether nothing more will come."""
        return self.response is not None and (self.response.get("acted") is not True or self.result is not None)

    def line(self, clock: str, name: str) -> str:
        """Return the line for the terminal; `clock` is the time of day, `name` the window's."""
        return f"{clock}  {name}: {_question(self.request)} → {_answer(self.response)} → {_outcome(self)}"


class Narrator:
    """Takes messages in order; gives a decision when one is complete, or when a new question shows that it is lost."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._out: dict[str, Decision] = {}  # by device id; one question per window is out at a time

    def name(self, device_id: str) -> str:
        """Return how the window calls itself."""
        return self._names.get(device_id, device_id)

    def take(self, message: Heard) -> Decision | None:
        """Return the decision that this message completes."""
        content = message.content
        match message.topic.split("/"):
            case ["window", device_id, "announce"]:
                self._names[device_id] = optional_text(content, "name") or device_id
                return None
            case ["ml", "inference", "request", device_id]:
                lost = self._out.get(device_id)
                self._out[device_id] = Decision(device_id, content)
                return lost
            case ["ml", "inference", "response", device_id]:
                known = self._of(device_id, content, "correlation_id")
                return self._keep(replace(known, response=content)) if known else None
            case ["window", device_id, "control", "result"]:
                known = self._of(device_id, content, "command_id")
                return self._keep(replace(known, result=optional_text(content, "result"))) if known else None
            case _:
                return None

    def _of(self, device_id: str, content: JsonObject, key: str) -> Decision | None:
        known = self._out.get(device_id)
        return known if known is not None and known.correlation_id == content.get(key) else None

    def _keep(self, decision: Decision) -> Decision | None:
        if decision.is_complete:
            del self._out[decision.device_id]
            return decision
        self._out[decision.device_id] = decision
        return None


def _question(request: JsonObject) -> str:
    inputs = [
        f"{value:.1f} {unit}"
        for key, unit in (("temperature", "°C"), ("humidity", "%"))
        if (value := optional_number(request, key)) is not None
    ]
    if request.get("audio") is not None:
        inputs.append("sound")
    return f"asked with {', '.join(inputs) or 'nothing'}"


def _answer(response: JsonObject | None) -> str:
    if response is None:
        return "no answer"
    error = response.get("error")
    if isinstance(error, dict):
        return f"no prediction: {optional_text(error, 'message') or optional_text(error, 'code')}"
    position, confidence = optional_number(response, "position"), optional_number(response, "confidence")
    if position is None or confidence is None:
        return "an answer without a position"
    # Rounded down, so that 0.597 does not read as the 0.60 that was needed.
    return f"{position:.0f} % open, sure {math.floor(confidence * 100) / 100:.2f}{_reasons(response)}"


def _reasons(response: JsonObject) -> str:
    reasons = as_objects(response.get("reasons") or [], "a reason")
    shown = [
        f"{optional_text(reason, 'code')} {optional_number(reason, 'effect') or 0.0:+.0f}"
        for reason in reasons[:_REASONS_SHOWN]
    ]
    return f" ({', '.join(shown)})" if shown else ""


def _outcome(decision: Decision) -> str:
    response = decision.response
    if response is None or response.get("error") is not None:
        return "nothing moves"
    if response.get("acted") is True:
        return _word(decision, response)
    grant = member(decision.request, "grant", "the request")
    if grant.get("act") is not True:
        return "advised"
    confidence, needed = optional_number(response, "confidence"), optional_number(grant, "min_confidence")
    if confidence is not None and needed is not None and confidence < needed:
        return f"not sure enough ({needed:.2f} needed), nothing moves"
    return "nothing moves"


def _word(decision: Decision, response: JsonObject) -> str:
    match decision.result:
        case None:
            return "sent, no word from the window"
        case "accepted" | "duplicate":
            before, wanted = _position(decision.request), optional_number(response, "position")
            there = before is not None and wanted is not None and abs(before - wanted) < _SAME_POSITION
            return "is there already" if there else "moved"
        case word:
            return _REFUSALS.get(word, word)


def _position(request: JsonObject) -> float | None:
    context = request.get("context")
    return optional_number(context, "position") if isinstance(context, dict) else None
