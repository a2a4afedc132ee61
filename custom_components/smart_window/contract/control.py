"""A command, and what the window made of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import ContractError, ErrorKind
from .fields import Fields, code, line, nullable, number, percent, rev, timestamp, token, word
from .payload import parse_json
from .words import Action, Result, Source


@dataclass(frozen=True, slots=True)
class Control:
    """A command: either a `position` (percent) or an `action`, never both. `session` and `rev` are the fence."""

    source: Source
    command_id: str
    position: float | None = None
    action: Action | None = None
    session: str | None = None
    rev: int | None = None
    confidence: float | None = None
    model_version: str | None = None
    ts: float | None = None

    def to_json(self) -> Mapping[str, object]:
        """The message as a JSON object; what is None is left out."""
        every = {
            "position": self.position,
            "action": self.action,
            "source": self.source,
            "command_id": self.command_id,
            "session": self.session,
            "rev": self.rev,
            "confidence": self.confidence,
            "model_version": self.model_version,
            "ts": self.ts,
        }
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ControlResult:
    """The window's answer to a command; `command_id` is None when the window could not read it."""

    command_id: str | None
    result: Result
    reason: str | None = None
    ts: float | None = None


def decode_control(payload: bytes) -> Control:
    """The command in the payload. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "control")
    control = Control(
        source=fields.need("source", word(Source)),
        command_id=fields.need("command_id", token),
        position=fields.may("position", percent),
        action=fields.may("action", word(Action)),
        session=fields.may("session", nullable(token)),
        rev=fields.may("rev", nullable(rev)),
        confidence=fields.may("confidence", nullable(number(0, 1))),
        model_version=fields.may("model_version", nullable(line)),
        ts=fields.may("ts", timestamp),
    )
    if (control.position is None) == (control.action is None):
        raise ContractError(ErrorKind.FORMAT, "control has both or neither of position and action, expected one")
    return control


def decode_control_result(payload: bytes) -> ControlResult:
    """The window's answer in the payload. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "control_result")
    return ControlResult(
        command_id=fields.need("command_id", nullable(token)),
        result=fields.need("result", word(Result)),
        reason=fields.may("reason", nullable(code)),
        ts=fields.may("ts", timestamp),
    )
