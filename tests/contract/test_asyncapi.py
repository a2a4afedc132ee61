"""The definition itself is whole: every message has a topic, a bound, a schema and somebody who sends it."""

import re

import pytest
from jsonschema import Draft7Validator

from tests.contract.contract_files import Json, address, asyncapi, mapping, messages

MESSAGES = sorted(messages())


def references(value: Json) -> list[str]:
    """Every $ref in the document."""
    match value:
        case {"$ref": str(target)}:
            return [target]
        case dict():
            return [found for inner in value.values() for found in references(inner)]
        case list():
            return [found for inner in value for found in references(inner)]
        case _:
            return []


def resolve(target: str) -> Json:
    """Follow a reference inside the document."""
    assert target.startswith("#/"), target
    value: Json = asyncapi()
    for step in target[2:].split("/"):
        value = mapping(value)[step]
    return value


def test_it_is_asyncapi_3_and_names_the_major_version_of_the_contract() -> None:
    document = asyncapi()
    assert document["asyncapi"] == "3.0.0"
    assert mapping(document["info"])["version"] == "1.0.0"


def test_every_reference_leads_somewhere() -> None:
    found = references(asyncapi())
    assert len(found) > 50
    for target in found:
        assert resolve(target) is not None, target


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_has_a_topic_a_bound_a_schema_and_a_sender(message: str) -> None:
    definition = mapping(messages()[message])
    bound = definition["x-max-bytes"]
    assert isinstance(bound, int)
    assert 1 <= bound < 1048576 - 256  # a packet also holds the topic and its properties
    assert re.fullmatch(r"[a-z/]+\{(id|instance)\}(/[a-z/]+)?", address(message))
    assert definition["summary"]
    senders = [mapping(operation) for operation in mapping(asyncapi()["operations"]).values()]
    assert sum(mapping(sender["channel"])["$ref"] == f"#/channels/{message}" for sender in senders) == 1


def test_every_schema_is_a_schema() -> None:
    for name, schema in mapping(mapping(asyncapi()["components"])["schemas"]).items():
        Draft7Validator.check_schema(mapping(schema))
        assert name


@pytest.mark.parametrize("message", ["announce", "availability", "state", "guard", "status"])
def test_what_describes_a_present_condition_is_retained_and_nothing_else(message: str) -> None:
    retained = {
        str(mapping(mapping(operation)["channel"])["$ref"]).rsplit("/", 1)[1]
        for operation in mapping(asyncapi()["operations"]).values()
        if mapping(mapping(mapping(operation)["bindings"])["mqtt"])["retain"]
    }
    assert message in retained
    assert len(retained) == 5
