"""Where the values and members of a JSON text begin and end, so that it can be spoiled without being written anew."""

import json
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Text:
    """A JSON text. `values` and `members` are (begin, end) in its bytes; a member is `"name":value`."""

    data: bytes
    values: tuple[tuple[int, int], ...]
    members: tuple[tuple[int, int], ...]


def text_of(data: bytes) -> Text | None:
    """The same JSON, written compactly; None where it is no JSON object or array."""
    try:
        value: Json = json.loads(data)
        if not isinstance(value, dict | list):
            return None
        writer = _Writer()
        writer.write(value)
    except (ValueError, RecursionError):  # UnicodeError is a ValueError
        return None
    return Text(bytes(writer.out), tuple(writer.values), tuple(writer.members))


class _Writer:
    def __init__(self) -> None:
        self.out = bytearray()
        self.values: list[tuple[int, int]] = []
        self.members: list[tuple[int, int]] = []

    def write(self, value: Json) -> None:
        begin = len(self.out)
        if isinstance(value, dict):
            self.out += b"{"
            for place, (name, item) in enumerate(value.items()):
                self.out += b"," if place else b""
                member = len(self.out)
                self.out += json.dumps(name).encode() + b":"
                self.write(item)
                self.members.append((member, len(self.out)))
            self.out += b"}"
        elif isinstance(value, list):
            self.out += b"["
            for place, item in enumerate(value):
                self.out += b"," if place else b""
                self.write(item)
            self.out += b"]"
        else:
            self.out += json.dumps(value).encode()
        self.values.append((begin, len(self.out)))
