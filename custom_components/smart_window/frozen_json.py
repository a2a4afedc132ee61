"""Frozen dataclasses as JSON and back, so that what a decision rested on can be kept and decided again. Pure.

Enums go by their value, tuples and sets as lists, and the two infinities as text. Reading back, a field that is not
there has its default, one that is unknown is ignored, and what does not fit raises ValueError.
"""

import math
import sys
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import TypeAliasType, Union, cast, get_args, get_origin, get_type_hints

type Json = bool | float | str | list[Json] | dict[str, Json] | None

_INFINITE = {"inf": math.inf, "-inf": -math.inf}


def to_json(value: object) -> Json:
    """The JSON of a dataclass, or of what is in one."""
    match value:
        case Enum():
            return to_json(value.value)
        case bool() | str() | None:
            return value
        case int() | float():
            return value if math.isfinite(value) else str(float(value))
        case Mapping():
            return {str(name): to_json(item) for name, item in value.items()}
        case frozenset() | set():
            return sorted((to_json(item) for item in value), key=str)
        case tuple() | list():
            return [to_json(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")


def from_json[T](kind: type[T], value: Json) -> T:
    """The dataclass `kind` in this JSON. ValueError when it does not fit."""
    return cast("T", _read(kind, value, kind.__name__))


def _read(kind: object, value: Json, where: str) -> object:
    while isinstance(kind, TypeAliasType):
        kind = kind.__value__
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return _read_one_of(get_args(kind), value, where)
    if origin is tuple:
        return _read_tuple(get_args(kind), value, where)
    if origin is frozenset and isinstance(value, list):
        return frozenset(_read(get_args(kind)[0], item, where) for item in value)
    if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, dict):
        return {name: _read(get_args(kind)[1], item, f"{where}.{name}") for name, item in value.items()}
    return _read_plain(kind, value, where)


def _read_plain(kind: object, value: Json, where: str) -> object:
    if kind in {None, NoneType} and value is None:
        return None
    if isinstance(kind, type):
        if is_dataclass(kind) and isinstance(value, dict):
            return _read_fields(kind, value, where)
        if issubclass(kind, Enum):
            return kind(value)
        if kind is float and not isinstance(value, bool):
            if isinstance(value, int | float) and abs(value) <= sys.float_info.max:
                return float(value)
            if isinstance(value, str) and value in _INFINITE:
                return _INFINITE[value]
        if kind in {bool, int, str} and type(value) is kind:
            return value
    raise ValueError(f"{where}: expected {kind}, found {str(value)[:40]}")


def _read_one_of(kinds: tuple[object, ...], value: Json, where: str) -> object:
    for kind in kinds:
        try:
            return _read(kind, value, where)
        except ValueError:
            continue
    raise ValueError(f"{where}: expected one of {kinds}, found {str(value)[:40]}")


def _read_tuple(kinds: tuple[object, ...], value: Json, where: str) -> object:
    if not isinstance(value, list):
        raise ValueError(f"{where}: expected a list, found {str(value)[:40]}")  # noqa: TRY004  # one error for all
    if len(kinds) == 2 and kinds[1] is ...:  # noqa: PLR2004  # tuple[X, ...]
        return tuple(_read(kinds[0], item, where) for item in value)
    return tuple(_read(kind, item, where) for kind, item in zip(kinds, value, strict=True))


def _read_fields(kind: type, value: dict[str, Json], where: str) -> object:
    hints = get_type_hints(kind)
    found = {}
    for field in fields(kind):
        if field.name in value:
            found[field.name] = _read(hints[field.name], value[field.name], f"{where}.{field.name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{where}.{field.name} is missing")
    return kind(**found)
