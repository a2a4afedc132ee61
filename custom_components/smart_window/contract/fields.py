"""Typed readers over a decoded JSON value: each gives its type or raises ContractError, and says where."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .errors import ContractError, ErrorKind, shown

type Reader[T] = Callable[[object, str], T]
"""Takes a JSON value and its place in the message; gives the value in its own type or raises ContractError."""

DEVICE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
TOKEN = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
LINE = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
MAC = re.compile(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}")


def number(low: float, high: float) -> Reader[float]:
    """A number within low … high. true is no number."""

    def read(value: object, where: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ContractError(ErrorKind.TYPE, f"{where} is {shown(value)}, expected a number")
        if not low <= value <= high:
            raise ContractError(ErrorKind.RANGE, f"{where} is {shown(value)}, expected {low:g} to {high:g}")
        return float(value)

    return read


def integer(low: int, high: int | None = None) -> Reader[int]:
    """An integer within low … high, without an upper end if `high` is None. 1.0 is the integer 1, as in JSON Schema."""

    def read(value: object, where: str) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ContractError(ErrorKind.TYPE, f"{where} is {shown(value)}, expected an integer")
        if value < low or (high is not None and value > high):
            expected = f"{low} or more" if high is None else f"{low} to {high}"
            raise ContractError(ErrorKind.RANGE, f"{where} is {shown(value)}, expected {expected}")
        return value

    return read


def boolean(value: object, where: str) -> bool:
    """True or false, nothing that resembles them."""
    if not isinstance(value, bool):
        raise ContractError(ErrorKind.TYPE, f"{where} is {shown(value)}, expected true or false")
    return value


def text(value: object, where: str) -> str:
    """Any string."""
    if not isinstance(value, str):
        raise ContractError(ErrorKind.TYPE, f"{where} is {shown(value)}, expected a string")
    return value


def matching(pattern: re.Pattern[str]) -> Reader[str]:
    """A string that fits the pattern as a whole."""

    def read(value: object, where: str) -> str:
        found = text(value, where)
        if pattern.fullmatch(found) is None:
            raise ContractError(ErrorKind.FORMAT, f"{where} is {shown(found)}, expected {pattern.pattern}")
        return found

    return read


def short_text(limit: int) -> Reader[str]:
    """A string of at most `limit` characters."""

    def read(value: object, where: str) -> str:
        found = text(value, where)
        if len(found) > limit:
            raise ContractError(ErrorKind.RANGE, f"{where} has {len(found)} characters, expected {limit} at most")
        return found

    return read


def word[E: StrEnum](words: type[E]) -> Reader[E]:
    """A word of a closed set."""

    def read(value: object, where: str) -> E:
        found = text(value, where)
        for one in words:
            if one == found:
                return one
        raise ContractError(ErrorKind.FORMAT, f"{where} is {shown(found)}, expected one of {', '.join(words)}")

    return read


def constant(wanted: str) -> Reader[str]:
    """This string and no other."""

    def read(value: object, where: str) -> str:
        if text(value, where) != wanted:
            raise ContractError(ErrorKind.FORMAT, f"{where} is {shown(value)}, expected {wanted}")
        return wanted

    return read


def nullable[T](reader: Reader[T]) -> Reader[T | None]:
    """null, or what the reader takes."""
    return lambda value, where: None if value is None else reader(value, where)


def listed[T](reader: Reader[T], low: int, high: int) -> Reader[tuple[T, ...]]:
    """An array of low … high items."""

    def read(value: object, where: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise ContractError(ErrorKind.TYPE, f"{where} is {shown(value)}, expected an array")
        if not low <= len(value) <= high:
            raise ContractError(ErrorKind.SIZE, f"{where} has {len(value)} items, expected {low} to {high}")
        return tuple(reader(item, f"{where}[{index}]") for index, item in enumerate(value))

    return read


def named[T](reader: Reader[T], high: int, names: re.Pattern[str] | None = None) -> Reader[dict[str, T]]:
    """An object of at most `high` values that are all alike; its names fit `names` if that is given."""

    def read(value: object, where: str) -> dict[str, T]:
        fields = Fields.of(value, where)
        if len(fields.values) > high:
            raise ContractError(ErrorKind.SIZE, f"{where} has {len(fields.values)} fields, expected {high} at most")
        for name in fields.values:
            if names is not None and names.fullmatch(name) is None:
                raise ContractError(ErrorKind.FORMAT, f"{where} has the name {shown(name)}, expected {names.pattern}")
        return {name: reader(item, f"{where}.{name[:80]}") for name, item in fields.values.items()}

    return read


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object and its place in the message. Fields that nobody asks for are ignored."""

    values: Mapping[str, object]
    where: str

    @classmethod
    def of(cls, value: object, where: str) -> Fields:
        """The object, or ContractError when the value is something else."""
        if not isinstance(value, dict):
            raise ContractError(ErrorKind.TYPE, f"{where} is {shown(value)}, expected an object")
        return cls(value, where)

    def need[T](self, name: str, reader: Reader[T]) -> T:
        """A required field."""
        if name not in self.values:
            raise ContractError(ErrorKind.MISSING, f"{self.where} has no {name}")
        return reader(self.values[name], f"{self.where}.{name}")

    def may[T](self, name: str, reader: Reader[T]) -> T | None:
        """An optional field: None when it is absent; when it is there it must fit."""
        return reader(self.values[name], f"{self.where}.{name}") if name in self.values else None


percent: Reader[float] = number(0, 100)
token: Reader[str] = matching(TOKEN)
code: Reader[str] = matching(CODE)
line: Reader[str] = matching(LINE)
device_id: Reader[str] = matching(DEVICE_ID)
rev: Reader[int] = integer(0, 2**32 - 1)
timestamp: Reader[float | None] = nullable(number(0, 100_000_000_000))
"""Unix seconds, for the trace alone."""
