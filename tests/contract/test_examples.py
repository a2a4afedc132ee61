"""The examples say what the schemas say, and show every way in which a message can be bad."""

import re

import pytest

from tests.contract.contract_files import (
    CONTRACT,
    Example,
    Json,
    NotJsonError,
    address,
    asyncapi,
    depth,
    examples,
    mapping,
    messages,
    strict_json,
    validator,
)

MESSAGES = sorted(messages())
ALL = [example for message in MESSAGES for example in examples(message)]
# Refused by x-rules, which a JSON Schema cannot express; the rooms' decoders refuse them.
BY_RULE = {
    "audio/invalid/json_half_frame.json",
    "feedback_result/invalid/layer_beside_error.json",
    "feedback_result/invalid/neither_layer_nor_error.json",
    "audio/invalid/json_too_short.json",
    "models/invalid/promote_with_a_version.json",
    "models/invalid/shadow_without_a_version.json",
    "guard/invalid/min_above_max.json",
    "request/invalid/grant_band_upside_down.json",
    "request/invalid/act_without_session.json",
    "request/invalid/act_without_rev.json",
    "request/invalid/audio_wav_truncated.json",
    "response/invalid/position_null_without_error.json",
    "response/invalid/error_that_acted.json",
    "temperature/invalid/kelvin_absurd.json",
}
# In JSON Schema `$` is the very end; Python's regular expressions let a newline stand behind it.
BEYOND_PYTHON = re.compile(r"_newline\.json$")
BINARY = {".bin", ".wav"}


def topic_fits(example: Example) -> bool:
    pattern = re.escape(address(example.message)).replace(r"\{id\}", "ID").replace(r"\{instance\}", "ID")
    return re.fullmatch(pattern.replace("ID", "[a-z0-9][a-z0-9_-]{0,63}"), example.topic) is not None


def bound(message: str) -> int:
    value = mapping(messages()[message])["x-max-bytes"]
    assert isinstance(value, int)
    return value


def decoded(example: Example) -> Json:
    if example.message == "availability":
        return example.payload.decode("utf-8")
    return strict_json(example.payload)


def fits(example: Example) -> bool:
    """What topic, size, encoding and schema alone say."""
    if not topic_fits(example) or len(example.payload) > bound(example.message):
        return False
    try:
        value = decoded(example)
    except NotJsonError, UnicodeDecodeError:
        return False
    return not list(validator(example.message).iter_errors(value))


@pytest.mark.parametrize("message", MESSAGES)
def test_there_are_at_least_three_good_and_eight_bad_examples(message: str) -> None:
    found = list(examples(message))
    assert sum(example.valid for example in found) >= 3
    assert sum(not example.valid for example in found) >= 8


@pytest.mark.parametrize("message", MESSAGES)
def test_the_bad_examples_show_each_kind_of_badness(message: str) -> None:
    names = " ".join(example.path.name for example in examples(message) if not example.valid)
    for kind in ("nan", "bad_utf8", "oversize", "topic_id_with_parent_folder", "topic_id_empty", "topic_id_of_65"):
        assert kind in names, kind


@pytest.mark.parametrize("example", [e for e in ALL if e.valid], ids=lambda e: e.name)
def test_a_good_example_fits_the_schema(example: Example) -> None:
    assert topic_fits(example)
    assert len(example.payload) <= bound(example.message)
    if "later_contract" in example.name:
        assert mapping(decoded(example))["contract"] != 1
    elif not (example.path.suffix in BINARY and example.message in {"audio", "announce"}):
        assert list(validator(example.message).iter_errors(decoded(example))) == []


@pytest.mark.parametrize("example", [e for e in ALL if not e.valid], ids=lambda e: e.name)
def test_a_bad_example_is_refused_by_topic_size_encoding_schema_or_a_named_rule(example: Example) -> None:
    if example.name in BY_RULE:
        assert fits(example), "the schema refuses it by itself: take it out of BY_RULE"
        assert mapping(messages()[example.message])["x-rules"]
    elif BEYOND_PYTHON.search(example.name) and example.message != "announce":
        assert fits(example), "this validator has learnt what `$` means: take BEYOND_PYTHON out"
    else:
        assert not fits(example)


def test_no_example_lies_in_a_folder_of_no_message() -> None:
    assert sorted(path.name for path in (CONTRACT / "examples").iterdir()) == MESSAGES
    assert set(MESSAGES) == set(mapping(asyncapi()["channels"]))


def test_depth_counts_lists_and_objects() -> None:
    values: list[Json] = [1, [], {}, [1], [[]], {"a": {"b": [1, {"c": 2}]}}]
    assert [depth(value) for value in values] == [0, 1, 1, 1, 2, 4]
