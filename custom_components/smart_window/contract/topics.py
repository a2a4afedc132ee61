"""Topics: built for sending, patterns for subscribing, taken apart when something arrives."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .errors import ContractError, ErrorKind, shown
from .fields import DEVICE_ID
from .words import MessageKind

_SHAPES: Mapping[MessageKind, tuple[str, ...]] = {
    MessageKind.ANNOUNCE: ("window", "+", "announce"),
    MessageKind.AVAILABILITY: ("window", "+", "availability"),
    MessageKind.TEMPERATURE: ("sensor", "+", "temperature"),
    MessageKind.HUMIDITY: ("sensor", "+", "humidity"),
    MessageKind.AUDIO: ("sensor", "+", "audio"),
    MessageKind.STATE: ("window", "+", "state"),
    MessageKind.GUARD: ("window", "+", "guard"),
    MessageKind.CONTROL: ("window", "+", "control"),
    MessageKind.CONTROL_RESULT: ("window", "+", "control", "result"),
    MessageKind.REQUEST: ("ml", "inference", "request", "+"),
    MessageKind.RESPONSE: ("ml", "inference", "response", "+"),
    MessageKind.FEEDBACK: ("ml", "feedback", "+"),
    MessageKind.FEEDBACK_RESULT: ("ml", "feedback", "+", "result"),
    MessageKind.MODELS: ("ml", "models", "+"),
    MessageKind.MODELS_RESULT: ("ml", "models", "+", "result"),
    MessageKind.STATUS: ("ml", "status", "+"),
}
# The levels before and after the name.
_BY_FRAME = {(shape[: shape.index("+")], shape[shape.index("+") + 1 :]): kind for kind, shape in _SHAPES.items()}
_PREFIX = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
_MAX_PREFIX = 200


@dataclass(frozen=True, slots=True)
class Address:
    """What a topic says: the kind of message and the window's id, for `status` and `models` the service's instance."""

    kind: MessageKind
    device_id: str


def check_prefix(text: str) -> str:
    """The prefix as Topics takes it, without blanks and slashes around it, or ContractError(TOPIC)."""
    prefix = text.strip().strip("/")
    if prefix and (len(prefix) > _MAX_PREFIX or _PREFIX.fullmatch(prefix) is None):
        expected = f"levels of letters, digits, . _ - divided by /, {_MAX_PREFIX} characters at most"
        raise ContractError(ErrorKind.TOPIC, f"the prefix {shown(text)} does not fit: expected {expected}")
    return prefix


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics under one prefix ("" or "home/attic"). ContractError(TOPIC) when the prefix does not fit."""

    prefix: str = ""

    def __post_init__(self) -> None:
        if check_prefix(self.prefix) != self.prefix:
            raise ContractError(ErrorKind.TOPIC, f"the prefix {shown(self.prefix)} begins or ends with / or a blank")

    def topic(self, kind: MessageKind, device_id: str) -> str:
        """The topic of a kind of message of one window. ContractError(TOPIC) when the id does not fit."""
        if DEVICE_ID.fullmatch(device_id) is None:
            raise ContractError(ErrorKind.TOPIC, f"the id {shown(device_id)} does not fit {DEVICE_ID.pattern}")
        return self._under_prefix(device_id if level == "+" else level for level in _SHAPES[kind])

    def pattern(self, kind: MessageKind) -> str:
        """What to subscribe to for one kind of message of all windows."""
        return self._under_prefix(_SHAPES[kind])

    def parse(self, topic: str) -> Address:
        """What the topic says, or ContractError(TOPIC)."""
        start = f"{self.prefix}/" if self.prefix else ""
        if not topic.startswith(start):
            raise ContractError(ErrorKind.TOPIC, f"{shown(topic)} does not begin with {shown(start)}")
        levels = tuple(topic[len(start) :].split("/", 4))
        for place in (1, 2, 3):
            kind = _BY_FRAME.get((levels[:place], levels[place + 1 :]))
            if kind is not None and place < len(levels):
                if DEVICE_ID.fullmatch(levels[place]) is None:
                    raise ContractError(
                        ErrorKind.TOPIC, f"the id {shown(levels[place])} does not fit {DEVICE_ID.pattern}"
                    )
                return Address(kind, levels[place])
        raise ContractError(ErrorKind.TOPIC, f"{shown(topic)} is no topic of the contract")

    def _under_prefix(self, levels: Iterable[str]) -> str:
        path = "/".join(levels)
        return f"{self.prefix}/{path}" if self.prefix else path
