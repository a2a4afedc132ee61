"""What Home Assistant's rules allow machines now."""

from collections.abc import Mapping
from dataclasses import dataclass, fields as fields_of
from operator import attrgetter

from .errors import ContractError, ErrorKind
from .fields import Fields, boolean, percent, timestamp, token, word
from .payload import parse_json
from .words import Lock


@dataclass(frozen=True, slots=True)
class Guard:
    """The guard. `hub` names the Home Assistant that wrote it; positions in percent; it never moves a window."""

    hub: str
    machines: bool
    min: float
    max: float
    lock: Lock
    rain_position: float
    microphone: bool
    ts: float | None = None

    def same_content(self, other: Guard) -> bool:
        """True when both differ in `ts` at most: such a guard changes nothing at the window."""
        return _content(self) == _content(other)

    def to_json(self) -> Mapping[str, object]:
        """The message as a JSON object."""
        content = {
            "hub": self.hub,
            "machines": self.machines,
            "min": self.min,
            "max": self.max,
            "lock": self.lock,
            "rain_position": self.rain_position,
            "microphone": self.microphone,
        }
        return content if self.ts is None else content | {"ts": self.ts}


_content = attrgetter(*(field.name for field in fields_of(Guard) if field.name != "ts"))
"""What a guard says. Each decision compares it, so it is no copy."""


def decode_guard(payload: bytes) -> Guard:
    """The guard in the payload. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "guard")
    guard = Guard(
        hub=fields.need("hub", token),
        machines=fields.need("machines", boolean),
        min=fields.need("min", percent),
        max=fields.need("max", percent),
        lock=fields.need("lock", word(Lock)),
        rain_position=fields.need("rain_position", percent),
        microphone=fields.need("microphone", boolean),
        ts=fields.may("ts", timestamp),
    )
    if guard.min > guard.max:
        raise ContractError(ErrorKind.RANGE, f"guard.min is {guard.min:g}, above guard.max, {guard.max:g}")
    return guard
