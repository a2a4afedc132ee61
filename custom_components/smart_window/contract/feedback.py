"""A correction to the model, and the layer that it answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .audio import Heard, heard_to_json, read_heard
from .errors import ContractError, ErrorKind
from .fields import Fields, line, nullable, number, percent, timestamp, token
from .inference import (
    Context,
    Layer,
    ResponseError,
    Taste,
    read_context,
    read_error,
    read_layer,
    read_taste,
)
from .payload import CONTRACT, OtherContract, check_contract, parse_json

_celsius = number(-60, 85)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was known when the owner chose: °C and percent. Sound comes as features."""

    temperature: float | None = None
    humidity: float | None = None
    audio: Heard | None = None
    context: Context = field(default_factory=Context)
    taste: Taste = field(default_factory=Taste)

    def to_json(self) -> Mapping[str, object]:
        """As a JSON object; what is None is left out."""
        every = {
            "temperature": self.temperature,
            "humidity": self.humidity,
            "audio": None if self.audio is None else heard_to_json(self.audio),
            "context": self.context.to_json(),
            "taste": self.taste.to_json(),
        }
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Feedback:
    """Where the owner wants the window, percent, and what was learnt of this owner so far."""

    correlation_id: str
    position: float
    asked: Asked
    layer: Layer | None = None
    ts: float | None = None

    def to_json(self) -> Mapping[str, object]:
        """The message as a JSON object; what is None is left out."""
        every = {
            "contract": CONTRACT,
            "correlation_id": self.correlation_id,
            "position": self.position,
            "asked": self.asked.to_json(),
            "layer": None if self.layer is None else self.layer.to_json(),
            "ts": self.ts,
        }
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Learnt:
    """The new layer and the model that made it, or why there is none."""

    correlation_id: str
    layer: Layer | None
    model_version: str | None
    error: ResponseError | None


def decode_feedback(payload: bytes) -> Feedback | OtherContract:
    """The correction in the payload. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "feedback")
    if (other := check_contract(fields)) is not None:
        return other
    return Feedback(
        correlation_id=fields.need("correlation_id", token),
        position=fields.need("position", percent),
        asked=fields.need("asked", _asked),
        layer=fields.may("layer", nullable(read_layer)),
        ts=fields.may("ts", timestamp),
    )


def decode_learnt(payload: bytes) -> Learnt | OtherContract:
    """What a correction taught. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "feedback_result")
    if (other := check_contract(fields)) is not None:
        return other
    learnt = Learnt(
        correlation_id=fields.need("correlation_id", token),
        layer=fields.need("layer", nullable(read_layer)),
        model_version=fields.need("model_version", nullable(line)),
        error=fields.need("error", nullable(read_error)),
    )
    made = learnt.layer is not None and learnt.model_version is not None
    if made == (learnt.error is not None):
        raise ContractError(ErrorKind.FORMAT, "feedback_result needs either a layer with a model_version, or an error")
    return learnt


def _asked(value: object, where: str) -> Asked:
    fields = Fields.of(value, where)
    taste = fields.may("taste", nullable(read_taste))
    return Asked(
        temperature=fields.may("temperature", nullable(_celsius)),
        humidity=fields.may("humidity", nullable(percent)),
        audio=fields.may("audio", nullable(read_heard)),
        context=fields.may("context", read_context) or Context(),
        taste=Taste() if taste is None else taste,
    )
