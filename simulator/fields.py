"""Reading a mapping that came from outside, field by field, with every complaint collected."""

import re
from collections.abc import Mapping
from enum import StrEnum
from math import inf, isfinite

DEVICE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")  # contract: components.schemas.device_id
_LINE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,100}")  # contract: components.schemas.line


class Fields:
    """One mapping. Each getter returns the default after noting what is wrong; `close` notes what nobody asked for."""

    def __init__(self, where: str, content: object, complaints: list[str]) -> None:
        self._where = where
        self._complaints = complaints
        self._asked: set[str] = set()
        self._content: Mapping[object, object] = {}
        if isinstance(content, Mapping):
            self._content = content
        elif content is not None:
            self.complain(f"expected a mapping of names to values, found {content!r}")

    def complain(self, text: str) -> None:
        """Note one more thing that is wrong."""
        self._complaints.append(f"{self._where}: {text}")

    def raw(self, name: str) -> object:
        """Return the value as it stands, None when absent."""
        self._asked.add(name)
        return self._content.get(name)

    def has(self, name: str) -> bool:
        """Say whether the field is there, be it null."""
        return name in self._content

    def number(self, name: str, default: float, low: float = -inf, high: float = inf) -> float:
        """Return a finite number within bounds."""
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            self.complain(f"{name} is {value!r}, expected a number")
        elif not low <= value <= high:
            self.complain(f"{name} is {value}, expected {low:g} to {high:g}")
        else:
            return float(value)
        return default

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.raw(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.complain(f"{name} is {value!r}, expected true or false")
        return default

    def line(self, name: str, default: str) -> str:
        """Return a text of one line and at most 100 characters."""
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, str) and _LINE.fullmatch(value):
            return value
        self.complain(f"{name} is {value!r}, expected one line of 1 to 100 characters")
        return default

    def choice[E: StrEnum](self, name: str, default: E) -> E:
        """Return one of the words of the enumeration of `default`."""
        value = self.raw(name)
        if value is None:
            return default
        words = [word.value for word in type(default)]
        if isinstance(value, str) and value in words:
            return type(default)(value)
        self.complain(f"{name} is {value!r}, expected one of {', '.join(words)}")
        return default

    def device_id(self, name: str) -> str:
        """Return a device id as the contract wants it."""
        value = self.raw(name)
        if isinstance(value, str) and DEVICE_ID.fullmatch(value):
            return value
        self.complain(f"{name} is {value!r}, expected 1 to 64 of a-z 0-9 _ - that begin with a letter or digit")
        return ""

    def within(self, name: str) -> Fields:
        """Return the mapping that stands under this name."""
        return Fields(f"{self._where}, {name}", self.raw(name), self._complaints)

    def close(self) -> None:
        """Note every name that nobody asked for: it is most likely misspelt."""
        unknown = [str(name) for name in self._content if name not in self._asked]
        if unknown:
            known = ", ".join(sorted(self._asked))
            self.complain(f"unknown: {', '.join(unknown)} (known: {known})")


def _is_finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:  # an integer beyond a double
        return False
