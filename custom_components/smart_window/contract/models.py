"""Which model a service shall use, and which ones it uses then."""

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import ContractError, ErrorKind
from .fields import Fields, line, nullable, timestamp, token, word
from .inference import ResponseError, read_error
from .payload import CONTRACT, OtherContract, check_contract, parse_json
from .words import ModelChange

_NAMING = frozenset({ModelChange.SERVE, ModelChange.SHADOW})


@dataclass(frozen=True, slots=True)
class ModelOrder:
    """`version` is there for `serve` and `shadow`, and for nothing else."""

    correlation_id: str
    change: ModelChange
    version: str | None = None
    ts: float | None = None

    def to_json(self) -> Mapping[str, object]:
        """The message as a JSON object; what is None is left out."""
        every = {
            "contract": CONTRACT,
            "correlation_id": self.correlation_id,
            "do": self.change,
            "version": self.version,
            "ts": self.ts,
        }
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ModelsInUse:
    """The version that serves, the one that looks on, and why nothing was changed, where that is so."""

    correlation_id: str
    model_version: str | None
    shadow: str | None
    error: ResponseError | None


def decode_model_order(payload: bytes) -> ModelOrder | OtherContract:
    """The order in the payload. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "models")
    if (other := check_contract(fields)) is not None:
        return other
    order = ModelOrder(
        correlation_id=fields.need("correlation_id", token),
        change=fields.need("do", word(ModelChange)),
        version=fields.may("version", nullable(line)),
        ts=fields.may("ts", timestamp),
    )
    if (order.version is not None) != (order.change in _NAMING):
        raise ContractError(ErrorKind.FORMAT, "serve and shadow need a version, the others have none")
    return order


def decode_models_in_use(payload: bytes) -> ModelsInUse | OtherContract:
    """What came of an order. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "models_result")
    if (other := check_contract(fields)) is not None:
        return other
    return ModelsInUse(
        correlation_id=fields.need("correlation_id", token),
        model_version=fields.need("model_version", nullable(line)),
        shadow=fields.need("shadow", nullable(line)),
        error=fields.need("error", nullable(read_error)),
    )
