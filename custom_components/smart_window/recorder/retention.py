"""How long rows are kept, by the owner's option: the tables' TTLs. Pure. Roll-ups and settings are kept for ever."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TTL = re.compile(r"\bTTL ts \+ toIntervalDay\((\d+)\)")
_LONGEST = 36_500


@dataclass(frozen=True, slots=True)
class Retention:
    """Days, up to a century; 0: for ever. Raises ValueError."""

    readings_days: int = 0
    decisions_days: int = 0  # questions, answers, decisions, moves, holds, replays; corrections are kept for ever
    health_days: int = 0

    def __post_init__(self) -> None:
        """Check the days."""
        for days in self.days.values():
            if not 0 <= days <= _LONGEST:
                raise ValueError(f"Rows are kept for 1 to {_LONGEST} days, or, with 0, for ever")

    @property
    def days(self) -> Mapping[str, int]:
        """Days by table."""
        readings = dict.fromkeys(("sensor_temperature", "sensor_humidity", "sensor_audio"), self.readings_days)
        decided = ("window_actions", "ml_predictions", "decisions", "holds", "replays")
        return {**readings, **dict.fromkeys(decided, self.decisions_days), "health": self.health_days}


def changes(retention: Retention, definitions: Mapping[str, str]) -> tuple[str, ...]:
    """Return the statements that bring tables to their days. `definitions`: how each is defined now, by its name."""
    statements = []
    for table, days in retention.days.items():
        found = _TTL.search(definitions.get(table, ""))
        if days == (0 if found is None else int(found[1])):
            continue
        change = f"MODIFY TTL ts + toIntervalDay({days})" if days else "REMOVE TTL"
        statements.append(f"ALTER TABLE {table} {change}")
    return tuple(statements)
