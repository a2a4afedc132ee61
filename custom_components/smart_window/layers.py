"""What the model learnt of a window's owner: the layer in force, and those before it. Pure.

Nothing is taken back without leaving a trace: a reset and a return are new versions as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final, Self

from .contract import ContractError, Layer
from .contract.fields import Fields, integer, line, listed, nullable, number, word
from .contract.inference import read_layer

KEPT: Final = 20
"""Versions of each window; older ones are forgotten."""

_seconds = number(0, 1e11)
_count = integer(0, 2**53)


@unique
class Origin(StrEnum):
    """How a version came about."""

    LEARNT = "learnt"
    RESET = "reset"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `layer` None: nothing is known of the owner. `wall`: Unix seconds."""

    number: int
    origin: Origin
    layer: Layer | None
    model_version: str | None
    wall: float

    def to_dict(self) -> Mapping[str, object]:
        """For the store, as JSON."""
        return {
            "number": self.number,
            "origin": self.origin,
            "layer": None if self.layer is None else dict(self.layer.to_json()),
            "model_version": self.model_version,
            "wall": self.wall,
        }


@dataclass(frozen=True, slots=True)
class Layers:
    """Of one window, oldest first; the last one is in force."""

    versions: tuple[Version, ...] = ()

    @property
    def present(self) -> Layer | None:
        """What is sent with each question."""
        return self.versions[-1].layer if self.versions else None

    @property
    def number(self) -> int:
        """Of the version in force; 0: there was none yet."""
        return self.versions[-1].number if self.versions else 0

    def learnt(self, layer: Layer, model_version: str | None, wall: float) -> Self:
        """After a correction."""
        return self._with(Origin.LEARNT, layer, model_version, wall)

    def reset(self, wall: float) -> Self:
        """The owner wants all of it forgotten."""
        return self if self.present is None else self._with(Origin.RESET, None, None, wall)

    def rolled_back(self, wall: float, to: int | None = None) -> Self:
        """Back to a version, by its number; None: the one before. LookupError where it is not kept."""
        earlier = [version for version in self.versions[:-1] if to is None or version.number == to]
        if not earlier:
            raise LookupError(to)
        return self._with(Origin.ROLLED_BACK, earlier[-1].layer, earlier[-1].model_version, wall)

    def to_dict(self) -> Mapping[str, object]:
        """For the store, as JSON."""
        return {"versions": [dict(version.to_dict()) for version in self.versions]}

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """From the store; anything that does not fit gives none."""
        try:
            return cls(tuple(Fields.of(data, "layers").need("versions", listed(_stored, 0, KEPT))))
        except ContractError:
            return cls()

    def _with(self, origin: Origin, layer: Layer | None, model_version: str | None, wall: float) -> Self:
        version = Version(self.number + 1, origin, layer, model_version, wall)
        return type(self)((*self.versions, version)[-KEPT:])


def _stored(value: object, where: str) -> Version:
    fields = Fields.of(value, where)
    return Version(
        number=fields.need("number", _count),
        origin=fields.need("origin", word(Origin)),
        layer=fields.need("layer", nullable(read_layer)),
        model_version=fields.need("model_version", nullable(line)),
        wall=fields.need("wall", _seconds),
    )
