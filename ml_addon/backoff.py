"""Pauses between attempts: they grow, are spread at random, and never end. Pure."""

from collections.abc import Callable

FIRST_S, LONGEST_S = 0.5, 60.0


class Backoff:
    """`random` gives numbers from 0 to 1."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._next_s = FIRST_S

    def pause(self) -> float:
        """Return the next pause in seconds: half sure, half at random, so that not all come at once."""
        pause = self._next_s * (0.5 + 0.5 * self._random())
        self._next_s = min(2 * self._next_s, LONGEST_S)
        return pause

    def reset(self) -> None:
        """Begin again with the shortest pause."""
        self._next_s = FIRST_S
