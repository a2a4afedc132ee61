"""The last rows of one window, which can be told of without a database. Pure.

They are kept small, without what is bulky: as objects, those of a thousand windows are a hundred megabytes.
"""

import pickle
from collections import deque
from dataclasses import replace
from typing import Final, cast

from .packing import Packing
from .recorder.rows import CorrectionRow, DecisionRow, PredictionRow, Row

RECENT: Final = 48


class Recent:
    """At most 48 rows, oldest first. Rows of a kind resemble each other, so that each kind is packed by itself."""

    __slots__ = ("_packings", "_rows")

    def __init__(self) -> None:
        self._packings: dict[type[Row], Packing] = {}
        self._rows: deque[tuple[type[Row], bytes]] = deque(maxlen=RECENT)

    def append(self, row: Row) -> None:
        """Keep it; the oldest goes where there is no room."""
        kind = type(row)
        packing = self._packings.get(kind)
        if packing is None:
            packing = self._packings[kind] = Packing()
        self._rows.append((kind, packing.pack(pickle.dumps(_slim(row), pickle.HIGHEST_PROTOCOL))))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Oldest first; of a question neither its text nor all that it rested on."""
        # What is unpickled was packed by this very object, and is never stored.
        return tuple(
            cast("Row", pickle.loads(self._packings[kind].unpack(packed)))  # noqa: S301  # nosec B301
            for kind, packed in self._rows
        )


def _slim(row: Row) -> Row:
    match row:
        case DecisionRow():
            return replace(row, snapshot="")
        case PredictionRow() | CorrectionRow():
            return replace(row, request="")
        case _:
            return row
