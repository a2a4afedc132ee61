"""The owner's hand: which presses were dealt with, and the hold that a hand begins. Pure and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum, unique
from typing import Self

from .contract import ContractError
from .contract.fields import Fields, listed, nullable, number, token, word

REMEMBERED = 16
"""Hand ids that are kept: a window's outbox repeats a few old states at most (tests/protocol)."""

UNTIL_RELEASED_S = 2.0**31
"""Some 68 years: a hold without an end of its own."""

CLOCK_SET_S = 60.0
"""A wall clock that is off by more was set; less is its drift."""

_seconds = number(0, 1e11)


@unique
class HoldCause(StrEnum):
    """Where the hand was."""

    WINDOW = "window"
    """A press at the window."""
    PERSON = "person"
    """A person's command in Home Assistant."""
    AUTOMATION = "automation"
    """A command of an automation or script, where the owner set that it counts as a hand."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The hand in force. `ends_at` on the monotonic clock decides, `ends_wall` (Unix seconds) is shown and stored."""

    cause: HoldCause
    length_s: float
    ends_at: float
    ends_wall: float

    @property
    def began_at(self) -> float:
        """Monotonic, to a millionth of a second."""
        return self.ends_at - self.length_s

    @property
    def until_released(self) -> bool:
        """It has no end of its own."""
        return self.length_s >= UNTIL_RELEASED_S


@dataclass(frozen=True, slots=True)
class Hands:
    """The hands of one window.

    `handled`: the last 16 hand ids dealt with, oldest first; None before the first state ever seen of this window.
    """

    handled: tuple[str, ...] | None = None
    hold: Hold | None = None

    def see(self, hand_id: str | None, now: float, wall: float, length_s: float) -> Self:
        """After a state with this hand_id. A new id begins a hold; the first state ever only sets the start."""
        if self.handled is None:
            return replace(self, handled=() if hand_id is None else (hand_id,))
        if hand_id is None or hand_id in self.handled:
            return self
        handled = (*self.handled, hand_id)[-REMEMBERED:]
        return replace(self, handled=handled, hold=_hold(HoldCause.WINDOW, now, wall, length_s))

    def take(self, now: float, wall: float, length_s: float, cause: HoldCause = HoldCause.PERSON) -> Self:
        """After a person's command: a hold begins. Save it before the command leaves."""
        return replace(self, hold=_hold(cause, now, wall, length_s))

    def release(self) -> Self:
        """The owner ends the hold."""
        return replace(self, hold=None)

    def at(self, now: float, wall: float) -> Self:
        """The same at this moment: without a hold whose time is over, its end told anew if the wall's clock was set."""
        if self.hold is None:
            return self
        left = self.hold.ends_at - now
        if left <= 0:
            return self.release()
        if abs(wall + left - self.hold.ends_wall) <= CLOCK_SET_S:
            return self
        return replace(self, hold=replace(self.hold, ends_wall=wall + left))

    def to_dict(self) -> Mapping[str, object]:
        """For the store, as JSON."""
        hold = self.hold and {"cause": self.hold.cause, "length_s": self.hold.length_s, "ends": self.hold.ends_wall}
        return {"handled": None if self.handled is None else list(self.handled), "hold": hold}

    @classmethod
    def from_dict(cls, data: object, now: float, wall: float) -> Self:
        """From the store; anything that does not fit gives a fresh start.

        A hold's time goes on while Home Assistant is down. A clock that was set back meanwhile makes it no longer
        than it was when it began.
        """
        try:
            fields = Fields.of(data, "hands")
            handled = fields.need("handled", nullable(listed(token, 0, REMEMBERED)))
            stored = fields.need("hold", nullable(_stored_hold))
        except ContractError:
            return cls()
        if stored is None:
            return cls(handled)
        left = min(stored.ends_wall - wall, stored.length_s)
        return cls(handled, replace(stored, ends_at=now + left, ends_wall=wall + left)) if left > 0 else cls(handled)


def _hold(cause: HoldCause, now: float, wall: float, length_s: float) -> Hold:
    return Hold(cause, length_s, now + length_s, wall + length_s)


def _stored_hold(value: object, where: str) -> Hold:
    fields = Fields.of(value, where)
    return Hold(
        cause=fields.need("cause", word(HoldCause)),
        length_s=fields.need("length_s", _seconds),
        ends_at=0.0,
        ends_wall=fields.need("ends", _seconds),
    )
