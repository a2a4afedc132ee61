"""Alert rules. Pure but for the SQL files that they name."""

from dataclasses import dataclass
from enum import StrEnum, unique

from .query import SOURCE, Json, Query, Shape

_FOLDER = "Smart Window"
_EVERY = "1m"


@unique
class NoData(StrEnum):
    """What an empty answer means. Grafana's names."""

    WELL = "OK"
    ALARM = "Alerting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Alarm when the query's number is above `above` for `lasting`. `looks_back_s` is what the query sees.

    In `says`, `{{ $labels.name }}` is a text column of the query and `{{ $values.A.Value }}` its number.
    """

    uid: str
    title: str
    query: Query
    looks_back_s: int
    above: float
    lasting: str
    severity: str
    says: str
    no_data: NoData = NoData.WELL

    def json(self) -> dict[str, Json]:
        """As a provisioning file names it."""
        evaluator: dict[str, Json] = {"type": "gt", "params": [self.above]}
        return {
            "uid": self.uid,
            "title": self.title,
            "condition": "B",
            "for": self.lasting,
            "noDataState": self.no_data.value,
            "execErrState": "Error",
            # Grafana would expand a single $ in a provisioning file, here but not in the model below.
            "annotations": {"summary": self.says.replace("$", "$$")},
            "labels": {"severity": self.severity, "system": "smart-window"},
            "data": [
                {
                    "refId": "A",
                    "relativeTimeRange": {"from": self.looks_back_s, "to": 0},
                    "datasourceUid": SOURCE["uid"],
                    "model": self.query.json(),
                },
                {
                    "refId": "B",
                    "datasourceUid": "__expr__",
                    "relativeTimeRange": {"from": self.looks_back_s, "to": 0},
                    "model": {
                        "refId": "B",
                        "type": "threshold",
                        "expression": "A",
                        "conditions": [{"evaluator": evaluator, "type": "query"}],
                    },
                },
            ],
        }


RULES = (
    Rule(
        uid="smart-window-silent",
        title="A window is silent",
        query=Query("alerts/window_silent", Shape.TABLE),
        looks_back_s=3600,
        above=900,
        lasting="2m",
        severity="warning",
        says="{{ $labels.name }} was not heard for {{ $values.A.Value }} seconds. Look at its power and its Wi-Fi.",
    ),
    Rule(
        uid="smart-window-service-gone",
        title="The inference service is gone",
        query=Query("alerts/service_gone", Shape.TABLE),
        looks_back_s=600,
        above=0,
        lasting="2m",
        severity="critical",
        says="No inference service is ready: windows move by the plain rule alone. Look at the service's log.",
        no_data=NoData.ALARM,
    ),
    Rule(
        uid="smart-window-spool-growing",
        title="The record does not keep up",
        query=Query("alerts/spool_growing", Shape.TABLE),
        looks_back_s=900,
        above=0,
        lasting="10m",
        severity="warning",
        says="More rows wait on disk than a quarter of an hour ago ({{ $values.A.Value }} more). Look at the repairs in"
        " Home Assistant: they say what is wrong with the database.",
    ),
    Rule(
        uid="smart-window-oscillation",
        title="A window goes back and forth",
        query=Query("alerts/oscillation", Shape.TABLE),
        looks_back_s=3600,
        above=0,
        lasting="0s",
        severity="warning",
        says="{{ $labels.name }} went back and forth and rests longer now. Its dashboard says what the model wanted.",
    ),
    Rule(
        uid="smart-window-error-rate",
        title="Many errors",
        query=Query("alerts/error_rate", Shape.TABLE),
        looks_back_s=900,
        above=2,
        lasting="5m",
        severity="warning",
        says="{{ $values.A.Value }} errors in a hundred messages. System health says of which type.",
    ),
)


def json() -> dict[str, Json]:
    """The provisioning file."""
    group: dict[str, Json] = {
        "orgId": 1,
        "name": "smart-window",
        "folder": _FOLDER,
        "interval": _EVERY,
        "rules": [rule.json() for rule in RULES],
    }
    return {"apiVersion": 1, "groups": [group]}
