"""Which numbers describe a clip, in which order, under which name. Pure; the formulas are in contract/features.yaml.

A model file names the schema that it reads. A later schema gets a new name; what is named once never changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

N_MFCC = 20


@dataclass(frozen=True, slots=True)
class FeatureSchema:
    """An ordered list of features; `id` is what model files, windows and statuses call it."""

    id: str
    names: tuple[str, ...]

    def __len__(self) -> int:
        """How many numbers there are."""
        return len(self.names)

    def holds(self, part: "FeatureSchema") -> bool:
        """Whether all features of the other schema are among these."""
        return set(part.names) <= set(self.names)

    def columns_of(self, part: "FeatureSchema") -> list[int]:
        """Where the features of a schema that holds no others stand in this one."""
        return [self.names.index(name) for name in part.names]


def _timbre(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{name}_{statistic}" for name in names for statistic in ("mean", "std"))


_SHAPE = (
    *(f"mfcc{i}_{statistic}" for statistic in ("mean", "std") for i in range(N_MFCC)),
    *_timbre(("centroid", "rolloff", "rms", "zcr")),
)

V1 = FeatureSchema("smart-window-51.v1", (*_SHAPE, "la_eq", "la_10", "la_90"))
"""What the first model read."""

V2 = FeatureSchema(
    "smart-window-57.v2",
    (*_SHAPE, "la_eq", "la_10", "la_50", "la_90", "la_max", "share_low", "share_high", "flux", "crest"),
)
"""What the service computes."""

CURRENT = V2
KNOWN = {schema.id: schema for schema in (V1, V2)}
