"""Our own commands to a window: which one is out, when it is repeated, and what the window made of it. Pure."""

from .contract import ControlResult, Result, Source, State
from .decision import OrderView, Wanted
from .trigger import Fence

LONGEST_REPEAT_S = 60.0
SAFETY_FIRST_REPEAT_S = 1.0
"""A hazard's command is repeated after 1, 2, 4 … 60 s until the state shows it."""
COMFORT_FIRST_REPEAT_S = 20.0
COMFORT_LONGEST_REPEAT_S = 600.0
SILENT_AFTER_S = 90.0
SILENT_AFTER_TRIES = 3
"""A window that was commanded for so long and so often, and does not show it, does not close."""

_REFUSALS = frozenset({Result.GUARD, Result.LOCKED, Result.RAIN, Result.FAULT, Result.INVALID})


class _Repeats:
    """When one kind of command may leave again."""

    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s, self._longest_s = first_s, longest_s
        self.reset()

    def reset(self) -> None:
        self.tries = 0
        self.since: float | None = None
        self.not_before = float("-inf")

    def sent(self, now: float) -> None:
        self.since = now if self.since is None else self.since
        self.not_before = now + min(self._first_s * 2.0 ** min(self.tries, 20), self._longest_s)
        self.tries += 1

    def left_s(self, now: float) -> float:
        return max(0.0, self.not_before - now)


class Orders:
    """The commands that a window gets from us."""

    def __init__(self) -> None:
        self.last: Wanted | None = None
        """The last command for comfort that the window took."""
        self._out: tuple[str, Fence, Wanted] | None = None
        self._stale: tuple[Fence, Source] | None = None
        self._refused: Result | None = None
        self._safety = _Repeats(SAFETY_FIRST_REPEAT_S, LONGEST_REPEAT_S)
        self._comfort = _Repeats(COMFORT_FIRST_REPEAT_S, COMFORT_LONGEST_REPEAT_S)

    def sent(self, command_id: str, fence: Fence, wanted: Wanted, now: float) -> None:
        """A command leaves, with this fence."""
        self._out, self._stale = (command_id, fence, wanted), None
        self._of(wanted.source).sent(now)

    def result(self, result: ControlResult) -> None:
        """The window answered a command. What was stale is sent again with the next state."""
        if self._out is None or result.command_id != self._out[0]:
            return
        _, fence, wanted = self._out
        if result.result is Result.STALE:
            self._stale = fence, wanted.source
        elif result.result not in _REFUSALS:
            self._took(wanted)
        elif wanted.source is Source.SAFETY:
            self._refused = result.result

    def state(self, state: State, *, safe: bool) -> None:
        """A state came. `safe`: no hazard reigns, or the window is closed that far. On its way is not there."""
        if self._out is not None and state.command_id == self._out[0]:
            self._took(self._out[2])
        if self._stale is not None and self._stale[0] != (state.session, state.rev):
            self._of(self._stale[1]).not_before = float("-inf")
            self._stale = None
        if safe:
            self._safety.reset()
            self._refused = None

    def forget(self) -> None:
        """MQTT is gone: nothing is out."""
        self.last = self._out = self._stale = self._refused = None
        self._safety.reset()
        self._comfort.reset()

    def view(self, now: float) -> OrderView:
        """What a decision sees."""
        since = self._safety.since
        return OrderView(
            safety_wait_s=self._safety.left_s(now),
            comfort_wait_s=self._comfort.left_s(now),
            refused=self._refused,
            silent=since is not None and now - since >= SILENT_AFTER_S and self._safety.tries >= SILENT_AFTER_TRIES,
        )

    def moments(self) -> tuple[float | None, ...]:
        """When a command may leave again, and when the window counts as silent."""
        since = self._safety.since
        return (
            self._safety.not_before,
            self._comfort.not_before,
            None if since is None else since + SILENT_AFTER_S,
        )

    def _took(self, wanted: Wanted) -> None:
        self._out = None
        if wanted.source is Source.SAFETY:
            self._refused = None
        else:
            self.last = wanted
            self._comfort.reset()

    def _of(self, source: Source) -> _Repeats:
        return self._safety if source is Source.SAFETY else self._comfort
