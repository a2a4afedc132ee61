"""A year of a house with ten windows, made inside ClickHouse from the two SQL files beside this one."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

END = 1_791_590_400  # 2026-10-10 00:00 UTC
DAYS = 366
DEVICES = tuple(f"window_0{number}" for number in range(10))
_AT_ONCE = 5_000_000
_COMMENT = re.compile(r"^--.*$", re.MULTILINE)

type Statement = tuple[str, Mapping[str, str]]
"""A statement and its parameters."""


def statements(readings: int) -> Iterator[Statement]:
    """Yield what fills an empty record with so many readings, half of each kind, oldest first, and all else."""
    whole = {"start": str(END - DAYS * 86_400), "end": str(END)}
    count = readings // 2
    turns = str(count // len(DEVICES))
    for first in range(0, count, _AT_ONCE):
        part = {"first": str(first), "many": str(min(_AT_ONCE, count - first)), "turns": turns}
        yield from ((text, whole | part) for text in _texts("_year_readings.sql"))
    yield from ((text, whole) for text in _texts("_year_record.sql"))


def _texts(name: str) -> Iterator[str]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return (part for raw in _COMMENT.sub("", text).split(";") if (part := raw.strip()))
