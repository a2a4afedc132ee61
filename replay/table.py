"""What a replay found, as lines for a terminal. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from custom_components.smart_window.recorder.rows import ReplayRow

HEAD = ("asked (UTC)", "said then", "says now", "did then", "does now", "rule then", "rule now", "")


def lines(rows: Sequence[ReplayRow], *, every: bool) -> list[str]:
    """The table; without `every` only what would be done otherwise, or was not answered."""
    shown = [row for row in rows if every or row.differs or row.error is not None]
    cells = [HEAD, *(_cells(row) for row in shown)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEAD))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return [*(table if shown else []), summary(rows)]


def summary(rows: Iterable[ReplayRow]) -> str:
    """One line that counts."""
    every = list(rows)
    differ, silent = sum(row.differs for row in every), sum(row.error is not None for row in every)
    return f"{len(every)} questions asked again: {differ} would end otherwise, {silent} were not answered"


def _cells(row: ReplayRow) -> tuple[str, ...]:
    note = row.error or ("differs" if row.differs else "")
    return (
        datetime.fromtimestamp(row.ts, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        _said(row.position_then, row.confidence_then),
        _said(row.position_now, row.confidence_now),
        _did(row.moves_then),
        _did(row.moves_now),
        row.why_then,
        row.why_now,
        note,
    )


def _said(position: float | None, confidence: float | None) -> str:
    if position is None:
        return "–"
    return f"{position:.0f} %" if confidence is None else f"{position:.0f} % ({confidence:.2f})"


def _did(position: float | None) -> str:
    return "stays" if position is None else f"{position:.0f} %"
