"""What the page shows, in words and numbers. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..chronicle import BOUNDS_MS, Answered
from ..comparison import APART, ENOUGH, Pair, Report
from ..prediction import Failure, Prediction
from ..strict_json import Json

_MAX_REASONS = 4
_NOT_SHOWN = ("golden",)
_DEEPEST, _LONG = 3, 32


@dataclass(frozen=True, slots=True)
class Notice:
    """What came of a button."""

    kind: Literal["good", "bad"]
    text: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer in words."""

    title: str
    detail: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One answer in the table."""

    time: str
    window: str
    position: str
    confidence: str
    reasons: str
    took: str
    acted: bool
    failed: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the histogram; `share` is 0 to 100 of the largest."""

    label: str
    count: int
    share: int


def answer(prediction: Prediction) -> Answer:
    """Say what the model answered."""
    sure = f"{prediction.confidence:.0%} sure, {prediction.timings_ms.get('total', 0):.1f} ms"
    return Answer(f"{prediction.position:.0f} % open", sure, _reasons(prediction))


def answered(given: Answered) -> Row:
    """One row of the table."""
    time = _clock(given.wall)
    took = f"{given.took_ms:.0f} ms"
    match given.outcome:
        case Prediction() as found:
            position, confidence = f"{found.position:.0f} %", f"{found.confidence:.0%}"
            reasons = ", ".join(_reasons(found)) or "nothing stands out"
            return Row(time, given.device_id, position, confidence, reasons, took, given.acted, failed=False)
        case Failure(code, message):
            return Row(time, given.device_id, "–", "–", f"{code}: {message}", took, acted=False, failed=True)


def _reasons(prediction: Prediction) -> tuple[str, ...]:
    return tuple(f"{r.code.replace('_', ' ')} {r.effect:+.0f}" for r in prediction.reasons[:_MAX_REASONS])


@dataclass(frozen=True, slots=True)
class Compared:
    """How the model that looks on compares with the one that serves."""

    version: str
    verdict: str
    kind: Literal["good", "bad", "open"]
    questions: int
    figures: tuple[tuple[str, str], ...]
    sides: tuple[tuple[str, str, str], ...]
    shed: int


@dataclass(frozen=True, slots=True)
class Apart:
    """One question on which the two differed."""

    time: str
    window: str
    served: str
    shadow: str
    sure: str
    shadow_sure: str


def compared(report: Report) -> Compared:
    """Say how the two compare."""
    kind, verdict = _verdict(report)
    share = f"{report.differed / report.questions:.0%}" if report.questions else "–"
    return Compared(
        version=report.version,
        verdict=verdict,
        kind=kind,
        questions=report.questions,
        figures=(
            ("questions that both answered", str(report.questions)),
            (f"of them {APART:g} points apart or more", f"{report.differed} ({share})"),
            ("mean difference, points", _mean(report.difference)),
            ("corrections by owners", str(report.corrections)),
        ),
        sides=(
            ("mean confidence", _share(report.confidence), _share(report.shadow_confidence)),
            ("nearer to what the owner set", str(report.farther), str(report.nearer)),
            ("mean distance from it, points", _mean(report.distance), _mean(report.shadow_distance)),
        ),
        shed=report.shed,
    )


def _verdict(report: Report) -> tuple[Literal["good", "bad", "open"], str]:
    match report.better:
        case True:
            return "good", f"{report.version} is better: owners' corrections were nearer to it."
        case False:
            return "bad", f"{report.version} is worse: owners' corrections were nearer to the one that serves."
        case None:
            decided = report.nearer + report.farther
            if decided < ENOUGH:
                return "open", f"Too early to say: {decided} of the {ENOUGH} corrections that are needed."
            return "open", f"{decided} corrections show no difference."


def apart(pair: Pair) -> Apart:
    """One row of the questions on which the two differed."""
    return Apart(
        _clock(pair.wall),
        pair.device_id,
        f"{pair.position:.0f} %",
        f"{pair.shadow_position:.0f} %",
        f"{pair.confidence:.0%}",
        f"{pair.shadow_confidence:.0%}",
    )


def _mean(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _clock(wall: float) -> str:
    return dt.datetime.fromtimestamp(wall, dt.UTC).strftime("%H:%M:%S")


def bars(buckets: Sequence[int]) -> list[Bar]:
    """The histogram of how long answers took."""
    labels = [f"≤ {bound:g} ms" for bound in BOUNDS_MS] + [f"> {BOUNDS_MS[-1]:g} ms"]
    most = max(buckets) or 1
    return [Bar(label, count, round(100 * count / most)) for label, count in zip(labels, buckets, strict=True)]


def card(metadata: Mapping[str, Json], above: str = "") -> list[tuple[str, str]]:
    """A model's card as names and values. What is only there to try the model with stays in the file."""
    found: list[tuple[str, str]] = []
    for name, value in metadata.items():
        words = f"{above}{name.replace('_', ' ')}"
        match value:
            case dict() if name not in _NOT_SHOWN and above.count(":") < _DEEPEST:
                found += card(value, f"{words}: ")
            case str() if len(value) > _LONG and " " not in value:
                found.append((words, f"{value[:12]}…"))
            case str() | int() | float():
                found.append((words, str(value)))
            case _:
                pass
    return found
