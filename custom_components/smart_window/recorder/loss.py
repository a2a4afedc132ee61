"""Rows that will never be stored, by cause: each is counted and told. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class LossKind(StrEnum):
    """Why rows are gone. The values are keys of translations."""

    REFUSED = "refused"  # memory was full
    THINNED = "thinned"  # the spool was full: readings were thinned, the oldest first
    REJECTED = "rejected"  # no server will ever take the batch: set aside
    DAMAGED = "damaged"  # a file of the spool cannot be read: set aside


@dataclass(frozen=True, slots=True)
class Loss:
    """So many rows of a table; an empty table means several."""

    kind: LossKind
    table: str
    rows: int
