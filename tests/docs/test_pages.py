"""Every page: its links lead somewhere, its commands and options exist, its words are those of the programs."""

import re
from functools import cache
from pathlib import Path

import pytest

from .pages import ROOT, Command, anchors, broken, commands, links, modules, pages

PAGES = pages()
_MODULE_OF_A_SCRIPT = re.compile(r"-m ([a-z_.]+)")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_and_anchor_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_exists_with_its_options(page: Path) -> None:
    for command in commands(page.read_text("utf-8")):
        script = ROOT / "scripts" / command.script
        assert script.is_file(), f"{name_of(page)}: there is no scripts/{command.script}"
        source = source_of(script)
        for option in command.options:
            assert option in source, f"{name_of(page)}: scripts/{command.script} has no {option}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_module_that_is_called_exists(page: Path) -> None:
    for module, command in modules(page.read_text("utf-8")):
        folder = ROOT / module.replace(".", "/")
        if module in {"venv", "pytest", "pip"}:
            continue
        assert (folder / "__main__.py").is_file() or folder.with_suffix(".py").is_file(), f"{name_of(page)}: {module}"
        if command and module == "ml_addon":
            assert f'"{command}"' in (folder / "__main__.py").read_text(), f"{name_of(page)}: {module} {command}"


@cache
def source_of(script: Path) -> str:
    """The script with all that it runs: modules of ours that it names, and their neighbours."""
    text = script.read_text("utf-8")
    for module in _MODULE_OF_A_SCRIPT.findall(text):
        folder = ROOT / module.split(".", maxsplit=1)[0]
        text += "".join(file.read_text("utf-8") for file in folder.rglob("*.py"))
    if script.name == "bench":
        text += "".join(file.read_text("utf-8") for file in (ROOT / "benchmarks").glob("*.py"))
    return text


# --- what finds them can fail


@pytest.mark.parametrize(
    "bad",
    ["[x](nowhere.md)", "[x](#nothing)", "[x](README.md#nothing)", "![x](images/none.png)", "[`a` b](nowhere.md)"],
)
def test_a_dead_link_is_found(tmp_path: Path, bad: str) -> None:
    (tmp_path / "README.md").write_text("# Title\n")
    page = tmp_path / "page.md"
    page.write_text(f"# Here\n\nSee {bad}.\n")
    assert len(broken(page)) == 1


def test_a_good_link_is_none(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Settings of `smart_window:`\n\n[x](#settings-of-smart_window) `[not](a.md)`\n\n```\n[y](no.md)\n```\n"
    )
    assert broken(page) == []
    assert links(page.read_text()) == ["#settings-of-smart_window"]


def test_headings_are_anchors_as_github_makes_them() -> None:
    assert anchors("# A b, c: d\n## A b, c: d\n### `x` & y\n```\n# no\n```\n") == {"a-b-c-d", "a-b-c-d-1", "x--y"}


def test_commands_are_found_in_blocks_and_in_text() -> None:
    text = "```bash\n./scripts/demo --check  # x\n```\nRun `scripts/simulate audio --device a` or (`./scripts/test`)."
    assert list(commands(text)) == [
        Command("demo", ("--check",)),
        Command("simulate", ("audio", "--device", "a")),
        Command("test", ()),
    ]
