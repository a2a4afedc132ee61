"""Is the model as often right as it is sure? From the record: each answer's confidence, and what came of it.

Right is a move that no hand undid within half an hour, and a suggestion that the owner carried out; wrong is a move
that was undone, and a suggestion that was refused. An answer that moved nothing and that nobody judged says neither.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custom_components.smart_window.corrections import WITHIN_S
from custom_components.smart_window.recorder.client import Client

STEPS: Final = 10
_Z: Final = 1.96  # 95 % of a normal distribution, both sides

# A move is judged once its owner had the time to undo it: `settled` is the last moment of which that is so.
_OUTCOMES: Final = """
SELECT ifNull(model_version, ''), toUInt8(least(floor(confidence * {steps:UInt8}), {steps:UInt8} - 1)) AS step,
    count(), avg(confidence), countIf(outcome = 'right')
FROM
(
    SELECT p.model_version AS model_version, assumeNotNull(p.confidence) AS confidence, multiIf(
        c.kind IN ('undone', 'refused'), 'wrong',
        c.kind = 'agreed', 'right',
        m.correlation_id != '' AND p.ts < fromUnixTimestamp64Milli({settled:Int64}), 'right',
        'open') AS outcome
    FROM
    (
        SELECT ts, correlation_id, confidence, model_version FROM ml_predictions
        WHERE ({device:String} = '' OR device_id = {device:String}) AND ts >= fromUnixTimestamp64Milli({since:Int64})
            AND ts < fromUnixTimestamp64Milli({until:Int64}) AND confidence IS NOT NULL
        ORDER BY ts DESC LIMIT 1 BY correlation_id
    ) AS p
    ANY LEFT JOIN
    (
        SELECT assumeNotNull(correlation_id) AS correlation_id, kind FROM corrections
        WHERE ts >= fromUnixTimestamp64Milli({since:Int64}) AND correlation_id IS NOT NULL
        ORDER BY ts DESC LIMIT 1 BY correlation_id
    ) AS c ON c.correlation_id = p.correlation_id
    ANY LEFT JOIN
    (
        SELECT DISTINCT assumeNotNull(correlation_id) AS correlation_id FROM window_actions
        WHERE ts >= fromUnixTimestamp64Milli({since:Int64}) AND correlation_id IS NOT NULL
            AND (kind = 'moved' OR result IN ('accepted', 'duplicate'))
    ) AS m ON m.correlation_id = p.correlation_id
)
WHERE outcome != 'open'
GROUP BY model_version, step
ORDER BY model_version, step"""


@dataclass(frozen=True, slots=True)
class Step:
    """The answers that were so sure: `sure` is their mean confidence, 0 … 1."""

    version: str
    number: int
    count: int
    sure: float
    right: int

    @property
    def share(self) -> float:
        """How many of them were right, 0 … 1."""
        return self.right / self.count

    @property
    def between(self) -> tuple[float, float]:
        """Where the share lies with 95 %: Wilson (1927)."""
        middle = self.share + _Z**2 / (2 * self.count)
        spread = _Z * math.sqrt(self.share * (1 - self.share) / self.count + _Z**2 / (4 * self.count**2))
        low, high = ((middle + way * spread) / (1 + _Z**2 / self.count) for way in (-1, 1))
        return max(low, 0.0), min(high, 1.0)


async def steps(client: Client, device_id: str | None, since: float, until: float, now: float) -> list[Step]:
    """Read them by version and step; `device_id` None: of all windows. Times are Unix seconds. Raises ServerError."""
    rows = await client.rows(
        _OUTCOMES,
        {
            "device": device_id or "",
            "since": _ticks(since),
            "until": _ticks(until),
            "settled": _ticks(now - WITHIN_S),
            "steps": str(STEPS),
        },
    )
    return [_step(tuple(row)) for row in rows]


def calibration_error(found: Sequence[Step]) -> float:
    """How far sureness and rightness lie apart, in the mean of all answers (expected calibration error)."""
    return sum(step.count * abs(step.sure - step.share) for step in found) / sum(step.count for step in found)


def lines(found: Sequence[Step]) -> list[str]:
    """The diagram of each version, for a terminal."""
    if not found:
        return ["no answer with an outcome in this time: the model moved nothing, and nobody judged a suggestion"]
    told: list[str] = []
    for version in dict.fromkeys(step.version for step in found):
        own = [step for step in found if step.version == version]
        told.append(f"{version or 'without a version'}: sure        answers  mean   right  (95 %)")
        told += [_line(step) for step in own]
        count, right = sum(step.count for step in own), sum(step.right for step in own)
        told.append(f"  all {count:12}  {right / count:.2f} right, calibration error {calibration_error(own):.3f}")
    return told


def _line(step: Step) -> str:
    low, high = step.between
    bar = "█" * round(20 * step.share)
    return (
        f"  {step.number / STEPS:.1f} … {(step.number + 1) / STEPS:.1f} {step.count:8}  {step.sure:.2f}   "
        f"{step.share:.2f}  ({low:.2f} … {high:.2f})  {bar}"
    )


def _step(row: tuple[object, ...]) -> Step:
    version, number, count, sure, right = row
    return Step(str(version), int(str(number)), int(str(count)), float(str(sure)), int(str(right)))


def _ticks(seconds: float) -> str:
    return str(round(seconds * 1000))
