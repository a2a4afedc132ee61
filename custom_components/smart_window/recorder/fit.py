"""Makes values fit their columns, so that one bad value can never spoil a row, and a row never a batch. Pure.

What does not fit becomes null (in a map or a list its entry goes, a text that must be there is shortened), and is
noted as a fault: "column: expected …".
"""

from collections.abc import Iterable, Mapping
from itertools import islice

LATEST = 4_102_444_800.0  # 2100-01-01: a clock beyond it is wrong
LARGEST = 3.4028234663852886e38  # of a Float32
UINT32 = 0xFFFF_FFFF
LONGEST_TEXT = 65_536
MOST_ENTRIES = 1024

A_NUMBER = "a finite number that fits 32 bits"


class Fitting:
    """Fits the values of one row and notes what did not fit."""

    __slots__ = ("faults",)

    def __init__(self) -> None:
        """Nothing is wrong yet."""
        self.faults: list[str] = []

    def number(self, column: str, value: float | None) -> float | None:
        """Return a number that is finite in 32 bits, or None."""
        if value is None or -LARGEST <= value <= LARGEST:  # false for NaN
            return None if value is None else float(value)
        self._note(column, A_NUMBER)
        return None

    def count(self, column: str, value: int | None) -> int | None:
        """Return a whole number that fits 32 bits without a sign, or None."""
        if value is None or 0 <= value <= UINT32:
            return value
        self._note(column, f"a whole number from 0 to {UINT32}")
        return None

    def time(self, column: str, seconds: float | None) -> int | None:
        """Return milliseconds, or None."""
        if seconds is None:
            return None
        if 0 <= seconds < LATEST:  # false for NaN
            return round(seconds * 1000)
        self._note(column, "Unix seconds before the year 2100")
        return None

    def label(self, column: str, value: str | None) -> str | None:
        """Return a text that fits, or None."""
        if value is None:
            return None
        fitting = _fitting_text(value)
        if fitting == value:
            return fitting
        self._note(column, f"at most {LONGEST_TEXT} characters without lone surrogates")
        return None

    def text(self, column: str, value: str) -> str:
        """Return a text that must be there: shortened, and with ? for what cannot be written."""
        fitting = _fitting_text(value)
        if fitting != value:
            self._note(column, f"at most {LONGEST_TEXT} characters without lone surrogates")
        return fitting

    def texts(self, column: str, values: Iterable[str]) -> list[str]:
        """Return the texts that fit."""
        fitting = (self.label(column, value) for value in self._few(column, tuple(values)))
        return [value for value in fitting if value is not None]

    def numbers(self, column: str, values: Mapping[str, float]) -> dict[str, float]:
        """Return the entries that fit."""
        return dict(self.effects(column, values.items()))

    def effects(self, column: str, values: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return the pairs that fit."""
        pairs = ((self.label(column, k), self.number(column, v)) for k, v in self._few(column, tuple(values)))
        return [(name, value) for name, value in pairs if name is not None and value is not None]

    def _few[T](self, column: str, values: tuple[T, ...]) -> Iterable[T]:
        if len(values) > MOST_ENTRIES:
            self._note(column, f"at most {MOST_ENTRIES} entries")
        return islice(values, MOST_ENTRIES)

    def _note(self, column: str, expected: str) -> None:
        self.faults.append(f"{column}: expected {expected}")


def _fitting_text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        value = value[:LONGEST_TEXT]
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode()
    return str(value)
