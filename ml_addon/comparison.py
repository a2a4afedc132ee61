"""How the model that looks on compares with the one that serves. Pure, in bounded memory."""

import math
from collections import OrderedDict, deque
from dataclasses import dataclass

APART = 5.0  # points of position: one step of the models' scale
ENOUGH = 10  # corrections that speak for one of the two, before anything is said of which is better
_Z = 1.96  # 95 % of a normal distribution, both sides
_REMEMBERED = 512  # questions whose owners may still correct them
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Pair:
    """What both said to one question: positions in percent, confidences 0 … 1. `wall` is Unix seconds."""

    correlation_id: str
    device_id: str
    wall: float
    position: float
    confidence: float
    shadow_position: float
    shadow_confidence: float

    @property
    def difference(self) -> float:
        """Points of position between the two."""
        return abs(self.position - self.shadow_position)


@dataclass(frozen=True, slots=True)
class Report:
    """The comparison so far; a mean is None while there is nothing that it could be of."""

    version: str
    questions: int = 0
    differed: int = 0
    corrections: int = 0
    nearer: int = 0
    farther: int = 0
    shed: int = 0
    difference: float | None = None
    confidence: float | None = None
    shadow_confidence: float | None = None
    distance: float | None = None
    shadow_distance: float | None = None
    better: bool | None = None

    def counts(self) -> dict[str, int]:
        """What was counted, as the status names it."""
        return {
            "questions": self.questions,
            "differed": self.differed,
            "corrections": self.corrections,
            "nearer": self.nearer,
            "farther": self.farther,
            "shed": self.shed,
        }

    def means(self) -> dict[str, float | None]:
        """What is a mean, as the status names it."""
        return {
            "difference": self.difference,
            "confidence": self.confidence,
            "shadow_confidence": self.shadow_confidence,
            "distance": self.distance,
            "shadow_distance": self.shadow_distance,
        }


@dataclass(slots=True)
class _Mean:
    total: float = 0.0
    count: int = 0

    def add(self, value: float) -> None:
        self.total += value
        self.count += 1

    @property
    def value(self) -> float | None:
        return self.total / self.count if self.count else None


class Comparison:
    """Of one pair of versions, from when the second began to look on."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.shed = 0
        self.apart: deque[Pair] = deque(maxlen=_SHOWN)  # the last questions on which they differed, newest first
        self._open: OrderedDict[str, Pair] = OrderedDict()
        self._judged: OrderedDict[str, None] = OrderedDict()
        self._differed = self._nearer = self._farther = 0
        self._difference, self._confidence, self._shadow_confidence = _Mean(), _Mean(), _Mean()
        self._distance, self._shadow_distance = _Mean(), _Mean()

    def note(self, pair: Pair) -> None:
        """Both answered a question."""
        self._difference.add(pair.difference)
        self._confidence.add(pair.confidence)
        self._shadow_confidence.add(pair.shadow_confidence)
        if pair.difference >= APART:
            self._differed += 1
            self.apart.appendleft(pair)
        self._open[pair.correlation_id] = pair
        if len(self._open) > _REMEMBERED:
            self._open.popitem(last=False)

    def recall(self, correlation_id: str) -> Pair | None:
        """What both said to that question, while it is remembered."""
        return self._open.get(correlation_id)

    def corrected(self, correlation_id: str, wanted: float, position: float, shadow_position: float) -> None:
        """An owner set `wanted` where the two said what they said; all in percent. A repeated message counts once."""
        if correlation_id in self._judged:
            return
        self._judged[correlation_id] = None
        if len(self._judged) > _REMEMBERED:
            self._judged.popitem(last=False)
        served, shadowed = abs(position - wanted), abs(shadow_position - wanted)
        self._distance.add(served)
        self._shadow_distance.add(shadowed)
        self._nearer += shadowed < served
        self._farther += served < shadowed

    def report(self) -> Report:
        """The comparison so far."""
        return Report(
            version=self.version,
            questions=self._difference.count,
            differed=self._differed,
            corrections=self._distance.count,
            nearer=self._nearer,
            farther=self._farther,
            shed=self.shed,
            difference=self._difference.value,
            confidence=self._confidence.value,
            shadow_confidence=self._shadow_confidence.value,
            distance=self._distance.value,
            shadow_distance=self._shadow_distance.value,
            better=verdict(self._nearer, self._farther),
        )


def verdict(nearer: int, farther: int) -> bool | None:
    """Whether the one that looks on is better, by whom the corrections were nearer to; None: too few, or too even.

    Wilson's interval (1927) for the share of corrections that speak for it, at 95 %, must lie on one side of one half.
    Owners correct what served: a model that merely errs elsewhere looks better here than it is.
    """
    count = nearer + farther
    if count < ENOUGH:
        return None
    share = nearer / count
    middle = share + _Z**2 / (2 * count)
    spread = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    low, high = ((middle + way * spread) / (1 + _Z**2 / count) for way in (-1, 1))
    if low > 1 / 2:
        return True
    return False if high < 1 / 2 else None
