"""Each limit of the contract's schemas: what lies on it is taken, what lies just beyond is refused."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Final

import pytest

from custom_components.smart_window.contract import ContractError, MessageKind, decode
from tests.contract.contract_files import Json, asyncapi, examples, mapping

type Path = tuple[str | int, ...]
type Case = tuple[str, Path, Json, bool]

IN_JSON: Final = tuple(kind for kind in MessageKind if kind not in {MessageKind.AVAILABILITY, MessageKind.AUDIO})
MIXED: Final = {
    MessageKind.TEMPERATURE: ("value",),  # its limits are those after conversion: see the tests of readings
    MessageKind.MODELS: ("version",),  # whether it must be there follows from `do`
}
"""Fields whose limits rest on another field."""
NO_NULL: Final = {
    MessageKind.RESPONSE: {"position", "confidence", "model_version"},
    MessageKind.FEEDBACK_RESULT: {"layer", "model_version"},
}
"""Null only beside an error."""
MAY_FAIL: Final = (MessageKind.RESPONSE, MessageKind.FEEDBACK_RESULT, MessageKind.MODELS_RESULT)
UNREAD: Final = {MessageKind.RESPONSE: {"levels"}}
"""What Home Assistant has no use for."""
LONGEST: Final = {"token": 64, "code": 40, "device_id": 64}


def schema_of(value: Json) -> Mapping[str, Json]:
    """The schema, with what it refers to."""
    found = dict(mapping(value))
    if "$ref" in found:
        name = str(found.pop("$ref")).rpartition("/")[2]
        found = {"x-name": name} | dict(schema_of(mapping(mapping(asyncapi()["components"])["schemas"])[name])) | found
    return found


def forms(schema: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """The schema, or each of its alternatives."""
    one_of = schema.get("oneOf")
    if not isinstance(one_of, list) or "properties" in schema:
        return [schema]
    return [form for one in one_of for form in forms(schema_of(one))]


def types(schema: Mapping[str, Json]) -> set[str]:
    said = schema.get("type")
    return {str(one) for one in said} if isinstance(said, list) else {str(said)}


def sample(schema: Mapping[str, Json]) -> Json:
    """The least that fits."""
    schema = next(form for form in forms(schema) if types(form) != {"null"})
    if "const" in schema:
        return schema["const"]
    if isinstance(enum := schema.get("enum"), list):
        return enum[0]
    if "object" in types(schema) or "properties" in schema:
        properties, needed = mapping(schema.get("properties", {})), schema.get("required", [])
        assert isinstance(needed, list)
        return {str(name): sample(schema_of(properties[str(name)])) for name in needed}
    if "array" in types(schema):
        least = schema.get("minItems", 0)
        return [sample(schema_of(schema["items"])) for _ in range(int(str(least)))]
    if "string" in types(schema):
        return "a"
    return False if "boolean" in types(schema) else schema.get("minimum", 1)


def on_and_beyond(schema: Mapping[str, Json]) -> Iterator[tuple[Json, bool]]:
    """Values at the limits of one field, and whether each fits."""
    kinds = types(schema)
    if "const" in schema:
        yield from ((schema["const"], True), ("something else", False), (1, False))
    elif isinstance(enum := schema.get("enum"), list):
        yield from ((word, True) for word in enum)
        yield "something else", False
        yield ["a"], False
    elif "string" in kinds:
        yield from texts(schema)
    elif kinds & {"number", "integer"}:
        yield from numbers(schema, whole="integer" in kinds)
    elif "boolean" in kinds:
        yield from ((True, True), (False, True), (0, False), ("true", False))
    elif "array" in kinds:
        yield from lists(schema)
    elif "object" in kinds:
        yield from objects(schema)


def texts(schema: Mapping[str, Json]) -> Iterator[tuple[Json, bool]]:
    yield from ((1, False), (True, False))
    longest = schema.get("maxLength", LONGEST.get(str(schema.get("x-name"))))
    if isinstance(longest, int):
        yield from (("a" * longest, True), ("a" * (longest + 1), False))
    if "minLength" in schema or "pattern" in schema:
        yield "", False


def numbers(schema: Mapping[str, Json], *, whole: bool) -> Iterator[tuple[Json, bool]]:
    step = 1 if whole else 0.5
    yield from ((True, False), ("1", False))
    yield [1], False
    if whole:
        yield 1.5, False
    for edge, outwards in (("minimum", -step), ("maximum", step)):
        if isinstance(limit := schema.get(edge), int | float):
            yield from ((limit, True), (limit + outwards, False))


def lists(schema: Mapping[str, Json]) -> Iterator[tuple[Json, bool]]:
    one = sample(schema_of(schema["items"]))
    if isinstance(most := schema.get("maxItems"), int):
        yield from (([one] * most, True), ([one] * (most + 1), False))
    if isinstance(least := schema.get("minItems"), int):
        yield from (([one] * least, True), ([one] * (least - 1), False))
    yield from (({}, False), ("a", False))


def objects(schema: Mapping[str, Json]) -> Iterator[tuple[Json, bool]]:
    yield from (([], False), ("a", False))
    if isinstance(most := schema.get("maxProperties"), int):
        one = sample(schema_of(schema["additionalProperties"]))
        yield {f"a{number}": one for number in range(most)}, True
        yield {f"a{number}": one for number in range(most + 1)}, False


def fields(schema: Mapping[str, Json], where: Path = ()) -> Iterator[tuple[Path, Mapping[str, Json], bool]]:
    """Each field below a schema, with one of its forms, and whether it may be null."""
    for form in forms(schema):
        for name, value in mapping(form.get("properties", {})).items():
            inner = schema_of(value)
            alternatives = forms(inner)
            nullable = any("null" in types(one) or None in (one.get("enum") or []) for one in alternatives)  # type: ignore[operator]
            for one in alternatives:
                if types(one) == {"null"}:
                    continue
                yield (*where, name), one, nullable
                if one.get("x-name") != "audio":
                    yield from fields(one, (*where, name))
                if "items" in one:
                    item = schema_of(one["items"])
                    yield (*where, name, 0), item, False
                    yield from fields(item, (*where, name, 0))
                if "additionalProperties" in one:
                    yield (*where, name, "a"), schema_of(one["additionalProperties"]), False


def put(document: Json, path: Path, value: Json, schema: Mapping[str, Json]) -> Json:
    """The document with the value there; what lies between and is missing is made."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    schema = next(form for form in forms(schema) if types(form) != {"null"})
    if isinstance(step, int):
        return [put(sample(schema_of(schema["items"])), rest, value, schema_of(schema["items"]))]
    changed = dict(mapping(document))
    properties = mapping(schema.get("properties", {}))
    inner = schema_of(properties.get(step, schema.get("additionalProperties", {})))
    below = changed.get(step)
    if rest and not isinstance(below, list if isinstance(rest[0], int) else dict):
        below = sample(inner)
    changed[step] = put(below, rest, value, inner)
    return changed


@cache
def bases(kind: MessageKind) -> list[Json]:
    """Good messages of our contract, the fullest first."""
    found = [
        (len(example.payload), json.loads(example.payload))
        for example in examples(kind)
        if example.valid and example.path.suffix == ".json" and "later_contract" not in example.name
    ]
    return [content for _, content in sorted(found, key=lambda one: -one[0]) if isinstance(content, dict)]


def base_for(kind: MessageKind, path: Path, value: Json) -> Json:
    """A good message in which the field may take any value of its own."""
    found = bases(kind)
    match kind, path[0]:
        case MessageKind.CONTROL, "position" | "action":
            found = [one for one in found if path[0] in mapping(one)]
        case ((MessageKind.RESPONSE | MessageKind.FEEDBACK_RESULT | MessageKind.MODELS_RESULT), "error") if (
            value is not None
        ):
            found = [one for one in found if mapping(one)["error"] is not None]
        case ((MessageKind.RESPONSE | MessageKind.FEEDBACK_RESULT), _):
            found = [one for one in found if mapping(one)["error"] is None]
        case MessageKind.MODELS, _:
            needs_one = path == ("do",) and value in ("serve", "shadow")
            found = [one for one in found if (mapping(one).get("version") is not None) == needs_one]
        case MessageKind.STATUS, "shadow":
            found = [one for one in found if mapping(one).get("shadow") is not None]
        case _:
            pass
    base = deepcopy(found[0])
    assert isinstance(base, dict)
    if kind is MessageKind.TEMPERATURE and value == "K":
        base["value"] = 294.15
    if kind is MessageKind.REQUEST and path[0] in {"session", "rev"}:
        base["grant"] = dict(mapping(base["grant"])) | {"act": value is not None}  # to act needs both
    for limits in (base, base.get("grant")):
        if isinstance(limits, dict) and {"min", "max"} <= set(limits):
            limits |= {"min": 0, "max": 100}
    return base


def cases() -> Iterator[Case]:
    every = mapping(mapping(asyncapi()["components"])["schemas"])
    for kind in IN_JSON:
        whole = next(form for form in forms(schema_of(every[kind])) if "properties" in form)
        for path, schema, nullable in fields(whole):
            if (
                path == MIXED.get(kind)
                or path[0] in UNREAD.get(kind, set())
                or (path[0] == "audio" and kind is not MessageKind.ANNOUNCE)
            ):
                continue
            tried = list(on_and_beyond(schema))
            if not isinstance(path[-1], int) and path[-1] not in NO_NULL.get(kind, set()):
                tried.append((None, nullable))
            for value, fits in tried:
                yield kind, path, value, fits


def named(case: Case) -> str:
    kind, path, value, fits = case
    told = json.dumps(value, ensure_ascii=True)
    short = told if len(told) < 24 else f"{type(value).__name__}-{len(str(value))}"
    return f"{kind}-{'.'.join(str(step) for step in path)}-{short}-{'fits' if fits else 'beyond'}"


EVERY: Final = list(dict.fromkeys(named(case) for case in cases()))
BY_NAME: Final = {named(case): case for case in cases()}


def names_the_field(told: str, kind: MessageKind, path: Path) -> bool:
    """An error is for the person who reads it: it says in which message and where."""
    names = [step for step in path if isinstance(step, str) and step != "a"]
    return told.startswith(kind) and (names[-1] in told or names[-1] in {"position", "confidence", "error"})


@pytest.mark.parametrize("kind", IN_JSON)
def test_what_lies_on_a_limit_is_taken_and_what_lies_beyond_is_refused(kind: MessageKind) -> None:
    whole = next(
        form
        for form in forms(schema_of(mapping(mapping(asyncapi()["components"])["schemas"])[kind]))
        if "properties" in form
    )
    wrong: list[str] = []
    for name, (of, path, value, fits) in BY_NAME.items():
        if of != kind:
            continue
        payload = json.dumps(put(base_for(kind, path, value), path, value, whole)).encode()
        try:
            decode(kind, payload)
            told = ""
        except ContractError as error:
            told = error.detail
        if bool(told) == fits or (told and not names_the_field(told, kind, path)):
            wrong.append(f"{name}: {told}")
    assert not wrong, wrong


def test_hundreds_of_limits_are_tried() -> None:
    assert len(EVERY) > 600
