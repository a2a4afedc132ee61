"""How a reading changed over the last half hour, per hour. Pure."""

from collections import deque

from .changes import Reading

LOOKS_BACK_S = 1800.0
_LEAST_S = 900.0
"""Over a shorter time a trend is noise."""
_THINNED_S = 60.0
"""Readings nearer to each other than this tell nothing more."""


class Trend:
    """Keeps a few dozen readings of one kind."""

    def __init__(self) -> None:
        self._kept: deque[Reading] = deque()

    def notice(self, reading: Reading) -> None:
        """A reading came. A kept one (`at` -inf) says nothing of time."""
        if reading.at == float("-inf"):
            return
        if self._kept and reading.at - self._kept[-1].at < _THINNED_S:
            return
        self._kept.append(reading)
        # One that is older stays, so that there is one to compare with.
        while len(self._kept) > 1 and self._kept[1].at <= reading.at - LOOKS_BACK_S:
            self._kept.popleft()

    def per_hour(self, latest: Reading | None) -> float | None:
        """The change up to the latest reading; None while too little is known."""
        if latest is None or latest.at == float("-inf"):
            return None
        for reading in self._kept:
            passed = latest.at - reading.at
            if passed > 2 * LOOKS_BACK_S:
                continue
            return (latest.value - reading.value) * 3600 / passed if passed >= _LEAST_S else None
        return None
