"""JSON as the contract reads it (contract/README.md), and fields with bounds. Pure."""

import json
import math
import re
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NoReturn, TypeAlias

MAX_DEPTH = 32

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_MAX_DIGITS = 310  # one more than a double's integer part can have
_MAX_ECHO = 40
_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,100}")


class Kind(StrEnum):
    """What was wrong with a message. Each kind is counted, and logged once per window."""

    TOPIC = "topic"
    RETAINED = "retained"
    RATE = "rate"
    SIZE = "size"
    ENCODING = "encoding"
    JSON = "json"
    FIELDS = "fields"
    VERSION = "version"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    CONTEXT = "context"
    CLOCK = "clock"
    AUDIO = "audio"
    AUDIO_EMPTY = "audio_empty"
    AUDIO_FORMAT = "audio_format"
    AUDIO_HEADER = "audio_header"
    AUDIO_LENGTH = "audio_length"
    AUDIO_BASE64 = "audio_base64"
    AUDIO_NOT_FINITE = "audio_not_finite"
    AUDIO_SILENT = "audio_silent"
    AUDIO_CLIPPED = "audio_clipped"
    AUDIO_SCHEMA = "audio_schema"


class ContractError(ValueError):
    """A message that does not fit the contract. `correlation_id` is set where it could still be read."""

    def __init__(self, kind: Kind, message: str, correlation_id: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.correlation_id = correlation_id


def parse_object(payload: bytes) -> dict[str, Json]:
    """Return the JSON object in `payload`; raise ContractError (encoding, json or fields)."""
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContractError(Kind.ENCODING, f"not UTF-8 at byte {error.start}") from error
    try:
        document: Json = json.loads(text, parse_constant=_no_constant, parse_float=_float, parse_int=_integer)
    except RecursionError as error:
        raise ContractError(Kind.JSON, f"nested deeper than {MAX_DEPTH}") from error
    except json.JSONDecodeError as error:
        raise ContractError(Kind.JSON, f"not JSON: {error.msg} at character {error.pos}") from error
    _check(document)
    if not isinstance(document, dict):
        raise ContractError(Kind.FIELDS, f"expected a JSON object, got {kind_of(document)}")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ContractError(Kind.JSON, f"{name} is not allowed")


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ContractError(Kind.JSON, "a number is beyond a double")
    return value


def _integer(text: str) -> int:
    # Python refuses to read very long integers, and a double cannot hold shorter ones.
    if len(text) > _MAX_DIGITS or abs(value := int(text)) > sys.float_info.max:
        raise ContractError(Kind.JSON, "a number is beyond a double")
    return value


def _check(document: Json) -> None:
    """Refuse lone surrogates and too deep nesting, without recursion."""
    level: list[Json] = [document]
    depth = 0
    while level:
        below: list[Json] = []
        containers = False
        for value in level:
            if isinstance(value, str):
                _check_text(value)
            elif isinstance(value, dict):
                containers = True
                for key in value:
                    _check_text(key)
                below += value.values()
            elif isinstance(value, list):
                containers = True
                below += value
        depth += containers
        if depth > MAX_DEPTH:
            raise ContractError(Kind.JSON, f"nested deeper than {MAX_DEPTH}")
        level = below


def _check_text(text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ContractError(Kind.JSON, "a text holds a lone surrogate") from error


def _called(name: str) -> str:
    """A field's name as it can be printed: in an object of any names, who sends it chooses them."""
    return name if name.isprintable() and len(name) <= _MAX_ECHO else ascii(name[:_MAX_ECHO])


def kind_of(value: Json) -> str:
    """Name a JSON value's type, with the value where it is short."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"{value:.12g}"
        case str():
            return ascii(value) if len(value) <= _MAX_ECHO else f"a text of {len(value)} characters"
        case list():
            return "an array"
        case dict():
            return "an object"


class Fields:
    """The fields of one JSON object, read with bounds. Each method raises ContractError that names the field."""

    def __init__(self, values: Mapping[str, Json], path: str = "") -> None:
        self._values = values
        self._path = path

    def _refuse(self, name: str, expected: str) -> NoReturn:
        found = kind_of(self._values[name]) if name in self._values else "nothing"
        raise ContractError(Kind.FIELDS, f"{self._path}{_called(name)}: expected {expected}, got {found}")

    def has(self, name: str) -> bool:
        """Whether the field is there and is not null."""
        return self._values.get(name) is not None

    def there(self, name: str) -> bool:
        """Whether the field is there, be it null."""
        return name in self._values

    def number(self, name: str, low: float, high: float) -> float:
        """Return a number within the bounds, both included."""
        value = self._values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self._refuse(name, f"a number from {low:g} to {high:g}")
        return float(value)

    def number_or_none(self, name: str, low: float, high: float) -> float | None:
        """Return the number, or None where the field is absent or null."""
        return self.number(name, low, high) if self.has(name) else None

    def integer(self, name: str, low: int, high: int) -> int:
        """Return an integer within the bounds; 1.0 is one."""
        value = self._values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high or value % 1:
            self._refuse(name, f"an integer from {low} to {high}")
        return int(value)

    def boolean(self, name: str) -> bool:
        """Return true or false."""
        value = self._values.get(name)
        if not isinstance(value, bool):
            self._refuse(name, "true or false")
        return value

    def text(self, name: str, pattern: re.Pattern[str]) -> str:
        """Return a text that the whole pattern fits."""
        value = self._values.get(name)
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            self._refuse(name, f"a text like {pattern.pattern}")
        return value

    def text_or_none(self, name: str, pattern: re.Pattern[str]) -> str | None:
        """Return the text, or None where the field is absent or null."""
        return self.text(name, pattern) if self.has(name) else None

    def line(self, name: str) -> str:
        """Return a short text without control characters."""
        return self.text(name, _LINE)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """Return one of the named texts."""
        value = self._values.get(name)
        if not isinstance(value, str) or value not in choices:
            self._refuse(name, " or ".join(choices))
        return value

    def object(self, name: str) -> "Fields":
        """Return an object's fields."""
        value = self._values.get(name)
        if not isinstance(value, dict):
            self._refuse(name, "an object")
        return Fields(value, f"{self._path}{name}.")

    def optional_object(self, name: str) -> "Fields":
        """Return an object's fields, none where it is absent. Null is not absent."""
        return self.object(name) if name in self._values else Fields({}, f"{self._path}{name}.")

    def numbers(self, name: str, longest: int, bound: float) -> tuple[float, ...]:
        """Return an array of 1 to `longest` numbers within ±bound."""
        value = self._values.get(name)
        if not isinstance(value, list) or not 1 <= len(value) <= longest:
            self._refuse(name, f"an array of 1 to {longest} numbers")
        rows = Fields({str(i): item for i, item in enumerate(value)}, f"{self._path}{name}.")
        return tuple(rows.number(str(i), -bound, bound) for i in range(len(value)))

    def number_map(self, name: str, bound: float) -> dict[str, float]:
        """Return an object of numbers within ±bound; empty where it is absent."""
        if name not in self._values:
            return {}
        value = self._values[name]
        if not isinstance(value, dict):
            self._refuse(name, "an object of numbers")
        inner = Fields(value, f"{self._path}{name}.")
        return {key: inner.number(key, -bound, bound) for key in value}

    def texts(self, name: str, longest: int, pattern: re.Pattern[str]) -> tuple[str, ...]:
        """Return an array of up to `longest` texts; empty where it is absent."""
        if name not in self._values:
            return ()
        value = self._values[name]
        if not isinstance(value, list) or len(value) > longest:
            self._refuse(name, f"an array of up to {longest} texts")
        rows = Fields({str(i): item for i, item in enumerate(value)}, f"{self._path}{name}.")
        return tuple(rows.text(str(i), pattern) for i in range(len(value)))

    def counts(self, name: str, longest: int) -> dict[str, int]:
        """Return an object of up to `longest` integers from 0; empty where it is absent."""
        if name not in self._values:
            return {}
        value = self._values[name]
        if not isinstance(value, dict) or len(value) > longest:
            self._refuse(name, f"an object of up to {longest} integers")
        inner = Fields(value, f"{self._path}{name}.")
        return {key: inner.integer(key, 0, 2**53) for key in value}
