"""Moments as a person types them. Pure."""

import re
from datetime import datetime

_AGO = re.compile(r"(\d+(?:\.\d+)?)([mhdw])")
_UNITS = {"m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}


def moment(text: str, now: float) -> float:
    """Unix seconds of `24h` (ago), `2026-11-24`, `2026-11-24T21:30` (local time) or the like. Raises ValueError."""
    if text == "now":
        return now
    if (ago := _AGO.fullmatch(text)) is not None:
        return now - float(ago[1]) * _UNITS[ago[2]]
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise ValueError(f"{text}: expected now, 90m, 24h, 7d, 2w, 2026-11-24 or 2026-11-24T21:30") from error
