"""The closed sets of words that messages share."""

from enum import StrEnum, unique


@unique
class MessageKind(StrEnum):
    """One per channel of the contract."""

    ANNOUNCE = "announce"
    AVAILABILITY = "availability"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    AUDIO = "audio"
    STATE = "state"
    GUARD = "guard"
    CONTROL = "control"
    CONTROL_RESULT = "control_result"
    REQUEST = "request"
    RESPONSE = "response"
    FEEDBACK = "feedback"
    FEEDBACK_RESULT = "feedback_result"
    MODELS = "models"
    MODELS_RESULT = "models_result"
    STATUS = "status"


@unique
class Source(StrEnum):
    """Who wants a position. `ml`, `automation` and `fallback` are machines."""

    ML = "ml"
    USER = "user"
    AUTOMATION = "automation"
    SAFETY = "safety"
    FALLBACK = "fallback"


@unique
class Operation(StrEnum):
    """What the sash does."""

    IDLE = "idle"
    OPENING = "opening"
    CLOSING = "closing"


@unique
class Lock(StrEnum):
    """What is locked: nothing, the buttons, or all but safety."""

    NONE = "none"
    CHILD = "child"
    FULL = "full"


@unique
class Action(StrEnum):
    """A command that names no position."""

    STOP = "stop"
    HOME = "home"
    CLEAR = "clear"


@unique
class Result(StrEnum):
    """What the window made of a command."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    STALE = "stale"
    GUARD = "guard"
    LOCKED = "locked"
    RAIN = "rain"
    FAULT = "fault"
    INVALID = "invalid"


@unique
class ServiceState(StrEnum):
    """What an inference service says of itself."""

    STARTING = "starting"
    READY = "ready"
    CANNOT_PREDICT = "cannot_predict"
    STOPPING = "stopping"
    OFFLINE = "offline"


@unique
class ModelChange(StrEnum):
    """What shall become of a service's models."""

    SERVE = "serve"
    ROLL_BACK = "roll_back"
    SHADOW = "shadow"
    END_SHADOW = "end_shadow"
    PROMOTE = "promote"


@unique
class AnswerError(StrEnum):
    """Why a service could not answer."""

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

    @property
    def is_of_the_model(self) -> bool:
        """Whether there is no model that could answer: none, or one that the service refuses."""
        return self in _NO_MODEL


_NO_MODEL = frozenset(
    {
        AnswerError.NO_MODEL,
        AnswerError.MODEL_DAMAGED,
        AnswerError.MODEL_UNSAFE,
        AnswerError.MODEL_SCHEMA,
        AnswerError.MODEL_VERSION,
    }
)


@unique
class RoomUse(StrEnum):
    """What a room is used for."""

    BEDROOM = "bedroom"
    LIVING = "living"
