"""The sash and its motor: where it is, where it goes, how long that takes. Positions in percent, time in seconds."""

from .words import Operation

_NOTHING = (
    1e-6  # percent or seconds that are rounding and no distance; well above a double's grain at 30 years of seconds
)
_BELOW = 1e-3  # percent below a limit at which a closing sash is sure to have come down to it


class Motor:
    """A sash that takes `travel_s` for the whole way. Its position is None while unknown.

    An unknown position is learnt by closing for the whole travel; then the sash goes on to its target.
    A jammed sash is driven for as long as the whole way takes, then the motor gives up and the target stays.
    """

    def __init__(self, position: float | None, travel_s: float) -> None:
        self.position = position
        self.target = position
        self.jammed = False
        self.is_driven = False
        self._travel_s = travel_s
        self._homed_s = 0.0
        self._stuck_s = 0.0

    @property
    def operation(self) -> Operation:
        """What it does now."""
        if not self.is_driven:
            return Operation.IDLE
        if self.position is None or self.target is None or self.target < self.position:
            return Operation.CLOSING
        return Operation.OPENING

    @property
    def left_s(self) -> float | None:
        """Seconds until it arrives, is homed or gives up; None when it stands."""
        if not self.is_driven:
            return None
        if self.jammed:
            return max(0.0, self._travel_s - self._stuck_s)
        if self.position is None or self.target is None:
            return max(0.0, self._travel_s - self._homed_s)
        return abs(self.target - self.position) * self._travel_s / 100

    def comes_down_in_s(self, limit: float) -> float | None:
        """Seconds until a closing sash is no more above a limit; None when it is not, or stays above."""
        if not self.is_driven or self.jammed or self.position is None or self.target is None:
            return None
        if not self.target <= limit < self.position:
            return None
        return min(self.position - limit + _BELOW, self.position - self.target) * self._travel_s / 100

    def move_to(self, target: float) -> None:
        """Go to a position, by way of the closed end when the present one is unknown."""
        self.target = target
        self._stuck_s = 0.0
        if self.position is None and not self.is_driven:
            self._homed_s = 0.0
        self.is_driven = self.position is None or abs(target - self.position) > _NOTHING

    def home(self) -> None:
        """Forget the position and close to the end."""
        if self.position is not None:
            self.is_driven = False
        self.position = None
        self.move_to(0.0)

    def stop(self) -> None:
        """Stand still where the sash is."""
        self.is_driven = False
        self.target = self.position

    def lose_power(self) -> None:
        """Stand still; whoever was moving does not know where it is."""
        if self.is_driven:
            self.position = None
        self.stop()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        while (left := self.left_s) is not None and (seconds > 0 or left <= _NOTHING):
            step = min(seconds, left)
            self._drive(step, ends=left - step <= _NOTHING)
            # What rounding leaves of the time begins no way: a sash that must stop at the closed end is at it.
            seconds = seconds - step if seconds - step > _NOTHING else 0.0

    def _drive(self, seconds: float, *, ends: bool) -> None:
        if self.jammed:
            self._stuck_s += seconds
            self.is_driven = not ends
        elif self.position is None or self.target is None:
            self._homed_s += seconds
            if ends:
                self.position = 0.0
                self.move_to(0.0 if self.target is None else self.target)
        elif ends:
            self.position = self.target
            self.is_driven = False
        else:
            way = seconds / self._travel_s * 100
            self.position += way if self.target > self.position else -way
