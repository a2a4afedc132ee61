"""What a decision wants of the window, and that it could not be had."""

from dataclasses import dataclass
from enum import StrEnum, unique

from custom_components.smart_window.contract import Result, Source

from .why import Why


@dataclass(frozen=True, slots=True)
class Wanted:
    """A position (percent) that a rule wants now. `source` is SAFETY for a hazard, else FALLBACK."""

    position: float
    source: Source
    why: Why
    rule: str
    """The rule in the trace that wants it."""


@unique
class Blocked(StrEnum):
    """Why a window could not be closed against a hazard."""

    OFFLINE = "offline"
    OBSTACLE = "obstacle"
    FAULT = "fault"
    HELD = "held"
    """A hand that came after the hazard began keeps it open."""
    REFUSED = "refused"
    """The window refused the command."""
    SILENT = "silent"
    """The window was commanded, again and again, and its state does not show it."""


@dataclass(frozen=True, slots=True)
class CouldNotClose:
    """A hazard reigns and the window stands open: an event, a repair and an alert at once."""

    hazard: Why
    blocked: Blocked
    position: float | None
    """Where the window stands, percent; None: not known."""


@dataclass(frozen=True, slots=True)
class OrderView:
    """What a decision sees of our own commands. The waits are seconds until a command may leave."""

    safety_wait_s: float = 0.0
    comfort_wait_s: float = 0.0
    refused: Result | None = None
    """What the window last made of a hazard's command, if it refused it for another cause than the fence."""
    silent: bool = False
    """A hazard's commands have been out for long, and the state does not show them."""
