"""How a window moved for comfort: pauses, counts, going back and forth, and since when it is open or shut. Pure."""

from bisect import bisect_left
from dataclasses import dataclass

from .contract import Source, State
from .settings import HubSettings

HOUR_S, DAY_S = 3600.0, 86_400.0
BACK_AND_FORTH_WITHIN_S = 2 * HOUR_S
"""Turns are counted over this time."""
OSCILLATION_RESTS_S = 6 * HOUR_S
"""So long the hysteresis stays wide after a window went back and forth."""
WIDENED = 3.0
"""Times the smallest change while it rests."""
WIDENED_PAUSE_S = 900.0
"""The shortest pause while it rests."""
SHUT = 2.0
"""Percent: a window that is open no further is shut."""

_FOR_COMFORT = frozenset({Source.ML, Source.FALLBACK})


@dataclass(frozen=True, slots=True)
class Pace:
    """The numbers that pacing rests on. Times are seconds from now; None: never, or not known."""

    since_last_s: float | None = None
    in_hour: int = 0
    in_day: int = 0
    rests: bool = False
    """It went back and forth."""
    open_s: float | None = None
    """So long it has been open; None: it is shut."""
    shut_s: float | None = None


class Moves:
    """One window's moves for comfort of the last day, and its turns of the last hours."""

    def __init__(self) -> None:
        self._at: list[float] = []
        self._turns: list[float] = []
        self._opened: bool | None = None
        self._rests_until = float("-inf")
        self._open_since: float | None = None
        self._shut_since: float | None = None

    def see(self, before: State | None, state: State, now: float, settings: HubSettings) -> None:
        """A state came: another command than before, of a machine that acts for comfort, is a move."""
        self._see_position(state.position, now)
        named = before is not None and state.command_id is not None and state.command_id != before.command_id
        if before is None or not named or state.source not in _FOR_COMFORT:
            return
        start = before.position if before.target is None else before.target
        end = state.position if state.target is None else state.target
        self._at = [*self._at[bisect_left(self._at, now - DAY_S) :], now]
        if start is None or end is None or start == end:
            return
        if self._opened is not None and self._opened != (end > start):
            self._turns = [*self._turns[bisect_left(self._turns, now - BACK_AND_FORTH_WITHIN_S) :], now]
            if len(self._turns) >= settings.reversals:
                self._rests_until = now + OSCILLATION_RESTS_S
                self._turns = []
        self._opened = end > start

    def pace(self, now: float) -> Pace:
        """The numbers at this moment."""
        return Pace(
            since_last_s=now - self._at[-1] if self._at else None,
            in_hour=len(self._at) - bisect_left(self._at, now - HOUR_S),
            in_day=len(self._at) - bisect_left(self._at, now - DAY_S),
            rests=now < self._rests_until,
            open_s=None if self._open_since is None else now - self._open_since,
            shut_s=None if self._shut_since is None else now - self._shut_since,
        )

    def _see_position(self, position: float | None, now: float) -> None:
        is_open = position is None or position > SHUT
        if is_open:
            self._open_since = now if self._open_since is None else self._open_since
            self._shut_since = None
        else:
            self._shut_since = now if self._shut_since is None else self._shut_since
            self._open_since = None


def smallest_change(pace: Pace, settings: HubSettings) -> float:
    """Points of position that a move for comfort must have now."""
    return settings.smallest_change * WIDENED if pace.rests else settings.smallest_change


def shortest_pause_s(pace: Pace, settings: HubSettings) -> float:
    """Seconds that a window must rest between two moves now."""
    return max(settings.shortest_pause_s, WIDENED_PAUSE_S) if pace.rests else settings.shortest_pause_s
