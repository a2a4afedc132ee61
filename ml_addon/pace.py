"""How often one window may ask, so that a flood from one costs the others nothing. Pure."""

from collections import OrderedDict

_BURST_S = 5.0  # so many seconds' worth may come at once
_MAX_WINDOWS = 4096  # remembered at a time; the one that was silent longest is forgotten first


class Pace:
    """A bucket of leave per window. `per_second` questions a second, five seconds' worth at once."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._most = max(1.0, per_second * _BURST_S)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and when that was so

    def admits(self, device_id: str, now: float) -> bool:
        """Whether the window may ask at `now` (seconds, monotonic). A yes is used up."""
        left, since = self._buckets.pop(device_id, (self._most, now))
        left = min(self._most, left + max(0.0, now - since) * self._per_second)
        admitted = left >= 1
        self._buckets[device_id] = (left - admitted, now)
        if len(self._buckets) > _MAX_WINDOWS:
            self._buckets.popitem(last=False)
        return admitted
