"""The last decisions of a window that differ, so that "why" has an answer without a database. Pure.

They are kept packed: as objects, two hundred of them are two megabytes.
"""

import binascii
import json
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from .contract import ContractError, ErrorKind
from .contract.fields import Fields, listed, number, word
from .decision import Decision, Why
from .packing import Packing

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


type _Packed = tuple[float, float, str, bytes]
"""`began`, `until`, `told`, `content`. A plain tuple of plain values, since Python's collector then leaves it alone."""


class DecisionMemory:
    """At most 200 decisions, oldest first. One that differs from the last in numbers alone makes that one last."""

    __slots__ = ("_entries", "_last", "_packing", "_until")

    def __init__(self) -> None:
        self._entries: deque[_Packed] = deque(maxlen=REMEMBERED)
        self._packing = Packing()
        self._until: float | None = None
        """Of the last one, where it stood on; the entry itself knows of its begin alone."""
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
            self._until = wall
            return False
        self._last = key
        self._end_last()
        self._entries.append((wall, wall, told.value, self._packing.pack(_text(content_of(decision)))))
        return True

    def limit(self, most: int) -> None:
        """Keep no more than the newest `most` from now on."""
        if most != self._entries.maxlen:
            self._entries = deque(self._entries, maxlen=most)

    @property
    def entries(self) -> tuple[Remembered, ...]:
        """Oldest first. One whose content was damaged on disk is left out."""
        return tuple(self._read())

    def to_dict(self) -> Mapping[str, object]:
        """For the store, as JSON. May be called in another thread."""
        entries, until = tuple(self._entries), self._until
        if entries and until is not None:
            entries = (*entries[:-1], _stood(entries[-1], until))
        decisions = [
            {"began": began, "until": until, "told": told, "content": b64encode(content).decode()}
            for began, until, told, content in entries
        ]
        return {"model": self._packing.model.decode(), "decisions": decisions}

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """From the store; anything that does not fit gives an empty memory."""
        memory = cls()
        try:
            fields = Fields.of(data, "memory")
            model = fields.values.get("model", "")
            memory._packing = Packing(model.encode(errors="replace") if isinstance(model, str) else b"")
            stored = fields.need("decisions", listed(memory._stored, 0, REMEMBERED))
        except ContractError:
            return cls()
        memory._entries.extend(stored)
        return memory

    def _stored(self, value: object, where: str) -> _Packed:
        fields = Fields.of(value, where)
        return (
            fields.need("began", _seconds),
            fields.need("until", _seconds),
            fields.need("told", word(Why)).value,
            fields.need("content", self._content),
        )

    def _content(self, value: object, where: str) -> bytes:
        """Packed as we keep it, or an object as it was kept before."""
        if not isinstance(value, str):
            return self._packing.pack(_text(Fields.of(value, where).values))
        try:
            return b64decode(value, validate=True)
        except binascii.Error as error:
            raise ContractError(ErrorKind.TYPE, f"{where} is no Base64") from error

    def _end_last(self) -> None:
        if self._entries and self._until is not None:
            self._entries[-1] = _stood(self._entries[-1], self._until)
        self._until = None

    def _read(self) -> Iterator[Remembered]:
        last = len(self._entries) - 1
        for place, (began, until, told, packed) in enumerate(self._entries):
            try:
                content = json.loads(self._packing.unpack(packed))
            except ValueError, RecursionError:
                continue
            if isinstance(content, dict):
                stood = self._until if place == last and self._until is not None else until
                yield Remembered(began, stood, Why(told), content)


def _stood(entry: _Packed, until: float) -> _Packed:
    began, _, told, content = entry
    return (began, until, told, content)


def _text(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


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
