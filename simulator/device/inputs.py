"""Everything that can happen to a window. Random things (sessions, hand ids) come in from outside."""

from dataclasses import dataclass

from .words import Action, Button, Lock, Source


@dataclass(frozen=True, slots=True)
class Guard:
    """What Home Assistant's rules allow machines. Its `ts` is not here: it is no content."""

    hub: str
    machines: bool
    min: float
    max: float
    lock: Lock
    rain_position: float
    microphone: bool


@dataclass(frozen=True, slots=True)
class Control:
    """A command that fits the contract. `aim` is a position in percent or an action."""

    aim: float | Action
    source: Source
    command_id: str
    session: str | None = None
    rev: int | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """A control message that does not fit. `reason` is json or fields; `command_id` where it could be read."""

    reason: str
    command_id: str | None = None


@dataclass(frozen=True, slots=True)
class Connect:
    """The broker is connected; the session was drawn at random."""

    session: str


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The connection is lost."""


@dataclass(frozen=True, slots=True)
class GuardArrives:
    """A guard message; retained: the broker's kept copy."""

    guard: Guard
    retained: bool = False


@dataclass(frozen=True, slots=True)
class ControlArrives:
    """A control message, fit or not; retained: the broker's kept copy, never obeyed."""

    control: Control | Unfit
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A press at the window; the id was drawn at random and is used if this is a hand."""

    button: Button
    hand_id: str


@dataclass(frozen=True, slots=True)
class Rain:
    """What the rain sensor says."""

    wet: bool


@dataclass(frozen=True, slots=True)
class Stall:
    """The motor's current says that the sash is blocked."""


@dataclass(frozen=True, slots=True)
class Jam:
    """From now on the sash does not move although it is driven, and the encoder shows it; or it moves again."""

    on: bool


@dataclass(frozen=True, slots=True)
class PowerCut:
    """Everything but flash is lost; the device is up again at once, without a connection."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes."""


type Input = Connect | Disconnect | GuardArrives | ControlArrives | Press | Rain | Stall | Jam | PowerCut | Wait
