"""Reads the contract as any room would: schemas, examples and vectors, from the files alone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

CONTRACT = Path(__file__).parents[2] / "contract"

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None


class NotJsonError(Exception):
    """The payload is no JSON of the strict kind that the contract asks for."""


@dataclass(frozen=True, slots=True)
class Example:
    """One payload, and the topic on which it arrives."""

    message: str
    path: Path
    valid: bool
    topic: str

    @property
    def payload(self) -> bytes:
        """The bytes as they are on the wire."""
        return self.path.read_bytes()

    @property
    def name(self) -> str:
        """Short enough for a test's id."""
        return f"{self.message}/{self.path.parent.name}/{self.path.name}"


@cache
def asyncapi() -> dict[str, Json]:
    """The whole definition."""
    document = yaml.safe_load((CONTRACT / "asyncapi.yaml").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def mapping(value: Json) -> Mapping[str, Json]:
    """Narrow a value that has to be an object."""
    assert isinstance(value, dict), value
    return value


def messages() -> Mapping[str, Json]:
    """Message name → its definition."""
    return mapping(mapping(asyncapi()["components"])["messages"])


def address(message: str) -> str:
    """The topic of a message, with {id} or {instance} in it."""
    found = mapping(mapping(asyncapi()["channels"])[message])["address"]
    assert isinstance(found, str)
    return found


def examples(message: str) -> Iterator[Example]:
    """All examples of a message, in the order of their names."""
    for kind in ("valid", "invalid"):
        for path in sorted((CONTRACT / "examples" / message / kind).iterdir()):
            if path.suffix == ".topic":
                continue
            beside = path.with_suffix(".topic")
            own = address(message).format(id="bedroom", instance="ml-1")
            topic = beside.read_text(encoding="utf-8") if beside.exists() else own
            yield Example(message, path, kind == "valid", topic)


@cache
def validator(schema: str) -> Draft7Validator:
    """A validator for one of the named schemas; references lead through the whole document."""
    registry = Registry[bool | Mapping[str, object]]().with_resource("urn:contract", DRAFT7.create_resource(asyncapi()))
    return Draft7Validator({"$ref": f"urn:contract#/components/schemas/{schema}"}, registry=registry)


def strict_json(payload: bytes) -> Json:
    """JSON as the contract wants it: UTF-8, finite numbers, no lone surrogates, nesting of at most 32."""

    def refuse(word: str) -> Json:
        raise NotJsonError(word)

    def finite(text: str) -> float:
        number = float(text)
        if number in {float("inf"), float("-inf")}:
            raise NotJsonError(text)
        return number

    try:
        value: Json = json.loads(payload.decode("utf-8"), parse_constant=refuse, parse_float=finite)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise NotJsonError(str(error)) from error
    if depth(value) > 32:
        raise NotJsonError("nested too deep")
    return value


def depth(value: Json) -> int:
    """How deep lists and objects are nested: 0 for a plain value, 1 for an empty list."""
    level = 0
    row = [value]
    while containers := [outer for outer in row if isinstance(outer, list | dict)]:
        level += 1
        row = [inner for outer in containers for inner in (outer.values() if isinstance(outer, dict) else outer)]
    return level
