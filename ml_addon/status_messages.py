"""What a service says of itself: bytes ↔ dataclasses. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .comparison import Report
from .messages import CONTRACT, LINE, MAX_TEXT, TEXT, TOKEN, dump, open_payload, rounded
from .strict_json import Fields, Json
from .topics import ID

MAX_STATUS_BYTES = 65_536


class State(StrEnum):
    """What a service says of itself."""

    STARTING = "starting"
    READY = "ready"
    CANNOT_PREDICT = "cannot_predict"
    STOPPING = "stopping"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Status:
    """What a service is and can do."""

    instance: str
    state: State
    reason: str | None = None
    model_version: str | None = None
    models: tuple[str, ...] = ()
    feature_schema: str | None = None
    counters: Mapping[str, int] | None = None
    shadow: Report | None = None


def encode_status(status: Status, ts: float | None) -> bytes:
    """Return what a service says of itself. The will has no `ts`: nobody knows when it speaks."""
    return dump(
        {
            "contract": CONTRACT,
            "instance": status.instance,
            "state": status.state.value,
            "reason": status.reason[:MAX_TEXT] if status.reason else None,
            "model_version": status.model_version,
            "models": list(status.models[:64]),
            "shadow": None if status.shadow is None else _encoded_report(status.shadow),
            "feature_schema": status.feature_schema,
            "counters": dict(status.counters or {}),
            "ts": None if ts is None else round(ts, 3),
        }
    )


def decode_status(payload: bytes) -> Status:
    """Return what a service says of itself, or raise ContractError. For the health check."""
    fields = open_payload(payload, MAX_STATUS_BYTES)
    return Status(
        instance=fields.text("instance", ID),
        state=State(fields.choice("state", tuple(State))),
        reason=fields.text_or_none("reason", TEXT),
        model_version=fields.text_or_none("model_version", LINE),
        models=fields.texts("models", 64, LINE),
        shadow=_read_report(fields.object("shadow")) if fields.has("shadow") else None,
        feature_schema=fields.text_or_none("feature_schema", TOKEN),
        counters=fields.counts("counters", 64),
    )


def _encoded_report(report: Report) -> dict[str, Json]:
    means = {name: value if value is None else rounded(value) for name, value in report.means().items()}
    return {"version": report.version, **report.counts(), **means, "better": report.better}


def _read_report(fields: Fields) -> Report:
    def count(name: str) -> int:
        return fields.integer(name, 0, 2**53)

    return Report(
        version=fields.text("version", LINE),
        questions=count("questions"),
        differed=count("differed"),
        corrections=count("corrections"),
        nearer=count("nearer"),
        farther=count("farther"),
        shed=count("shed"),
        difference=fields.number_or_none("difference", 0, 100),
        confidence=fields.number_or_none("confidence", 0, 1),
        shadow_confidence=fields.number_or_none("shadow_confidence", 0, 1),
        distance=fields.number_or_none("distance", 0, 100),
        shadow_distance=fields.number_or_none("shadow_distance", 0, 100),
        better=fields.boolean("better") if fields.has("better") else None,
    )
