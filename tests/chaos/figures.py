"""What each fault came to, as figures for the table of benchmarks. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .schedule import Fault


@dataclass(frozen=True, slots=True)
class Came:
    """A stroke: until the house was at work again, in seconds, the outage itself among them."""

    fault: Fault
    recovered_s: float


def figures_of(came: Iterable[Came], lost: Mapping[Fault, int]) -> dict[str, float]:
    """For each fault `recovery_s_<fault>`, the longest, and `lost_<fault>`: what it made the record miss."""
    figures: dict[str, float] = {}
    for one in came:
        name = f"recovery_s_{one.fault.name.lower()}"
        figures[name] = max(figures.get(name, 0.0), round(one.recovered_s, 1))
        figures[f"lost_{one.fault.name.lower()}"] = lost.get(one.fault, 0)
    return figures
