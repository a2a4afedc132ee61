"""What may be wrong with a message."""

from enum import StrEnum, unique


@unique
class ErrorKind(StrEnum):
    """The closed set by which bad messages are counted and logged."""

    TOPIC = "topic"
    """The topic is none of ours, or its id does not fit."""
    EMPTY = "empty"
    """No bytes at all, where the message needs some. A retained message was cleared."""
    SIZE = "size"
    """More bytes, items or samples than the contract allows."""
    ENCODING = "encoding"
    """Not UTF-8, or text with lone surrogates."""
    JSON = "json"
    """Not JSON: NaN, a number beyond a double, or nesting deeper than 32 count as such."""
    TYPE = "type"
    """A field of the wrong type."""
    MISSING = "missing"
    """A required field is not there."""
    RANGE = "range"
    """A number or a length outside its limits."""
    FORMAT = "format"
    """A text, a header or a combination of fields that does not fit its form."""
    CRC = "crc"
    """The samples of a chunk do not fit their checksum."""


class ContractError(Exception):
    """A topic or payload that does not fit the contract. Nothing else is ever raised by this package."""

    def __init__(self, kind: ErrorKind, detail: str) -> None:
        """`detail` says where and what was expected; it never repeats more than 80 characters of the payload."""
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail


_LONGEST = 80


def shown(value: object) -> str:
    """A value as it may stand in a log line: escaped, and 80 characters at most."""
    if isinstance(value, str | bytes):
        text = ascii(value[:_LONGEST])
    elif isinstance(value, int) and not -(2**64) < value < 2**64:
        text = f"an integer of {value.bit_length()} bits"
    elif isinstance(value, dict):
        text = "an object"
    elif isinstance(value, list):
        text = "an array"
    else:
        text = ascii(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
