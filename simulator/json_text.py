"""JSON as the contract wants it read: UTF-8, finite numbers, no lone surrogates, no deep nesting."""

import json
from collections.abc import Mapping
from math import isfinite

MAX_DEPTH = 32


class NotJsonError(ValueError):
    """The bytes are no JSON in the contract's sense."""


def parse_json(payload: bytes) -> object:
    """Return what the bytes say. Raises NotJsonError."""
    try:
        text = payload.decode("utf-8")
        if _depth(text) > MAX_DEPTH:
            raise NotJsonError("nested too deep")
        parsed: object = json.loads(text, parse_constant=_refuse)
    except ValueError as error:  # bad UTF-8, bad JSON, and integers of thousands of digits
        raise NotJsonError(str(error)) from error
    _check(parsed)
    return parsed


def _depth(text: str) -> int:
    """How deep arrays and objects are nested; counted before parsing, so that a parser never meets it."""
    deepest = depth = 0
    in_string = escaped = False
    for letter in text:
        if in_string:
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == '"':
                in_string = False
        elif letter == '"':
            in_string = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _refuse(word: str) -> object:
    raise NotJsonError(f"{word} is no number")


def _check(value: object) -> None:
    match value:
        case str():
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                raise NotJsonError("a lone surrogate")
        case bool() | None:
            pass
        case int() | float():
            if not _fits_a_double(value):
                raise NotJsonError("a number beyond a double")
        case list():
            for item in value:
                _check(item)
        case Mapping():
            for name, item in value.items():
                _check(name)
                _check(item)
        case _:
            raise NotJsonError(f"unexpected {type(value).__name__}")


def _fits_a_double(value: float) -> bool:
    try:
        return isfinite(float(value))
    except OverflowError:
        return False
