"""An order about models as it comes, and its answer (contract/asyncapi.yaml: models, models_result). Pure."""

from dataclasses import dataclass
from enum import StrEnum

from .feedback_messages import name_in
from .messages import CONTRACT, LINE, TEXT, TOKEN, dump, open_payload
from .prediction import ErrorCode, Failure
from .strict_json import ContractError, Fields, Json, Kind

MAX_BYTES = 4096
_MAX_TEXT = 500


class Change(StrEnum):
    """What shall become of the models."""

    SERVE = "serve"
    ROLL_BACK = "roll_back"
    SHADOW = "shadow"
    END_SHADOW = "end_shadow"
    PROMOTE = "promote"

    @property
    def names_a_version(self) -> bool:
        """Whether it says which."""
        return self in {Change.SERVE, Change.SHADOW}


@dataclass(frozen=True, slots=True)
class Order:
    """`version` is there exactly where the change names one."""

    correlation_id: str
    change: Change
    version: str | None = None


@dataclass(frozen=True, slots=True)
class InUse:
    """The version that serves and the one that looks on; the failure is why nothing was changed."""

    model_version: str | None
    shadow: str | None
    failure: Failure | None = None


def decode_order(payload: bytes) -> Order:
    """Return the order in `payload`, or raise ContractError, with its correlation_id where that could be read."""
    try:
        return _read(open_payload(payload, MAX_BYTES))
    except ContractError as error:
        error.correlation_id = name_in(payload, MAX_BYTES)
        raise


def _read(fields: Fields) -> Order:
    fields.number_or_none("ts", 0, 1e11)
    change = Change(fields.choice("do", tuple(Change)))
    order = Order(fields.text("correlation_id", TOKEN), change, fields.text_or_none("version", LINE))
    if (order.version is not None) != change.names_a_version:
        raise ContractError(Kind.FIELDS, "serve and shadow need a version, the others have none")
    return order


def encode_order(order: Order) -> bytes:
    """Return the order as it is sent."""
    document: dict[str, Json] = {
        "contract": CONTRACT,
        "correlation_id": order.correlation_id,
        "do": order.change.value,
        "version": order.version,
    }
    return dump(document)


def encode_in_use(correlation_id: str, found: InUse) -> bytes:
    """Return what came of an order."""
    error: Json = None
    if (failure := found.failure) is not None:
        error = {"code": failure.code.value, "message": failure.message[:_MAX_TEXT]}
    return dump(
        {
            "contract": CONTRACT,
            "correlation_id": correlation_id,
            "model_version": found.model_version,
            "shadow": found.shadow,
            "error": error,
        }
    )


def decode_in_use(payload: bytes) -> tuple[str, InUse]:
    """Return the order's name and what came of it, or raise ContractError. For the command line."""
    fields = open_payload(payload, MAX_BYTES)
    error = fields.object("error") if fields.has("error") else None
    failure = None
    if error is not None:
        failure = Failure(ErrorCode(error.choice("code", tuple(ErrorCode))), error.text("message", TEXT))
    found = InUse(fields.text_or_none("model_version", LINE), fields.text_or_none("shadow", LINE), failure)
    return fields.text("correlation_id", TOKEN), found
