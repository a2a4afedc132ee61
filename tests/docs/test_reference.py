"""What is written by a program is what the code says now, and nothing that can be set or called is left out."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.environment import VARIABLES
from reference.__main__ import pages
from reference.markdown import PageError, filled
from reference.record import record

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "custom_components" / "smart_window"
DOCS = ROOT / "docs"
WORDS: dict[str, Any] = json.loads((ROOM / "translations" / "en.json").read_text())
API = (DOCS / "API.md").read_text()
CONFIGURATION = (DOCS / "CONFIGURATION.md").read_text()
TROUBLES = (DOCS / "TROUBLESHOOTING.md").read_text()


def test_the_pages_are_up_to_date() -> None:
    late = [file.name for file, text in pages().items() if file.read_text() != text]
    assert late == [], "run ./scripts/reference"


def test_every_topic_field_and_rule_of_the_contract_is_named() -> None:
    contract = yaml.safe_load((ROOT / "contract" / "asyncapi.yaml").read_text())
    for channel in contract["channels"].values():
        assert f"`{channel['address']}`" in API
    for message in contract["components"]["messages"].values():
        assert message["summary"] in API
        assert all(f"- {rule}\n" in API for rule in message.get("x-rules", ()))
    for name, schema in contract["components"]["schemas"].items():
        if name in contract["components"]["messages"]:
            for field in schema.get("properties", {}):
                assert f"`{field}" in API, f"{name}.{field}"


def test_every_table_and_column_of_the_record_is_named() -> None:
    text = "\n".join(file.read_text() for file in sorted((ROOM / "recorder" / "migrations").glob("*.sql")))
    for table in re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", text):
        assert f"\n#### {table}\n" in API
    for column in re.findall(r"ADD COLUMN IF NOT EXISTS (\w+)", text):
        assert f"| `{column}` |" in API


def test_every_action_event_and_tool_is_named() -> None:
    for action in WORDS["services"]:
        assert f"| `smart_window.{action}` |" in API
    for event in WORDS["entity"]["event"]["decision"]["state_attributes"]["event_type"]["state"]:
        assert f"| `{event}` |" in API
    for error in WORDS["exceptions"]:
        assert f"| `{error}` |" in API
    for tool in re.findall(r'name = f"\{DOMAIN\}__(\w+)"', (ROOM / "llm.py").read_text()):
        assert f"| `smart_window__{tool}` |" in API


def test_every_setting_of_every_room_is_named_with_words() -> None:
    forms = (
        WORDS["options"]["step"]["init"]["sections"],
        WORDS["config_subentries"]["window"]["step"]["reconfigure"]["sections"],
    )
    wanted = [key for form in forms for section in form.values() for key in section["data"]]
    wanted += [key for app in ("ml_addon", "clickhouse_addon") for key in app_options(app)]
    wanted += [variable.name for variable in VARIABLES]
    for file in (ROOT / "firmware" / "packages").glob("*.yaml"):
        given = re.search(r"^substitutions:\n((?: .*\n|\n)+)", file.read_text(), re.MULTILINE)
        wanted += re.findall(r"^  (?!pin_)(\w+):", given[1], re.MULTILINE) if given else []
    for key in wanted:
        assert f"`{key}`" in CONFIGURATION, key
    for line in CONFIGURATION.splitlines():
        if line.startswith("| `") or line.count("| `") == 1:
            assert not re.search(r"\| *\| *$|\| +\|$", line) or "pin_" in line, f"no words: {line}"


def app_options(app: str) -> list[str]:
    return list(yaml.safe_load((ROOT / app / "config.yaml").read_text())["schema"])


def test_every_setting_of_the_service_is_named() -> None:
    tree = yaml.safe_load((ROOT / "ml_addon" / "service.yaml").read_text())
    for group, values in tree.items():
        for name in values if isinstance(values, dict) else [""]:
            assert f"| `{group}.{name}`".rstrip(".`") + "`" in CONFIGURATION


def test_every_way_to_the_page_is_named() -> None:
    source = (ROOT / "ml_addon" / "web" / "pages.py").read_text()
    for method, path in re.findall(r'web\.(get|post)\("([^"]+)"', source):
        assert f"`{method.upper()} {path}`" in API


def test_every_repair_is_told_in_its_own_words() -> None:
    for issue in WORDS["issues"].values():
        assert f"| {issue['title']} |" in TROUBLES


def test_what_a_log_is_said_to_say_is_what_a_program_says() -> None:
    programs = [*(ROOT / "ml_addon").rglob("*.py"), *(ROOT / "deploy").glob("*.py"), *(ROOT / "scripts").glob("*")]
    source = "\n".join(file.read_text("utf-8") for file in programs if file.is_file())
    source = re.sub(r'"\s*\n\s*f?"', "", source)
    quoted = re.findall(r"^\| (`.*?) \|", TROUBLES.split("## The service says")[1], re.MULTILINE)
    assert len(quoted) > 10
    for cell in quoted:
        for words in re.findall(r"`([^`]+)`", cell):
            for part in re.split(r"…|HOST:PORT|NAME|\.env ", words):
                assert part.strip(" '") in source, f"nobody says {part!r}"


# --- the parts can fail


def test_a_place_without_its_part_is_an_error() -> None:
    page = "<!-- a: written by scripts/reference -->\nold\n<!-- end -->\n"
    assert filled(page, {"a": "new"}) == "<!-- a: written by scripts/reference -->\n\nnew\n<!-- end -->\n"
    for parts in ({}, {"b": "x"}, {"a": "x", "b": "x"}):
        with pytest.raises(PageError, match="expected the same"):
            filled(page, parts)


def test_a_column_that_was_changed_later_shows_as_it_is_now() -> None:
    text = record(
        [
            "CREATE TABLE IF NOT EXISTS t (a Enum8('x, y' = 1) COMMENT 'q', b Tuple(c Int8)) ENGINE = Log ORDER BY a",
            "ALTER TABLE t MODIFY COLUMN a String COMMENT 'now', ADD COLUMN IF NOT EXISTS e UInt8 DEFAULT 1",
        ]
    )
    assert "Log, ordered by a" in text
    for row in ("| `a` | `String` | now |", "| `b` | `Tuple(c Int8)` |  |", "| `e` | `UInt8` |  |"):
        assert row in text
