"""A correction as it comes and goes (contract/asyncapi.yaml: feedback, feedback_result). Pure."""

from dataclasses import dataclass

from .messages import (
    CONTRACT,
    TOKEN,
    Grant,
    Layer,
    Request,
    Taste,
    dump,
    open_payload,
    read_audio,
    read_context,
    read_layer,
    read_taste,
)
from .prediction import Failure
from .strict_json import ContractError, Fields, Json, parse_object

MAX_FEEDBACK_BYTES = 65_536
_MAX_TEXT = 500
_NOTHING_GRANTED = Grant(act=False, low=0, high=100, min_confidence=1, ttl_s=60)


@dataclass(frozen=True, slots=True)
class Feedback:
    """Where the owner wants the window (percent), and what was known then; the layer lies in `asked`."""

    correlation_id: str
    position: float
    asked: Request


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a correction taught, and whom."""

    layer: Layer
    model_version: str


def decode_feedback(payload: bytes) -> Feedback:
    """Return the correction in `payload`, or raise ContractError, with its correlation_id where that could be read."""
    try:
        fields = open_payload(payload, MAX_FEEDBACK_BYTES)
        return _read(fields)
    except ContractError as error:
        error.correlation_id = name_in(payload, MAX_FEEDBACK_BYTES)
        raise


def _read(fields: Fields) -> Feedback:
    correlation_id = fields.text("correlation_id", TOKEN)
    asked = fields.object("asked")
    fields.number_or_none("ts", 0, 1e11)
    request = Request(
        correlation_id=correlation_id,
        grant=_NOTHING_GRANTED,
        temperature=asked.number_or_none("temperature", -60, 85),
        humidity=asked.number_or_none("humidity", 0, 100),
        audio=read_audio(asked) if asked.has("audio") else None,
        context=read_context(asked.optional_object("context")),
        taste=read_taste(asked.object("taste")) if asked.has("taste") else Taste(),
        layer=read_layer(fields.object("layer")) if fields.has("layer") else None,
    )
    return Feedback(correlation_id, fields.number("position", 0, 100), request)


def name_in(payload: bytes, limit: int) -> str | None:
    """Return the correlation_id of a message that does not fit otherwise, where it can be read."""
    if len(payload) > limit:
        return None
    try:
        name = parse_object(payload).get("correlation_id")
    except ContractError:
        return None
    return name if isinstance(name, str) and TOKEN.fullmatch(name) else None


def encode_learnt(correlation_id: str, layer: Layer, model_version: str) -> bytes:
    """Return the new layer."""
    document: Json = {
        "schema": layer.schema,
        "version": layer.version,
        "evidence": layer.evidence,
        "values": list(layer.values),
    }
    return dump(_answer(correlation_id) | {"layer": document, "model_version": model_version})


def encode_not_learnt(correlation_id: str, failure: Failure) -> bytes:
    """Return why there is none."""
    error: Json = {"code": failure.code.value, "message": failure.message[:_MAX_TEXT]}
    return dump(_answer(correlation_id) | {"error": error})


def _answer(correlation_id: str) -> dict[str, Json]:
    return {
        "contract": CONTRACT,
        "correlation_id": correlation_id,
        "layer": None,
        "model_version": None,
        "error": None,
    }
