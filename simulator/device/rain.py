"""Rain as a level: how often closing was tried, and how long a hand's leave lasts."""

LEAVE_S = 1800.0
RETRY_S = 60.0
TRIES = 3


class RainWatch:
    """What the sensor says, a hand's leave to be open in rain, and the tries to close."""

    def __init__(self, *, wet: bool) -> None:
        self.wet = wet
        self.tries = 0
        self.leave_until: float | None = None
        self.next_try_at: float | None = None

    def edge(self, *, wet: bool) -> None:
        """The sensor changed its mind: leave and tries begin anew."""
        self.wet = wet
        self.leave_until = None
        self.forget_tries()

    def give_leave(self, now: float) -> None:
        """A hand came; in rain it has its way for half an hour."""
        self.leave_until = now + LEAVE_S if self.wet else None
        self.forget_tries()

    def end_leave(self) -> None:
        """The half hour is over."""
        self.leave_until = None

    def forget_tries(self) -> None:
        """It is closed, or somebody cleared the way: the next time counts from one."""
        self.tries = 0
        self.next_try_at = None

    def begin_try(self, now: float) -> None:
        """One more try begins."""
        self.tries += 1
        self.next_try_at = now + RETRY_S

    def pause(self, now: float) -> None:
        """A late stop holds until the next try: a person's stop is obeyed, and it is no leave."""
        if self.wet and self.leave_until is None and not self.waits(now):
            self.next_try_at = now + RETRY_S

    def waits(self, now: float) -> bool:
        """Say whether it is too early for the next try."""
        return self.next_try_at is not None and now < self.next_try_at

    @property
    def is_exhausted(self) -> bool:
        """Whether all tries were made."""
        return self.tries >= TRIES
