"""What an inference service is and can do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .fields import Fields, device_id, integer, line, listed, named, nullable, short_text, timestamp, token, word
from .payload import OtherContract, check_contract, parse_json
from .words import ServiceState


@dataclass(frozen=True, slots=True)
class Status:
    """A service's status; its will says offline."""

    instance: str
    state: ServiceState
    reason: str | None = None
    model_version: str | None = None
    models: tuple[str, ...] = ()
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
        feature_schema=fields.may("feature_schema", nullable(token)),
        counters=fields.may("counters", named(integer(0), 64)) or {},
        ts=fields.may("ts", timestamp),
    )
