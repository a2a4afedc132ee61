"""What hassfest, HACS and the quality scale ask of an integration, by what Home Assistant itself brings."""

import json
import re
from pathlib import Path
from typing import Any

import homeassistant.components
import homeassistant.const
import pytest
import yaml
from homeassistant.helpers.selector import validate_selector

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "custom_components" / "smart_window"
CORE = Path(homeassistant.components.__path__[0])
PAGE = (ROOT / "docs" / "HOME_ASSISTANT.md").read_text()


def of_json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def of_yaml(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found


WORDS = of_json(ROOM / "translations" / "en.json")
ICONS = of_json(ROOM / "icons.json")
ACTIONS = of_yaml(ROOM / "services.yaml")
RULES: dict[str, Any] = of_yaml(ROOM / "quality_scale.yaml")["rules"]


# --- the quality scale


def test_every_rule_that_core_has_today_is_answered_and_no_other() -> None:
    rules = {rule for path in CORE.glob("*/quality_scale.yaml") for rule in (of_yaml(path).get("rules") or {})}
    assert set(RULES) == rules


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_is_done_or_exempt_with_its_reason(rule: str) -> None:
    said = RULES[rule]
    status = said if isinstance(said, str) else said["status"]
    assert status in {"done", "exempt"}
    if status == "exempt":
        assert len(said["comment"]) > 20


@pytest.mark.parametrize(
    ("rule", "heading"),
    [
        ("docs-actions", "Actions"),
        ("docs-conditions", "Triggers and conditions"),
        ("docs-triggers", "Triggers and conditions"),
        ("docs-installation-instructions", "Install"),
        ("docs-removal-instructions", "Remove"),
        ("docs-configuration-parameters", "Options"),
        ("docs-installation-parameters", "Install"),
        ("docs-data-update", "How data is updated"),
        ("docs-examples", "Blueprints"),
        ("docs-known-limitations", "Known limits"),
        ("docs-supported-devices", "What you need"),
        ("docs-supported-functions", "The device page"),
        ("docs-troubleshooting", "When something is wrong"),
        ("docs-use-cases", "The first evening"),
    ],
)
def test_what_must_be_documented_has_its_part(rule: str, heading: str) -> None:
    assert RULES[rule] == "done"
    assert f"\n## {heading}\n" in PAGE


def test_the_page_names_every_entity_action_and_section() -> None:
    for name in ACTIONS:
        assert f"`smart_window.{name}`" in PAGE, name
    for section in WORDS["options"]["step"]["init"]["sections"].values():
        assert f"| {section['name']} |" in PAGE
    for platform in ("binary_sensor", "button", "event", "number", "select", "switch"):
        for key, said in WORDS["entity"][platform].items():
            assert said["name"] in PAGE, key


def test_what_the_page_links_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#h][^)#]*)", PAGE):
        assert (ROOT / "docs" / target).exists(), target


# --- hassfest


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_an_action_has_words_an_icon_and_selectors_that_home_assistant_knows(name: str) -> None:
    said, words = ACTIONS[name], WORDS["services"][name]
    assert words["name"]
    assert words["description"]
    assert ICONS["services"][name]["service"].startswith("mdi:")
    assert set(words.get("fields", {})) == set(said.get("fields", {}))
    for key, field in said.get("fields", {}).items():
        validate_selector(field["selector"])
        assert words["fields"][key]["name"]
        assert words["fields"][key]["description"]


def test_the_actions_that_are_registered_are_the_ones_described() -> None:
    from custom_components.smart_window import model_actions, services  # noqa: PLC0415 - only this test

    assert (
        set(services.ACTIONS) | set(model_actions.ACTIONS)
        == set(ACTIONS)
        == set(WORDS["services"])
        == set(ICONS["services"])
    )


def test_device_automations_have_words() -> None:
    from custom_components.smart_window.device_condition import CONDITIONS  # noqa: PLC0415 - only this test
    from custom_components.smart_window.device_trigger import TYPES  # noqa: PLC0415

    assert set(WORDS["device_automation"]["trigger_type"]) == set(TYPES)
    assert set(WORDS["device_automation"]["condition_type"]) == set(CONDITIONS)


def test_our_domain_is_none_of_cores() -> None:
    assert not (CORE / "smart_window").exists()


# --- HACS


def test_the_oldest_home_assistant_that_may_install_it_is_the_one_that_these_tests_run() -> None:
    asked = {str(of_json(ROOT / "hacs.json")["homeassistant"])}
    for name in ("ml_addon", "clickhouse_addon"):
        asked.add(str(yaml.safe_load((ROOT / name / "config.yaml").read_text())["homeassistant"]))
    for path in (ROOT / "blueprints").rglob("*.yaml"):
        asked |= set(re.findall(r"min_version: (\S+)", path.read_text()))
    assert asked == {homeassistant.const.__version__}


def test_hacs_json_has_only_what_hacs_knows() -> None:
    said = of_json(ROOT / "hacs.json")
    known = {"name", "content_in_root", "zip_release", "filename", "hide_default_branch", "homeassistant", "hacs"}
    assert said["name"]
    assert set(said) <= known | {"country", "persistent_directory"}
    assert not said.get("zip_release") or said["filename"]
    assert re.fullmatch(r"20\d\d\.\d{1,2}\.\d+", said["homeassistant"])


def test_hacs_finds_one_integration_and_supervisor_no_stray_manifest() -> None:
    assert [path.name for path in (ROOT / "custom_components").iterdir() if (path / "manifest.json").exists()] == [
        "smart_window"
    ]


# --- the dashboard


def cards(view: object) -> list[dict[str, Any]]:
    if isinstance(view, list):
        return [card for one in view for card in cards(one)]
    if not isinstance(view, dict):
        return []
    own = [view] if "type" in view else []
    return own + [card for one in view.values() for card in cards(one)]


def test_the_documented_view_has_only_cards_of_core() -> None:
    view = of_yaml(ROOT / "docs" / "dashboard.yaml")
    kinds = {card["type"] for card in cards(view)}
    assert kinds
    assert not [kind for kind in kinds if kind.startswith("custom:")]
    assert {"tile", "history-graph", "logbook", "markdown", "heading"} <= kinds


def test_the_documented_view_names_entities_that_a_window_has() -> None:
    slug = {
        platform: {re.sub(r"[^a-z0-9]+", "_", said["name"].lower()) for said in entities.values() if "name" in said}
        for platform, entities in WORDS["entity"].items()
    }
    slug["sensor"] |= {"temperature", "humidity"}
    text = (ROOT / "docs" / "dashboard.yaml").read_text()
    for platform, name in re.findall(r"(\w+)\.bedroom_window_(\w+)", text):
        assert name in slug[platform], f"{platform}.{name}"
