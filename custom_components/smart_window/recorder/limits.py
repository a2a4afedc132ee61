"""How much the recorder holds, how long things may take, and what it counts."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """A full memory takes some 50 MB.

    `batch_age_s` + what an insert takes is the usual way of a row; one that is not stored `spool_after_s` after it came
    is on disk by then. So a crash loses at most what came in the last second.
    """

    queue_rows: int = 50_000
    batch_rows: int = 10_000  # an insert of one row costs the server 12 ms already
    batch_age_s: float = 0.5
    spool_after_s: float = 1.0
    outbox_rows: int = 200_000  # of an outbox in memory
    retry_first_s: float = 1.0
    retry_longest_s: float = 60.0
    stop_s: float = 5.0
    clock_s: float = 300.0  # how far our clock and the server's may be apart


@dataclass(slots=True)
class Counts:
    """Rows (where nothing else is said), since the recorder was made."""

    stored: int = 0
    spooled: int = 0  # waited in the outbox before they were stored
    invalid: int = 0  # without a time or a device that could be stored
    nulled: int = 0  # values, not rows: out of their column's range
    refused: int = 0  # memory was full, or the recorder stops
    dropped: int = 0  # thinned: the server was away for too long
    set_aside: int = 0  # no server would ever take their batch
    damaged: int = 0  # their file in the spool cannot be read
    lost_at_stop: int = 0
    failures: int = 0  # tries, not rows
    errors: dict[str, int] = field(default_factory=dict[str, int])  # failed tries by problem
    insert_ms: float | None = None  # how long the last insert took
