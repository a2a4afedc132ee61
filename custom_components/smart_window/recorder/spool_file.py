"""A batch as a file: what its name says, and its bytes. Pure.

The bytes are JSON by columns, packed with gzip level 1: 5,000 readings are written with fsync in some 8 ms and take
8 bytes each, without any library. Whatever must survive a crash is in the name, which changes in one step:

    FIRST-LAST-ROWS-LEVEL-TOKEN-TABLE.json.gz

FIRST and LAST are the places of the batches that went into it (more than one after small ones were merged), LEVEL says
how often it was thinned.
"""

import gzip
import json
import re
import zlib
from collections import defaultdict
from dataclasses import dataclass

from .outbox import Batch
from .tables import TABLES

SUFFIX = ".json.gz"
_NAME = re.compile(r"(\d{12})-(\d{12})-(\d+)-(\d+)-([0-9A-Za-z_]+)-([a-z0-9_]+)\.json\.gz")
_ROW_BYTES = 1_000_000  # unpacked; no row holds more than a message
_MOST_BYTES = 400_000_000
_LEVEL = 1  # of gzip: higher ones take several times as long for a few percent


class DamagedFileError(Exception):
    """The bytes are not those of a batch."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the name of a file says."""

    first: int
    last: int
    rows: int
    level: int
    token: str
    table: str

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.first:012}-{self.last:012}-{self.rows}-{self.level}-{self.token}-{self.table}{SUFFIX}"

    def replaces(self, other: Entry) -> bool:
        """Say whether the other is an older copy of what is in this one."""
        covers = self.table == other.table and self.first <= other.first and other.last <= self.last
        return covers and ((self.first, self.last) != (other.first, other.last) or self.level > other.level)


def entry_of(name: str) -> Entry | None:
    """Read a file's name; None: not ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    first, last, rows, level = (int(found[group]) for group in range(1, 5))
    return Entry(first, last, rows, level, found[5], found[6])


def pack(batch: Batch) -> bytes:
    """Return a batch's bytes."""
    columns = batch.columns or tuple(TABLES[batch.table].names)
    content = {"columns": columns, "values": list(zip(*batch.rows, strict=True))}
    return gzip.compress(json.dumps(content, separators=(",", ":")).encode(), _LEVEL, mtime=0)


def unpack(entry: Entry, content: bytes) -> Batch:
    """Return the batch in a file. Raises DamagedFileError."""
    try:
        read = json.loads(_unzipped(content, min(_ROW_BYTES * (entry.rows + 1), _MOST_BYTES)))
        columns = tuple(str(name) for name in read["columns"])
        rows = tuple(zip(*read["values"], strict=True))
    except (EOFError, OSError, zlib.error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedFileError(f"{entry.name}: {type(error).__name__}: {error}") from error
    if len(rows) != entry.rows or any(len(row) != len(columns) for row in rows[:1]):
        raise DamagedFileError(f"{entry.name}: expected {entry.rows} rows of {len(columns)} columns")
    return Batch(entry.table, entry.token, rows, columns)


def _unzipped(content: bytes, most: int) -> bytes:
    """Return what is packed, at most so many bytes. ValueError for more, or for something behind it."""
    unzip = zlib.decompressobj(wbits=31)  # one gzip member
    plain = unzip.decompress(content, most)
    if not unzip.eof or unzip.unused_data:
        raise ValueError(f"it does not end within {most} bytes")
    return plain


def merge(entries: list[Entry], batches: list[Batch], token: str) -> tuple[Entry, Batch]:
    """Join batches of one table, columns and level that were never sent, in order, under a new token."""
    rows = tuple(row for batch in batches for row in batch.rows)
    head = entries[0]
    entry = Entry(head.first, entries[-1].last, len(rows), head.level, token, head.table)
    return entry, Batch(head.table, token, rows, batches[0].columns)


def thin(entry: Entry, batch: Batch) -> tuple[Entry, Batch] | None:
    """Leave out every second row of each device; None when that leaves as many as before.

    The token stays: if the server has the batch already, it has it whole, and drops the thinned copy.
    """
    columns = batch.columns or tuple(TABLES[batch.table].names)
    device = columns.index("device_id") if "device_id" in columns else None
    seen: defaultdict[str | None, int] = defaultdict(int)
    left = []
    for row in batch.rows:
        key = None if device is None else str(row[device])  # what a damaged file may hold instead has no hash
        if seen[key] % 2 == 0:
            left.append(row)
        seen[key] += 1
    if len(left) == len(batch.rows):
        return None
    thinner = Entry(entry.first, entry.last, len(left), entry.level + 1, entry.token, entry.table)
    return thinner, Batch(batch.table, batch.token, tuple(left), batch.columns)
