"""JSON from other programs, read with its types checked. Pure."""

from .errors import StackError

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None
type JsonObject = dict[str, Json]


class ShapeError(StackError):
    """A message has another shape than expected."""


def as_object(value: Json, what: str) -> JsonObject:
    """Return the value if it is an object."""
    if isinstance(value, dict):
        return value
    raise _wrong(what, "an object", value)


def as_list(value: Json, what: str) -> list[Json]:
    """Return the value if it is a list."""
    if isinstance(value, list):
        return value
    raise _wrong(what, "a list", value)


def as_objects(value: Json, what: str) -> list[JsonObject]:
    """Return the value if it is a list of objects."""
    return [as_object(item, what) for item in as_list(value, what)]


def text(source: JsonObject, key: str, what: str) -> str:
    """Return a field that must be text."""
    value = source.get(key)
    if isinstance(value, str):
        return value
    raise _wrong(f"{what}, field {key!r}", "text", value)


def whole(source: JsonObject, key: str, what: str) -> int:
    """Return a field that must be a whole number."""
    value = source.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _wrong(f"{what}, field {key!r}", "a whole number", value)


def number(source: JsonObject, key: str, what: str) -> float:
    """Return a field that must be a number."""
    value = source.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise _wrong(f"{what}, field {key!r}", "a number", value)


def flag(source: JsonObject, key: str, what: str) -> bool:
    """Return a field that must be true or false."""
    value = source.get(key)
    if isinstance(value, bool):
        return value
    raise _wrong(f"{what}, field {key!r}", "true or false", value)


def member(source: JsonObject, key: str, what: str) -> JsonObject:
    """Return a field that must be an object."""
    return as_object(source.get(key), f"{what}, field {key!r}")


def optional_text(source: JsonObject, key: str) -> str | None:
    """Return a field if it is text."""
    value = source.get(key)
    return value if isinstance(value, str) else None


def optional_number(source: JsonObject, key: str) -> float | None:
    """Return a field if it is a number."""
    value = source.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _wrong(what: str, wanted: str, value: Json) -> ShapeError:
    return ShapeError(f"{what}: expected {wanted}, got {value!r:.200}")
