"""What is attacked: a decoder with the payloads that it knows."""

from collections.abc import Callable
from dataclasses import dataclass


def promise(what: str, holds: bool) -> None:
    """What a decoder says beside yes and no must hold too."""
    if not holds:
        raise AssertionError(what)


@dataclass(frozen=True, slots=True)
class Target:
    """One decoder.

    `feed` gives True for what was taken and False for what the room's own error refused; whatever it raises is a fault.
    `state`: what no refused payload may change. `mend` makes checksums fit, and is asked every second time: past them
    lies the code that nobody reaches by chance.
    """

    name: str
    seeds: tuple[bytes, ...]
    feed: Callable[[bytes], bool]
    most_bytes: int = 65_536
    state: Callable[[], object] | None = None
    mend: Callable[[bytes], bytes] | None = None
    one_of: int = 1
    """A slow one gets one input where others get so many."""
    most_memory: int = 1_000_000
    """Bytes that one input may take beside 64 times its own size."""

    def __post_init__(self) -> None:
        if not self.seeds:
            raise ValueError(f"{self.name} has no payloads to begin with")
