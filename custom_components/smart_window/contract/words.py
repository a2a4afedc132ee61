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
class AnswerError(StrEnum):
    """Why a service could not answer."""

    CONTRACT = "contract"
    AUDIO = "audio"
    EXPIRED = "expired"
    BUSY = "busy"
    NO_MODEL = "no_model"
    PREDICTION = "prediction"
    INVALID = "invalid"
