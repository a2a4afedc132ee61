"""The tables of the record with their columns, as the migrations make and change them. Pure."""

import re
from collections.abc import Iterable, Iterator

from .markdown import code, table

_CREATE = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+)\s*\(")
_ALTER = re.compile(r"ALTER TABLE (\w+)\s")
_CHANGE = re.compile(r"(?:ADD COLUMN IF NOT EXISTS|MODIFY COLUMN) ")
_COMMENT = re.compile(r"\bCOMMENT '([^']*)'")
_AFTER_TYPE = re.compile(r" (?:COMMENT|CODEC|DEFAULT|TTL)\b")
_ENGINE = re.compile(r"ENGINE = (\w+)")
_ORDER = re.compile(r"ORDER BY \(?([^)\n]*)\)?")

type Columns = dict[str, tuple[str, str]]  # type and comment by name


def record(statements: Iterable[str]) -> str:
    """A part for each table: its engine, its order, its columns."""
    tables: dict[str, tuple[str, Columns]] = {}
    for statement in statements:
        if (created := _CREATE.match(statement)) is not None:
            body = _balanced(statement, created.end())
            rest = statement[created.end() + len(body) :]
            engine, order = _ENGINE.search(rest), _ORDER.search(rest)
            if engine is None or order is None:
                raise ValueError(f"{created[1]}: expected ENGINE and ORDER BY")
            tables[created[1]] = (f"{engine[1]}, ordered by {order[1]}", dict(_columns(body)))
        elif (altered := _ALTER.match(statement)) is not None:
            for change in _pieces(statement[altered.end() :]):
                if (found := _CHANGE.match(change)) is not None:
                    tables[altered[1]][1].update(_columns(change[found.end() :]))
    return "\n".join(_part(name, about, columns) for name, (about, columns) in tables.items())


def _part(name: str, about: str, columns: Columns) -> str:
    rows = ((code(column), code(kind), comment) for column, (kind, comment) in columns.items())
    return f"#### {name}\n\n{about}\n\n{table(('column', 'type', 'what'), rows)}"


def _columns(body: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for piece in _pieces(body):
        name, _, rest = piece.partition(" ")
        end, comment = _AFTER_TYPE.search(rest), _COMMENT.search(rest)
        yield name, (rest[: end.start()] if end else rest, comment[1] if comment else "")


def _pieces(text: str) -> Iterator[str]:
    """What commas divide outside of brackets and quotes, on one line each."""
    depth, quoted, begin = 0, False, 0
    for place, sign in enumerate(text):
        if sign == "'":
            quoted = not quoted
        elif not quoted:
            depth += (sign == "(") - (sign == ")")
            if sign == "," and depth == 0:
                yield " ".join(text[begin:place].split())
                begin = place + 1
    if last := " ".join(text[begin:].split()):
        yield last


def _balanced(text: str, begin: int) -> str:
    """What stands before the bracket that closes the one before `begin`."""
    depth, quoted = 1, False
    for place in range(begin, len(text)):
        if text[place] == "'":
            quoted = not quoted
        elif not quoted:
            depth += (text[place] == "(") - (text[place] == ")")
            if depth == 0:
                return text[begin:place]
    raise ValueError(f"a bracket is not closed: {text[:80]}")
