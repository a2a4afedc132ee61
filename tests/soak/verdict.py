"""What must hold after a soak, judged from what was counted. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

MOST_GROWTH: Final = 0.01
"""Of traced Python memory over the second half."""


@dataclass(frozen=True, slots=True)
class Count:
    """What could leak, at rest: the least of some looks, since a request or a file write may pass by."""

    traced: int
    """Bytes of Python memory in Home Assistant, traced."""
    tasks: int
    listeners: int
    signals: int
    subscriptions: int
    files: int
    """Open files of Home Assistant, sockets among them."""
    service_files: int
    service_threads: int


def least(counts: Sequence[Count]) -> Count:
    """The least of each."""
    return Count(*(min(getattr(count, field.name) for count in counts) for field in fields(Count)))


def leaks(warm: Count, half: Count, end: Count) -> Iterator[str]:
    """What there is more of at the end than after the warm-up; memory is compared with half of the way."""
    for field in fields(Count):
        before, after = getattr(warm, field.name), getattr(end, field.name)
        if field.name != "traced" and after > before:
            yield f"{field.name}: {before} after the warm-up, {after} at the end"
    growth = end.traced / half.traced - 1
    if growth >= MOST_GROWTH:
        yield f"traced memory grew by {growth:.2%} over the second half, from {half.traced} to {end.traced} bytes"


def most_grown(before: Mapping[str, int], after: Mapping[str, int], most: int = 12) -> list[tuple[str, int]]:
    """Who holds more than before, the most first."""
    grown = [(name, size - before.get(name, 0)) for name, size in after.items()]
    return sorted((one for one in grown if one[1] > 0), key=lambda one: -one[1])[:most]
