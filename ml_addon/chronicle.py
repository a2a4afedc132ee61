"""The last answers and how long they took, for the status page. Kept in memory alone. Pure."""

import bisect
from collections import deque
from dataclasses import dataclass

from .prediction import Failure, Prediction

BOUNDS_MS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_KEPT = 30


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer. `wall` is Unix seconds, `took_ms` from receipt to the moment when the answer left."""

    wall: float
    device_id: str
    outcome: Prediction | Failure
    acted: bool
    took_ms: float


class Chronicle:
    """The newest answers first, and a histogram of all since the start."""

    def __init__(self) -> None:
        self.answers: deque[Answered] = deque(maxlen=_KEPT)
        self.buckets = [0] * (len(BOUNDS_MS) + 1)
        self.total_ms = 0.0

    def note(self, answered: Answered) -> None:
        """Keep an answer. Refusals are shown, and say nothing about speed."""
        self.answers.appendleft(answered)
        if isinstance(answered.outcome, Prediction):
            self.buckets[bisect.bisect_left(BOUNDS_MS, answered.took_ms)] += 1
            self.total_ms += answered.took_ms
