"""When a window was last set in motion, and by whom. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from .contract import ContractError, Operation, Source, State
from .contract.fields import Fields, nullable, number, word

_seconds = number(0, 1e11)


@dataclass(frozen=True, slots=True)
class LastMove:
    """`wall`: Unix seconds. `source` None: the window did not say."""

    wall: float
    source: Source | None

    def to_dict(self) -> Mapping[str, object]:
        """For the store, as JSON."""
        return {"wall": self.wall, "source": self.source}

    @classmethod
    def from_dict(cls, data: object) -> Self | None:
        """From the store; None for anything that does not fit."""
        try:
            fields = Fields.of(data, "last_move")
            return cls(fields.need("wall", _seconds), fields.need("source", nullable(word(Source))))
        except ContractError:
            return None


def set_in_motion(before: State | None, after: State) -> bool:
    """Whether a move began between two states of a window: it got another target, or began to run."""
    if before is None:
        return False
    if after.target is not None and before.target is not None and after.target != before.target:
        return True
    return before.operation is Operation.IDLE and after.operation is not Operation.IDLE
