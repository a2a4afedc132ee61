"""What the record says of one decision: the rows of a chain, or the decision that stood at a moment."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from .client import Client
from .server import ServerSettings

type Said = Mapping[str, object]

_MOST: Final = 100
_CHAIN: Final = {
    "question": "ml_predictions",
    "decision": "decisions",
    "action": "window_actions",
    "correction": "corrections",
    "sound": "sensor_audio",
}
_BULKY: Final = ("snapshot", "request", "features", "levels")
_DAY_S: Final = 86_400.0
_BEFORE_MS: Final = 60_000
_AFTER_MS: Final = 86_400_000
_FOR_EVER: Final = 4_102_444_800_000  # 2100
_WITHIN: Final = "ts >= fromUnixTimestamp64Milli({since:Int64}) AND ts <= fromUnixTimestamp64Milli({until:Int64})"


async def chain(settings: ServerSettings, device_id: str, correlation_id: str) -> list[Said]:
    """The rows with this id, oldest first; each has `what` and `ts` (Unix seconds). Raises ServerError."""
    client = Client(settings)
    try:
        await client.open()
        found: list[Said] = []
        wanted = {"device_id": device_id, "correlation_id": correlation_id}
        # Tables are sorted by time: once it is known when it was asked, the rest is not searched for in all years.
        since, until = 0, _FOR_EVER
        for what, table in _CHAIN.items():
            query = _select(table, f"correlation_id = {{correlation_id:String}} AND {_WITHIN}")
            rows = await client.rows(query, wanted | {"since": str(since), "until": str(until)})
            found += [_said(what, row) for row in rows]
            if what == "question" and rows:
                asked = int(str(rows[0][0]))
                since, until = asked - _BEFORE_MS, asked + _AFTER_MS
    finally:
        await client.close()
    return sorted(found, key=_moment)


async def decision_at(settings: ServerSettings, device_id: str, at: float) -> Said | None:
    """The decision that stood at `at` (Unix seconds): the last one of the day before it. Raises ServerError."""
    client = Client(settings)
    try:
        await client.open()
        query = _select("decisions", _WITHIN, newest=True)
        ticks = {"until": str(round(at * 1000)), "since": str(round((at - _DAY_S) * 1000))}
        rows = await client.rows(query, {"device_id": device_id, **ticks})
    finally:
        await client.close()
    return _said("decision", rows[0]) if rows else None


def _select(table: str, where: str, *, newest: bool = False) -> str:
    order, limit = ("DESC", 1) if newest else ("ASC", _MOST)
    return (
        f"SELECT toUnixTimestamp64Milli(ts), formatRowNoNewline('JSONEachRow', *) "  # noqa: S608  # our own names; values are parameters
        f"FROM {table} WHERE device_id = {{device_id:String}} AND {where} ORDER BY ts {order} LIMIT {limit}"
    )


def _said(what: str, row: Sequence[object]) -> Said:
    ticks, text = row
    content: dict[str, object] = json.loads(str(text))
    for name in ("device_id", *_BULKY):
        content.pop(name, None)
    return {"what": what, **content, "ts": int(str(ticks)) / 1000}


def _moment(said: Said) -> float:
    return float(str(said["ts"]))
