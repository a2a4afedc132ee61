"""The house shows itself: who may import what, who may publish, how long a file may be, which words exist."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOM = Path(__file__).parents[2] / "custom_components" / "smart_window"
FILES = sorted(ROOM.rglob("*.py"))

SHELL = {
    "__init__",
    "account",
    "adoption",
    "alerts",
    "asking",
    "binary_sensor",
    "button",
    "chronicle",
    "command",
    "config_flow",
    "const",
    "consult",
    "cover",
    "decisions",
    "device_condition",
    "device_entities",
    "device_trigger",
    "diagnostics",
    "entity",
    "event",
    "forecast",
    "form",
    "hub",
    "hub_sensors",
    "introductions",
    "issues",
    "llm",
    "logbook",
    "monitor",
    "keeper",
    "leftovers",
    "lifetime",
    "migration",
    "model_actions",
    "number",
    "options",
    "outdoors",
    "owner",
    "recording",
    "recording_options",
    "repairs",
    "roster",
    "select",
    "sensor",
    "services",
    "sources",
    "station",
    "store",
    "surroundings",
    "switch",
    "system_health",
    "targets",
    "teaching",
    "tune",
    "upkeep",
    "watch",
    "window_flow",
    "window_options",
    "wording",
}
"""The edge: what may know Home Assistant. All else is pure, or the recorder, which knows only its server."""

MANIFEST: dict[str, Any] = json.loads((ROOM / "manifest.json").read_text())
WORDS: dict[str, Any] = json.loads((ROOM / "translations" / "en.json").read_text())


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module)):
                yield module
            case _:
                pass


def leaves(words: object, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(words, dict):
        for key, value in words.items():
            yield from leaves(value, f"{where}.{key}" if where else key)
    else:
        yield where, str(words)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_only_the_shell_knows_home_assistant(path: Path) -> None:
    at_the_edge = path.parent == ROOM and path.stem in SHELL
    knows = any(name.split(".")[0] in {"homeassistant", "voluptuous", "probatio"} for name in imported(path))
    assert at_the_edge or not knows


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_no_file_is_two_ideas(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 450


def test_there_is_one_way_out() -> None:
    publishers = [
        path.name for path in FILES if "async_publish" in path.read_text() or "mqtt.publish" in path.read_text()
    ]
    assert publishers == ["command.py"]
    assert (ROOM / "command.py").read_text().count("async_publish") == 1


def test_no_other_way_to_the_broker() -> None:
    rivals = {"paho", "aiomqtt", "gmqtt", "amqtt"}
    assert not [path for path in FILES if rivals & {name.split(".")[0] for name in imported(path)}]


def test_the_manifest_has_the_order_and_the_keys_that_home_assistant_wants() -> None:
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(keys[2:])]
    assert MANIFEST["domain"] == ROOM.name
    assert MANIFEST["mqtt"] == ["window/+/announce"]
    assert MANIFEST["dependencies"] == ["mqtt"]
    assert MANIFEST["iot_class"] == "local_push"
    # One entry by its unique id: core's own rule would also stop the app that offers to record for an entry.
    assert "single_config_entry" not in MANIFEST
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])
    assert all("==" in requirement for requirement in MANIFEST["requirements"])
    for key in ("documentation", "issue_tracker"):
        assert MANIFEST[key].startswith("https://github.com/smart-window/smart-window")


def test_words_are_plain() -> None:
    for where, text in leaves(WORDS):
        assert re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", where), where
        assert text == text.strip(), where
        assert not re.search(r"<[a-z/]|'\{|\[%key", text), where


GERMAN: dict[str, Any] = json.loads((ROOM / "translations" / "de.json").read_text())


def test_german_says_all_that_english_says_with_the_same_placeholders() -> None:
    english, german = dict(leaves(WORDS)), dict(leaves(GERMAN))
    assert english.keys() == german.keys()
    for where, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", german[where])), where


def test_words_that_are_no_names_differ_between_the_languages() -> None:
    english, german = dict(leaves(WORDS)), dict(leaves(GERMAN))
    same = {where for where, text in english.items() if text == german[where]}
    assert len(same) < 0.05 * len(english), sorted(same)


def test_each_choice_in_a_form_has_words() -> None:
    from custom_components.smart_window.form import CONTRADICTIONS, DOES_NOT_FIT  # noqa: PLC0415 - only this test
    from custom_components.smart_window.happenings import Happening  # noqa: PLC0415
    from custom_components.smart_window.settings import AiringRule, HoldRule, QuietRule, Taste  # noqa: PLC0415

    for name, kind in (("hold_rule", HoldRule), ("airing", AiringRule), ("taste", Taste), ("quiet", QuietRule)):
        assert set(WORDS["selector"][name]["options"]) == set(kind)
    told = WORDS["entity"]["event"]["decision"]["state_attributes"]["event_type"]["state"]
    assert set(told) == set(Happening)
    errors = {*CONTRADICTIONS.values(), DOES_NOT_FIT, "unknown_entity"}
    assert errors <= {*WORDS["options"]["error"], *WORDS["config_subentries"]["window"]["error"]}


def test_each_field_of_the_forms_has_its_words() -> None:
    from custom_components.smart_window.options import options_schema  # noqa: PLC0415 - only this test
    from custom_components.smart_window.window_options import window_schema  # noqa: PLC0415

    window = WORDS["config_subentries"]["window"]["step"]
    for schema, steps in (
        (options_schema(["bedroom"]), [WORDS["options"]["step"]["init"]]),
        (window_schema(), [window["settings"], window["reconfigure"]]),
    ):
        fields = {str(name): {str(field) for field in section.schema.schema} for name, section in schema.schema.items()}
        for step in steps:
            assert {name: set(said["data"]) for name, said in step["sections"].items()} == fields


def test_each_field_is_explained() -> None:
    windows = WORDS["config_subentries"]["window"]["step"].values()
    steps = [
        *WORDS["config"]["step"].values(),
        *WORDS["options"]["step"]["init"]["sections"].values(),
        *(section for step in windows for section in step.get("sections", {"": step}).values()),
    ]
    for step in steps:
        assert step.get("data", {}).keys() == step.get("data_description", {}).keys()


def test_each_reason_mode_issue_and_error_has_words() -> None:
    from custom_components.smart_window.contract import Result  # noqa: PLC0415 - only this test needs them
    from custom_components.smart_window.decision import Why  # noqa: PLC0415
    from custom_components.smart_window.issues import Issue  # noqa: PLC0415
    from custom_components.smart_window.settings import Mode  # noqa: PLC0415

    assert set(WORDS["entity"]["sensor"]["reason"]["state"]) == set(Why)
    assert set(WORDS["entity"]["select"]["mode"]["state"]) == set(Mode)
    assert set(WORDS["issues"]) == set(Issue)
    refusals = {f"refused_{result}" for result in Result} - {"refused_accepted", "refused_duplicate"}
    assert refusals <= set(WORDS["exceptions"])
    raised = {
        key
        for path in FILES
        for key in re.findall(
            r'(?:(?:command)?_error\(|translation_domain=DOMAIN,\s*translation_key=)\s*"(\w+)"', path.read_text()
        )
    }
    assert {"mqtt_missing", "no_suggestion", "no_such_window", "question_out", "does_not_fit"} <= raised
    assert raised <= set(WORDS["exceptions"])


def test_each_entity_with_a_name_of_its_own_has_an_icon() -> None:
    icons = json.loads((ROOM / "icons.json").read_text())["entity"]
    for platform, entities in WORDS["entity"].items():
        assert set(entities) == set(icons[platform])
    for where, icon in leaves(icons):
        assert icon.startswith("mdi:"), where


def test_the_brand_has_its_icon() -> None:
    assert (ROOM / "brand" / "icon.png").read_bytes()[1:4] == b"PNG"
