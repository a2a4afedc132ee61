"""What a question tells beside the readings: each fact by its own name, within the contract's bounds."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from custom_components.smart_window.contract import Context, ContractError
from custom_components.smart_window.contract.inference import Taste, read_context, read_taste

CONTRACT = Path(__file__).parents[3] / "contract" / "asyncapi.yaml"


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def properties_with(name: str) -> Mapping[str, Mapping[str, Any]]:
    contract = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    found = (one["properties"] for one in objects(contract) if name in one.get("properties", {}))
    return cast("Mapping[str, Mapping[str, Any]]", next(found))


CONTEXT, TASTE = properties_with("humidity_trend"), properties_with("thrift")
NUMBERS = [
    (read, name, bounds)
    for read, properties in ((read_context, CONTEXT), (read_taste, TASTE))
    for name, bounds in properties.items()
    if "minimum" in bounds
]


def a_value(bounds: Mapping[str, Any]) -> object:
    if "enum" in bounds:
        return next(word for word in bounds["enum"] if word is not None)
    if "boolean" in str(bounds.get("type")):
        return True
    return bounds.get("maximum", 50)  # a percentage stands elsewhere


def test_the_names_are_those_of_the_contract() -> None:
    assert {field.name for field in fields(Context)} == set(CONTEXT)
    assert {field.name for field in fields(Taste)} == set(TASTE)


@pytest.mark.parametrize("name", list(CONTEXT))
def test_each_fact_is_told_and_read_by_its_own_name(name: str) -> None:
    said = {name: a_value(CONTEXT[name])}
    context = read_context(said, "context")
    assert getattr(context, name) == said[name]
    assert context.to_json() == said
    assert read_context({name: None}, "context") == Context()


@pytest.mark.parametrize("name", list(TASTE))
def test_each_taste_is_told_and_read_by_its_own_name(name: str) -> None:
    said = {name: a_value(TASTE[name])}
    assert read_taste(said, "taste").to_json() == said
    assert read_taste({}, "taste") == Taste()
    assert Taste().to_json() == {}


@pytest.mark.parametrize(("read", "name", "bounds"), NUMBERS, ids=[name for _, name, _ in NUMBERS])
def test_a_number_is_taken_up_to_its_bounds_and_not_beyond(read: Any, name: str, bounds: Mapping[str, Any]) -> None:  # noqa: ANN401 - either reader
    low, high = bounds["minimum"], bounds["maximum"]
    for value in (low, high):
        assert getattr(read({name: value}, "x"), name) == value
    step = 1 if "integer" in str(bounds["type"]) else 0.001
    for value in (low - step, high + step):
        with pytest.raises(ContractError, match=name):
            read({name: value}, "x")
