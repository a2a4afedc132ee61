"""The contract's examples and schemas, as these tests read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

CONTRACT = Path(__file__).parents[2] / "contract"
_DOCUMENT = yaml.safe_load((CONTRACT / "asyncapi.yaml").read_text("utf-8"))
_TOPICS = {
    "request": "ml/inference/request/bedroom",
    "response": "ml/inference/response/bedroom",
    "feedback": "ml/feedback/bedroom",
    "control": "window/bedroom/control",
    "models": "ml/models/ml-1",
    "models_result": "ml/models/ml-1/result",
    "status": "ml/status/ml-1",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One payload of the contract and the topic on which it arrives."""

    name: str
    topic: str
    payload: bytes

    def __str__(self) -> str:
        return self.name


def examples(message: str, verdict: str) -> list[Example]:
    """All examples of a message, `valid` or `invalid`."""
    found = []
    for path in sorted((CONTRACT / "examples" / message / verdict).iterdir()):
        if path.suffix == ".topic":
            continue
        topic = path.with_suffix(".topic")
        where = topic.read_text("utf-8").rstrip("\n") if topic.is_file() else _TOPICS[message]
        found.append(Example(path.name, where, path.read_bytes()))
    return found


def validator(message: str) -> Draft202012Validator:
    """What the schema says of a message."""
    schema: Mapping[str, object] = {
        "$ref": f"#/components/schemas/{message}",
        "components": _DOCUMENT["components"],
    }
    return Draft202012Validator(schema)
