"""The link to Home Assistant: the connection, the guard in force, and how old its last sign of life is."""

from .inputs import Guard
from .words import Lock

LIVE_S = 300.0


class Link:
    """Up while connected and a guard that was not retained came within the last five minutes."""

    def __init__(self) -> None:
        self.guard: Guard | None = None
        self.microphone = True
        self._connected = False
        self._live_at: float | None = None
        self._lost_at: float | None = None
        self._loss_is_settled = False

    @property
    def is_up(self) -> bool:
        """Whether machines are heard at all. `expire` ends what got old."""
        return self._connected and self._live_at is not None

    @property
    def lock(self) -> Lock:
        """The guard's lock; none without a guard."""
        return Lock.NONE if self.guard is None else self.guard.lock

    @property
    def expires_at(self) -> float | None:
        """When the guard is forgotten unless another one comes."""
        return None if self._live_at is None else self._live_at + LIVE_S

    def connect(self) -> None:
        """The connection is there."""
        self._connected = True
        if self.is_up:
            self._lost_at = None

    def disconnect(self, now: float) -> None:
        """The connection is lost."""
        if self._connected:
            self._connected = False
            self._lose(now)

    def take(self, guard: Guard, now: float, *, retained: bool) -> bool:
        """Put a guard in force; True when its content is new."""
        is_new = guard != self.guard
        self.guard = guard
        # The last word on the microphone outlives the guard: who said no is not overheard because the hub is away.
        self.microphone = guard.microphone
        if not retained:
            self._live_at = now
            if self._connected:
                self._lost_at = None
        return is_new

    def expire(self, now: float) -> None:
        """Forget the guard: five minutes without another one."""
        self._live_at = None
        self.guard = None
        self._lose(now)

    @property
    def open_loss_at(self) -> float | None:
        """When the link was lost; None while it is not, or once the loss is settled."""
        return None if self._loss_is_settled else self._lost_at

    def settle_loss(self) -> None:
        """A hand came after the loss, or the window did what it does then: not again for this loss."""
        self._loss_is_settled = True

    def _lose(self, now: float) -> None:
        if self._lost_at is None:
            self._lost_at = now
            self._loss_is_settled = False
