"""Versions that agree, the archive that is installed, and files whose names others look for."""

import datetime as dt
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml

from deploy.clickhouse_users import users_xml
from deploy.faults import FaultyInputError
from deploy.release import (
    APP_CHANGELOGS,
    CHANGELOGS,
    CONTRACT,
    CONTRACT_READERS,
    PLACES,
    Place,
    build_zip,
    disagreements,
    set_version,
    versions,
)

ROOT = Path(__file__).parents[2]
APPS = ("ml_addon", "clickhouse_addon")


def tracked() -> list[str]:
    done = subprocess.run(("git", "ls-files"), cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.splitlines() if (ROOT / name).exists()]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The files that hold a version, to be changed."""
    names = {*(place.file for place in PLACES), *CHANGELOGS, *APP_CHANGELOGS, CONTRACT[0], *CONTRACT_READERS}
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def test_all_versions_agree() -> None:
    assert disagreements(ROOT) == []


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.file)
def test_a_version_that_was_forgotten_is_named(tree: Path, place: Place) -> None:
    file = tree / place.file
    before = versions(tree)
    file.write_text(file.read_text().replace(before[str(file.relative_to(tree))], "9.9.9"))
    assert disagreements(tree)


def test_a_new_version_is_written_everywhere_and_closes_the_changelog(tree: Path) -> None:
    set_version(tree, "1.2.3b1", dt.date(2026, 11, 25))
    assert set(versions(tree).values()) == {"1.2.3b1"}
    assert disagreements(tree) == []
    assert "## [Unreleased]\n\n## [1.2.3b1] - 2026-11-25\n" in (tree / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("version", ["", "1", "1.2", "v1.2.3", "1.2.3-beta", "1.2.3\n"])
def test_what_is_no_version_changes_nothing(tree: Path, version: str) -> None:
    before = versions(tree)
    with pytest.raises(FaultyInputError, match=r"expected 1\.2\.3"):
        set_version(tree, version, dt.date(2026, 11, 25))
    assert versions(tree) == before


def test_another_contract_in_one_room_is_named(tree: Path) -> None:
    file = tree / "ml_addon/messages.py"
    file.write_text(file.read_text().replace("CONTRACT = 1", "CONTRACT = 2"))
    assert any("contract" in fault for fault in disagreements(tree))


def test_the_archive_is_the_integration_and_always_the_same(tmp_path: Path) -> None:
    build_zip(ROOT, tmp_path / "a.zip")
    build_zip(ROOT, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = set(archive.namelist())
        assert json.loads(archive.read("manifest.json"))["domain"] == "smart_window"
    prefix = "custom_components/smart_window/"
    assert {name.removeprefix(prefix) for name in tracked() if name.startswith(prefix)} <= names
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert (hacs["zip_release"], hacs["filename"]) == (True, "smart_window.zip")


def test_no_other_file_has_a_name_that_supervisor_or_hassfest_looks_for() -> None:
    configs = {name for name in tracked() if Path(name).name in ("config.yaml", "config.yml", "config.json")}
    assert configs == {f"{app}/config.yaml" for app in APPS}
    manifests = {name for name in tracked() if Path(name).name == "manifest.json"}
    assert manifests == {"custom_components/smart_window/manifest.json"}
    assert {Path(name).parts[1] for name in tracked() if name.startswith("custom_components/")} == {"smart_window"}


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_all_that_supervisor_reads(app: str) -> None:
    folder = ROOT / app
    config = yaml.safe_load((folder / "config.yaml").read_text())
    needed = {"name", "version", "slug", "description", "arch", "url", "init", "startup", "options", "schema"}
    assert needed <= set(config)
    assert config["arch"] == ["aarch64", "amd64"]
    assert config["init"] is False
    assert config["discovery"] == ["smart_window"]
    assert set(config["options"]) <= set(config["schema"])
    for name in ("DOCS.md", "CHANGELOG.md", "icon.png", "logo.png", "apparmor.txt", "Dockerfile"):
        assert (folder / name).is_file(), name
    assert not (folder / "build.yaml").exists()
    for language in ("en", "de"):
        words = yaml.safe_load((folder / "translations" / f"{language}.yaml").read_text())
        assert set(words["configuration"]) == set(config["schema"])
    docker = (folder / "Dockerfile").read_text()
    for word in ("FROM ${BASE}", "HEALTHCHECK", 'io.hass.type="app"'):
        assert word in docker
    assert f"profile {config['slug']} " in (folder / "apparmor.txt").read_text()


def test_the_store_names_this_repository() -> None:
    store = yaml.safe_load((ROOT / "repository.yaml").read_text())
    manifest = json.loads((ROOT / "custom_components/smart_window/manifest.json").read_text())
    assert store["url"] == manifest["documentation"]


def test_both_ways_to_clickhouse_give_the_same_rights() -> None:
    # The app's passwords come from the environment at its start; all else is what compose gets.
    ours = users_xml("writer", "reader")
    app = (ROOT / "clickhouse_addon/users.xml").read_text()
    for line in ours.splitlines():
        if "password" not in line:
            assert line.strip() in app, line
