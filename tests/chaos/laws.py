"""What holds for ever, read off all that crossed the wire. Pure.

A broken law is a sentence for the person who reads it, with the number of the message.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import override

from stack.json_shape import Json, JsonObject

MACHINES = frozenset({"ml", "automation", "fallback"})


@dataclass(frozen=True, slots=True)
class Told:
    """A window's own state, as it went over the wire."""

    number: int
    session: str
    rev: int
    hand_id: str | None
    target: float | None
    source: str | None
    rain: bool
    command_id: str | None

    @classmethod
    def of(cls, number: int, content: JsonObject) -> Told:
        """Read a state; its schema is another room's matter."""
        return cls(
            number=number,
            session=str(content["session"]),
            rev=_integer(content["rev"]),
            hand_id=_text(content["hand_id"]),
            target=_number(content["target"]),
            source=_text(content["source"]),
            rain=content["rain"] is True,
            command_id=_text(content.get("command_id")),
        )

    @override
    def __str__(self) -> str:
        """For the sentence."""
        return f"message {self.number}: target {self.target}, source {self.source}, command {self.command_id}"


def broken(states: Sequence[Told], commands: Collection[str], *, advised: bool) -> list[str]:
    """What was done to one window that never may be. `commands`: the ids of all that were heard on the wire.

    `advised`: the window was in advise all the time.
    """
    found: list[str] = []
    for before, now in pairwise(states):
        if before.target is None or now.target is None or now.target == before.target:
            continue
        found += _of_a_move(before, now, commands, advised=advised)
    moved = [now.command_id for before, now in pairwise(states) if now.target != before.target and now.command_id]
    changed = [command for command, last in zip(moved, [None, *moved], strict=False) if command != last]
    found += [f"command {one} moved it twice" for one in sorted({one for one in changed if changed.count(one) > 1})]
    return found


def _of_a_move(before: Told, now: Told, commands: Collection[str], *, advised: bool) -> Iterator[str]:
    machine = now.source in MACHINES
    assert before.target is not None
    assert now.target is not None
    if before.rain and now.rain and now.target > before.target and now.source != "user":
        yield f"opened in the rain by no hand ({now})"
    if advised and machine:
        yield f"moved in advise ({now})"
    if before.hand_id is not None and machine:
        yield f"moved against its owner's hand ({now})"
    if now.session == before.session and now.rev <= before.rev:
        yield f"moved without a new rev ({now})"
    if now.command_id is not None and now.command_id != before.command_id and now.command_id not in commands:
        yield f"moved by a command that nobody sent ({now})"


def _integer(value: Json) -> int:
    if isinstance(value, int | float):
        return int(value)
    raise ValueError(f"expected a number, got {value!r}")


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
