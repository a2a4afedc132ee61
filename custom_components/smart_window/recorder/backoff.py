"""Growing, jittered pauses between tries. Pure."""

from random import Random


class Backoff:
    """Each pause is up to twice the one before, between half and the whole of its length."""

    def __init__(self, first_s: float, longest_s: float, random: Random) -> None:
        """Begin with `first_s`, never beyond `longest_s`."""
        self._first_s = first_s
        self._longest_s = longest_s
        self._random = random
        self._next_s = first_s

    def pause_s(self) -> float:
        """Return the next pause."""
        length = self._next_s
        self._next_s = min(self._longest_s, length * 2)
        return length * self._random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begin anew."""
        self._next_s = self._first_s
