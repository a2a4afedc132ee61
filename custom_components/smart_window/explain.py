"""Why a window stands as it does, or did: the decision with its trace, and the chain of one question. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from .decision import Fact, Why
from .memory import Remembered
from .recorder.rows import ActionRow, AudioRow, CorrectionRow, DecisionRow, PredictionRow, Row
from .words import Templates, sentence

_NAMES = {
    DecisionRow: "decision",
    PredictionRow: "question",
    ActionRow: "action",
    CorrectionRow: "correction",
    AudioRow: "sound",
}
_BULKY = frozenset({"snapshot", "request", "features", "levels", "device_id"})

type Told = dict[str, object]


def stood_at(entries: Iterable[Remembered], at: float) -> Remembered | None:
    """The decision that stood at `at` (Unix seconds); None: it is older than what is remembered."""
    return next((one for one in reversed(tuple(entries)) if one.began <= at), None)


def chain_of(rows: Iterable[Row], correlation_id: str) -> list[Told]:
    """The rows with this id, oldest first, without what is bulky or unknown."""
    found = [row for row in rows if getattr(row, "correlation_id", None) == correlation_id]
    found.sort(key=lambda row: row.ts)
    return [
        {"what": _NAMES[type(row)]}
        | {name: value for name, value in asdict(row).items() if name not in _BULKY and value is not None}
        for row in found
        if type(row) in _NAMES
    ]


def last_id(rows: Iterable[Row], at: float) -> str | None:
    """The id of the last question at `at`."""
    asked = [row for row in rows if isinstance(row, DecisionRow) and row.correlation_id is not None and row.ts <= at]
    return asked[-1].correlation_id if asked else None


def steps(trace: Iterable[Mapping[str, object]], templates: Templates) -> list[Told]:
    """A trace as data, each rule that had something to say with its sentence."""
    told: list[Told] = []
    for step in trace:
        facts = step.get("facts") or {}
        known: Mapping[str, Fact] = json.loads(facts) if isinstance(facts, str) else facts  # type: ignore[assignment]  # JSON's
        line: Told = {"rule": step["rule"], "outcome": step["outcome"], "why": step["why"], "facts": dict(known)}
        if step["outcome"] != "pass":
            line["sentence"] = said(str(step["why"]), known, templates)
        told.append(line)
    return told


def said(code: str, facts: Mapping[str, Fact], templates: Templates) -> str:
    """A reason as a sentence; a code that this version does not know, as it is."""
    try:
        why = Why(code)
    except ValueError:
        return code
    value = facts.get("value")
    minutes = value / 60 if isinstance(value, int | float) else None
    return sentence(why, dict(facts) | {"from": facts.get("position"), "value_minutes": minutes}, templates)


def facts_behind(code: str, trace: Iterable[Mapping[str, object]]) -> Mapping[str, Fact]:
    """The numbers of the rule that gives the reason."""
    spoke = next((step for step in trace if step["why"] == code), None)
    facts = {} if spoke is None else spoke.get("facts") or {}
    return json.loads(facts) if isinstance(facts, str) else facts  # type: ignore[return-value]  # JSON's
