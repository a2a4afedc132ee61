"""The last decisions of a window that differ, so that "why" has an answer without a database. Pure."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from .contract import ContractError
from .contract.fields import Fields, listed, number, word
from .decision import Decision, Why

REMEMBERED = 200

_seconds = number(0, 1e11)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A decision that stood from `began` to `until` (Unix seconds). `content` is its JSON: see `content_of`."""

    began: float
    until: float
    told: Why
    """The reason that was shown: Window.reason."""
    content: Mapping[str, object]


class DecisionMemory:
    """At most 200 decisions, oldest first. One that differs from the last in numbers alone makes that one last."""

    def __init__(self) -> None:
        self._entries: deque[Remembered] = deque(maxlen=REMEMBERED)
        self._last: tuple[object, ...] | None = None

    def note(self, decision: Decision, told: Why, wall: float) -> bool:
        """After each decision; True when it differs from the last one, and is to be stored (lazily)."""
        key = (
            told,
            decision.why,
            decision.ask,
            decision.grant,
            decision.guard,
            decision.command,
            decision.could_not_close,
        )
        if key == self._last:
            self._entries[-1] = replace(self._entries[-1], until=wall)
            return False
        self._last = key
        self._entries.append(Remembered(wall, wall, told, content_of(decision)))
        return True

    @property
    def entries(self) -> tuple[Remembered, ...]:
        """Oldest first."""
        return tuple(self._entries)

    def to_dict(self) -> Mapping[str, object]:
        """For the store, as JSON."""
        return {
            "decisions": [
                {"began": one.began, "until": one.until, "told": one.told, "content": dict(one.content)}
                for one in self._entries
            ]
        }

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """From the store; anything that does not fit gives an empty memory."""
        memory = cls()
        try:
            memory._entries.extend(Fields.of(data, "memory").need("decisions", listed(_stored, 0, REMEMBERED)))
        except ContractError:
            return cls()
        return memory


def content_of(decision: Decision) -> Mapping[str, object]:
    """A decision with its trace as JSON. Of a rule that passed only its numbers are kept."""
    command, blocked = decision.command, decision.could_not_close
    return {
        "why": decision.why,
        "ask": decision.ask,
        "grant": dict(decision.grant.to_json()),
        "guard": None if decision.guard is None else dict(decision.guard.to_json()),
        "command": None
        if command is None
        else {"position": command.position, "source": command.source, "why": command.why, "rule": command.rule},
        "could_not_close": None if blocked is None else {"hazard": blocked.hazard, "blocked": blocked.blocked},
        "trace": [
            {"rule": one.rule, "outcome": one.outcome, "why": one.why, "facts": dict(one.facts)}
            | ({} if one.limit is None else {"limit": one.limit})
            | ({} if one.wants is None else {"wants": one.wants})
            for one in decision.trace
        ],
    }


def _stored(value: object, where: str) -> Remembered:
    fields = Fields.of(value, where)
    return Remembered(
        began=fields.need("began", _seconds),
        until=fields.need("until", _seconds),
        told=fields.need("told", word(Why)),
        content=fields.need("content", _object),
    )


def _object(value: object, where: str) -> Mapping[str, object]:
    return Fields.of(value, where).values
