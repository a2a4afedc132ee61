"""Questions out of the record, each with its answer of then and all that its decision rested on."""

import json
from dataclasses import dataclass
from typing import Final

from custom_components.smart_window.decision import Snapshot
from custom_components.smart_window.frozen_json import from_json
from custom_components.smart_window.recorder.client import Client

_QUESTIONS: Final = """
SELECT toUnixTimestamp64Milli(p.ts), p.correlation_id, p.request, p.position, p.confidence, p.model_version,
    p.acted AND m.correlation_id != '', d.why, d.command_position, d.snapshot
FROM
(
    SELECT * FROM ml_predictions
    WHERE device_id = {device:String} AND ts >= fromUnixTimestamp64Milli({since:Int64})
        AND ts < fromUnixTimestamp64Milli({until:Int64})
    ORDER BY ts DESC LIMIT 1 BY correlation_id
) AS p
ANY LEFT JOIN
(
    SELECT assumeNotNull(correlation_id) AS correlation_id, why, command_position, snapshot FROM decisions
    WHERE device_id = {device:String} AND ts >= fromUnixTimestamp64Milli({since:Int64})
        AND ts < fromUnixTimestamp64Milli({until:Int64}) AND correlation_id IS NOT NULL AND snapshot != ''
    ORDER BY ts DESC LIMIT 1 BY correlation_id
) AS d ON d.correlation_id = p.correlation_id
ANY LEFT JOIN
(
    SELECT assumeNotNull(correlation_id) AS correlation_id FROM window_actions
    WHERE device_id = {device:String} AND ts >= fromUnixTimestamp64Milli({since:Int64}) AND correlation_id IS NOT NULL
        AND (kind = 'moved' OR result IN ('accepted', 'duplicate'))
) AS m ON m.correlation_id = p.correlation_id
ORDER BY p.ts
LIMIT {most:UInt32}"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One question. `ts` is Unix seconds, positions are percent; `moved`: the window did what the model wanted."""

    ts: float
    device_id: str
    correlation_id: str
    request: dict[str, object]
    snapshot: Snapshot
    position: float | None
    confidence: float | None
    model_version: str | None
    moved: bool
    why: str
    command_position: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """The questions that can be asked again, and how many were recorded before that was possible, or unreadably."""

    questions: tuple[Recorded, ...]
    left_out: int


async def questions(client: Client, device_id: str, since: float, until: float, most: int) -> Found:
    """Read them, oldest first. `since` and `until` are Unix seconds. Raises ServerError."""
    rows = await client.rows(
        _QUESTIONS,
        {"device": device_id, "since": _ticks(since), "until": _ticks(until), "most": str(most)},
    )
    found = [_read(device_id, tuple(row)) for row in rows]
    whole = tuple(one for one in found if one is not None)
    return Found(whole, len(found) - len(whole))


def _read(device_id: str, row: tuple[object, ...]) -> Recorded | None:
    ticks, correlation_id, request, position, confidence, model_version, moved, why, command, snapshot = row
    if not request or not snapshot:
        return None
    try:
        asked = json.loads(str(request))
        rested_on = from_json(Snapshot, json.loads(str(snapshot)))
    except ValueError, RecursionError:
        return None
    if not isinstance(asked, dict):
        return None
    return Recorded(
        ts=int(str(ticks)) / 1000,
        device_id=device_id,
        correlation_id=str(correlation_id),
        request=asked,
        snapshot=rested_on,
        position=_number(position),
        confidence=_number(confidence),
        model_version=None if model_version is None else str(model_version),
        moved=bool(moved),
        why=str(why),
        command_position=_number(command),
    )


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _ticks(seconds: float) -> str:
    return str(round(seconds * 1000))
