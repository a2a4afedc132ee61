"""The words that pass between the wire and the model. Pure: no torch, no I/O."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class ErrorCode(StrEnum):
    """Why a response carries no position (contract, `response.error.code`)."""

    CONTRACT = "contract"
    INVALID = "invalid"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    CONTEXT = "context"
    CLOCK = "clock"
    AUDIO = "audio"
    AUDIO_EMPTY = "audio_empty"
    AUDIO_FORMAT = "audio_format"
    AUDIO_HEADER = "audio_header"
    AUDIO_LENGTH = "audio_length"
    AUDIO_BASE64 = "audio_base64"
    AUDIO_NOT_FINITE = "audio_not_finite"
    AUDIO_SILENT = "audio_silent"
    AUDIO_CLIPPED = "audio_clipped"
    AUDIO_SCHEMA = "audio_schema"
    EXPIRED = "expired"
    BUSY = "busy"
    NO_MODEL = "no_model"
    MODEL_DAMAGED = "model_damaged"
    MODEL_UNSAFE = "model_unsafe"
    MODEL_SCHEMA = "model_schema"
    MODEL_VERSION = "model_version"
    PREDICTION = "prediction"


@dataclass(frozen=True, slots=True)
class Failure:
    """What is answered instead of a position."""

    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that spoke for the position. `effect` is in points of position; positive opens."""

    code: str
    effect: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """A position (0 closed … 100 open), already inside the grant, and how sure the model is (0 … 1)."""

    position: float
    confidence: float
    reasons: tuple[Reason, ...]
    model_version: str
    timings_ms: dict[str, float]
    features: dict[str, float] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)


class PredictionError(Exception):
    """A request that was read could not be answered with a position."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(code, message)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an engine can do. Without a `model_version` it cannot predict, and `reason` says why. `shadow` looks on."""

    model_version: str | None
    models: tuple[str, ...]
    feature_schema: str | None
    reason: str | None
    shadow: str | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """Both in seconds. `monotonic` decides; `wall` (Unix) only goes into traces and names."""

    monotonic: Callable[[], float]
    wall: Callable[[], float]
