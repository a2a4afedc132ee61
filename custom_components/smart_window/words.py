"""A code and its numbers → a plain sentence, by templates of the translations (`common`). Pure; no language in here.

A template is a sentence with {names} of facts. A part in [square brackets] is left out when one of its facts is not
known. `{move}` says where the window went, by `from` and `to`; `{because}` and `{hazard}` are words of their own.
"""

import re
from collections.abc import Mapping

from .decision import CouldNotClose, Decision, Fact, Why
from .question import Ended

type Templates = Mapping[str, str]

_WHOLE_FROM = 10
"""Larger numbers are told without decimals."""
_PART = re.compile(r"\[([^\[\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")
_WORDS = ("because", "hazard", "cause", "blocked", "climate")
"""Facts whose value is a code with a word of its own: template `because_co2` for the fact `because` of value co2."""


def sentence(why: Why, facts: Mapping[str, Fact], templates: Templates) -> str:
    """The sentence for a code. Without a template for it, the code itself."""
    return _filled(templates.get(f"why_{why}", why), facts, templates)


def alarm(found: CouldNotClose, templates: Templates) -> str:
    """The sentence for a window that could not be closed."""
    facts = {"hazard": str(found.hazard), "blocked": str(found.blocked), "position": found.position}
    return _filled(templates.get("could_not_close", found.blocked), facts, templates)


def facts_of(decision: Decision, told: Why, last: Ended | None) -> Mapping[str, Fact]:
    """The numbers behind the reason that is told: those of the rule that gives it, else of the last question's end."""
    spoke = next((verdict for verdict in decision.trace if verdict.why is told), None)
    if spoke is not None:
        value = spoke.facts.get("value")
        minutes = value / 60 if isinstance(value, float) else None
        return dict(spoke.facts) | {"from": spoke.facts.get("position"), "value_minutes": minutes}
    return {} if last is None else facts_of_end(last)


def facts_of_end(ended: Ended) -> Mapping[str, Fact]:
    """How a question ended: where the window went, how sure the model was, what it minded most."""
    question, response = ended.question, ended.response
    facts: dict[str, Fact] = {
        "from": question.position,
        "temperature": question.values.temperature,
        "level_dbfs": question.values.level,
        "min_confidence": question.decision.grant.min_confidence * 100,
    }
    if response is not None and response.error is None:
        strongest = max(response.reasons, key=lambda reason: abs(reason.effect), default=None)
        facts["to"] = response.position
        facts["confidence"] = None if response.confidence is None else response.confidence * 100
        facts["because"] = None if strongest is None else strongest.code
    return facts


def _filled(template: str, facts: Mapping[str, Fact], templates: Templates) -> str:
    known = {name: text for name, value in facts.items() if (text := _text(name, value, templates)) is not None}
    move = _move(facts.get("from"), facts.get("to"), templates)
    if move is not None:
        known["move"] = _NAME.sub(lambda found: known.get(found[1], "–"), move)

    def part(found: re.Match[str]) -> str:
        names = _NAME.findall(found[1])
        return found[1] if all(name in known for name in names) else ""

    text = _NAME.sub(lambda found: known.get(found[1], "–"), _PART.sub(part, template))
    return text[:1].upper() + text[1:]


def _move(start: Fact, end: Fact, templates: Templates) -> str | None:
    if not isinstance(end, float):
        return templates.get("move_unknown")
    if not isinstance(start, float) or start == end:
        return templates.get("move_stayed")
    return templates.get("move_opened" if end > start else "move_closed")


def _text(name: str, value: Fact, templates: Templates) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return templates.get("yes" if value else "no")
        case str():
            return templates.get(f"{name}_{value}", value) if name in _WORDS else value
        case number:
            minutes = number / 60 if name.endswith("_s") else number
            shown = f"{minutes:.0f}" if abs(minutes) >= _WHOLE_FROM or minutes == round(minutes) else f"{minutes:.1f}"
            return shown.replace(".", templates.get("decimal", "."))
