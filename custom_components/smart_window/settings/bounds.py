"""Bounds of numbers, the error that names a field, and reading settings from what a form gives. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

MINUTES_OF_A_DAY = 1440.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest and the largest value of a setting."""

    low: float
    high: float


class SettingsError(ValueError):
    """A setting that does not fit. `field` is its name in HubSettings or WindowSettings."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


def check_bounds(settings: object, bounds: Mapping[str, Bounds]) -> None:
    """SettingsError for the first number that is out of its bounds. None is within any."""
    for name, limits in bounds.items():
        value: float | None = getattr(settings, name)
        if value is not None and not limits.low <= value <= limits.high:
            raise SettingsError(name, f"{value:g} is not within {limits.low:g} and {limits.high:g}")


def read_settings(cls: type, values: Mapping[str, object]) -> dict[str, Any]:
    """The fields of a settings class from options, each of the type of its default.

    Names that are no setting are ignored, absent ones keep their default. SettingsError when a type does not fit. A
    default of None stands for a number that may be absent.
    """
    read: dict[str, Any] = {}
    for field in fields(cls):
        if field.name in values:
            read[field.name] = _read(field.name, values[field.name], field.default)
    return read


def _read(name: str, value: object, default: object) -> object:
    match default:
        case bool():
            if not isinstance(value, bool):
                raise SettingsError(name, f"{value!r:.80} is neither true nor false")
            return value
        case float() | None:
            if value is None and default is None:
                return None
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise SettingsError(name, f"{value!r:.80} is no number")
            return float(value)
        case StrEnum():
            words = type(default)
            if not isinstance(value, str) or value not in words:
                raise SettingsError(name, f"{value!r:.80} is none of {', '.join(words)}")
            return words(value)
        case _:
            if not isinstance(value, str):
                raise SettingsError(name, f"{value!r:.80} is no text")
            return value
