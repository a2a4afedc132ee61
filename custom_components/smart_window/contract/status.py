"""What an inference service is and can do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .fields import (
    Fields,
    boolean,
    device_id,
    integer,
    line,
    listed,
    named,
    nullable,
    number,
    percent,
    short_text,
    timestamp,
    token,
    word,
)
from .payload import OtherContract, check_contract, parse_json
from .words import ServiceState

_count = integer(0)
_share = number(0, 1)


@dataclass(frozen=True, slots=True)
class Shadow:
    """A model that only looks on, and how it compares with the one that serves. Distances in points of position."""

    version: str
    questions: int
    differed: int
    corrections: int
    nearer: int
    """Corrections to which it was nearer than the serving model; `farther` the other way round."""
    farther: int
    shed: int
    difference: float | None = None
    confidence: float | None = None
    shadow_confidence: float | None = None
    distance: float | None = None
    shadow_distance: float | None = None
    better: bool | None = None
    """What the corrections say; None while they are too few."""

    @property
    def counts(self) -> Mapping[str, int]:
        """What only grows while the same two are compared."""
        return {
            "shadow_questions": self.questions,
            "shadow_differed": self.differed,
            "shadow_corrections": self.corrections,
            "shadow_nearer": self.nearer,
            "shadow_farther": self.farther,
        }

    def to_json(self) -> Mapping[str, str | int | float | bool | None]:
        """As data, for people and automations."""
        return {
            "version": self.version,
            "questions": self.questions,
            "differed": self.differed,
            "difference": self.difference,
            "confidence": self.confidence,
            "shadow_confidence": self.shadow_confidence,
            "corrections": self.corrections,
            "nearer": self.nearer,
            "farther": self.farther,
            "distance": self.distance,
            "shadow_distance": self.shadow_distance,
            "shed": self.shed,
            "better": self.better,
        }


@dataclass(frozen=True, slots=True)
class Status:
    """A service's status; its will says offline."""

    instance: str
    state: ServiceState
    reason: str | None = None
    model_version: str | None = None
    models: tuple[str, ...] = ()
    shadow: Shadow | None = None
    feature_schema: str | None = None
    counters: Mapping[str, int] = field(default_factory=dict)
    ts: float | None = None


def decode_status(payload: bytes) -> Status | OtherContract:
    """The status in the payload. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "status")
    if (other := check_contract(fields)) is not None:
        return other
    return Status(
        instance=fields.need("instance", device_id),
        state=fields.need("state", word(ServiceState)),
        reason=fields.may("reason", nullable(short_text(500))),
        model_version=fields.may("model_version", nullable(line)),
        models=fields.may("models", listed(line, 0, 64)) or (),
        shadow=fields.may("shadow", nullable(_shadow)),
        feature_schema=fields.may("feature_schema", nullable(token)),
        counters=fields.may("counters", named(integer(0), 64)) or {},
        ts=fields.may("ts", timestamp),
    )


def _shadow(value: object, where: str) -> Shadow:
    fields = Fields.of(value, where)
    return Shadow(
        version=fields.need("version", line),
        questions=fields.need("questions", _count),
        differed=fields.need("differed", _count),
        corrections=fields.need("corrections", _count),
        nearer=fields.need("nearer", _count),
        farther=fields.need("farther", _count),
        shed=fields.need("shed", _count),
        difference=fields.may("difference", nullable(percent)),
        confidence=fields.may("confidence", nullable(_share)),
        shadow_confidence=fields.may("shadow_confidence", nullable(_share)),
        distance=fields.may("distance", nullable(percent)),
        shadow_distance=fields.may("shadow_distance", nullable(percent)),
        better=fields.may("better", nullable(boolean)),
    )
