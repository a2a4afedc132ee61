"""The closed sets of words that a window and its messages share. contract/asyncapi.yaml defines them."""

from enum import StrEnum


class Source(StrEnum):
    """Who sends a command, and who set the present target."""

    ML = "ml"
    USER = "user"
    AUTOMATION = "automation"
    SAFETY = "safety"
    FALLBACK = "fallback"


MACHINES = frozenset({Source.ML, Source.AUTOMATION, Source.FALLBACK})


class Action(StrEnum):
    """A command that is no position."""

    STOP = "stop"
    HOME = "home"
    CLEAR = "clear"


class Lock(StrEnum):
    """What is locked: nothing, the buttons at the window, or all but closing for safety."""

    NONE = "none"
    CHILD = "child"
    FULL = "full"


class Button(StrEnum):
    """The buttons at a window."""

    OPEN = "open"
    CLOSE = "close"
    STOP = "stop"


class Operation(StrEnum):
    """What the motor does."""

    IDLE = "idle"
    OPENING = "opening"
    CLOSING = "closing"


class Fault(StrEnum):
    """What went wrong for good: the motor was blocked while opening, or rain comes in and the sash does not close."""

    STALL = "stall"
    RAIN = "rain"


class Verdict(StrEnum):
    """What the window makes of a command."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    STALE = "stale"
    GUARD = "guard"
    LOCKED = "locked"
    RAIN = "rain"
    FAULT = "fault"
    INVALID = "invalid"
