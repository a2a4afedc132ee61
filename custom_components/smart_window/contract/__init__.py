"""Bytes to frozen messages and back, as contract/asyncapi.yaml says. Pure: no Home Assistant in here.

`decode` gives a message or raises ContractError, and never anything else, whatever the bytes are.
"""

from collections.abc import Callable, Mapping

from .announce import Announce, AudioFormat, Availability, Forget, decode_announce, decode_availability
from .audio import Chunk, Heard, HeardFeatures, Sound, decode_audio
from .control import Control, ControlResult, decode_control, decode_control_result
from .errors import ContractError, ErrorKind
from .feedback import Asked, Feedback, Learnt, decode_feedback, decode_learnt
from .guard import Guard, decode_guard
from .inference import (
    Context,
    Grant,
    Layer,
    Reason,
    Request,
    Response,
    ResponseError,
    Taste,
    decode_request,
    decode_response,
)
from .models import ModelOrder, ModelsInUse, decode_model_order, decode_models_in_use
from .payload import CONTRACT, MAX_BYTES, OtherContract, write_json
from .reading import Humidity, Temperature, decode_humidity, decode_temperature
from .state import State, decode_state
from .status import Shadow, Status, decode_status
from .topics import Address, Topics
from .words import (
    Action,
    AnswerError,
    Lock,
    MessageKind,
    ModelChange,
    Operation,
    Result,
    RoomUse,
    ServiceState,
    Source,
)

__all__ = [
    "CONTRACT",
    "MAX_BYTES",
    "Action",
    "Address",
    "Announce",
    "AnswerError",
    "Asked",
    "AudioFormat",
    "Availability",
    "Chunk",
    "Context",
    "ContractError",
    "Control",
    "ControlResult",
    "ErrorKind",
    "Feedback",
    "Forget",
    "Grant",
    "Guard",
    "Heard",
    "HeardFeatures",
    "Humidity",
    "Layer",
    "Learnt",
    "Lock",
    "Message",
    "MessageKind",
    "ModelChange",
    "ModelOrder",
    "ModelsInUse",
    "Operation",
    "OtherContract",
    "Reason",
    "Request",
    "Response",
    "ResponseError",
    "Result",
    "RoomUse",
    "ServiceState",
    "Shadow",
    "Sound",
    "Source",
    "State",
    "Status",
    "Taste",
    "Temperature",
    "Topics",
    "decode",
    "encode",
]

type Message = (
    Announce
    | Forget
    | Availability
    | Temperature
    | Humidity
    | Chunk
    | Sound
    | HeardFeatures
    | State
    | Guard
    | Control
    | ControlResult
    | Request
    | Response
    | Feedback
    | Learnt
    | ModelOrder
    | ModelsInUse
    | Status
    | OtherContract
)

_DECODERS: Mapping[MessageKind, Callable[[bytes], Message]] = {
    MessageKind.ANNOUNCE: decode_announce,
    MessageKind.AVAILABILITY: decode_availability,
    MessageKind.TEMPERATURE: decode_temperature,
    MessageKind.HUMIDITY: decode_humidity,
    MessageKind.AUDIO: decode_audio,
    MessageKind.STATE: decode_state,
    MessageKind.GUARD: decode_guard,
    MessageKind.CONTROL: decode_control,
    MessageKind.CONTROL_RESULT: decode_control_result,
    MessageKind.REQUEST: decode_request,
    MessageKind.RESPONSE: decode_response,
    MessageKind.FEEDBACK: decode_feedback,
    MessageKind.FEEDBACK_RESULT: decode_learnt,
    MessageKind.MODELS: decode_model_order,
    MessageKind.MODELS_RESULT: decode_models_in_use,
    MessageKind.STATUS: decode_status,
}


def decode(kind: MessageKind, payload: bytes) -> Message:
    """The message in a payload of this kind, or ContractError. The size is checked before anything is decoded.

    Announce, request, response and status of another contract's version give OtherContract.
    An empty announce gives Forget; an empty payload of any other kind is ContractError(EMPTY).
    """
    if len(payload) > MAX_BYTES[kind]:
        raise ContractError(ErrorKind.SIZE, f"{kind} has {len(payload)} bytes, expected {MAX_BYTES[kind]} at most")
    if not payload and kind is not MessageKind.ANNOUNCE:
        raise ContractError(ErrorKind.EMPTY, f"{kind} is empty")
    return _DECODERS[kind](payload)


def encode(message: Guard | Control | Request | Feedback | ModelOrder) -> bytes:
    """The payload of a message that Home Assistant sends. What it holds must be within the contract's limits."""
    return write_json(message.to_json())
