"""The check that the Marketplace of the real Home Assistant makes of what it installed."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from deploy.release import build_zip

ROOT = Path(__file__).parents[2]
CHECK = """
import sys
from pathlib import Path
from homeassistant.components.marketplace.repositories.integration import _check_loadable_manifest
_check_loadable_manifest(Path(sys.argv[1]), "smart_window")
"""


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    python = ROOT / ".venv-ha" / "bin" / "python"
    return subprocess.run([python, "-c", CHECK, folder], capture_output=True, text=True, check=False)


def test_the_marketplace_would_load_our_manifest() -> None:
    done = check(ROOT / "custom_components" / "smart_window")
    assert done.returncode == 0, done.stderr


def test_the_marketplace_would_load_what_a_release_holds(tmp_path: Path) -> None:
    build_zip(ROOT, tmp_path / "smart_window.zip")
    with zipfile.ZipFile(tmp_path / "smart_window.zip") as archive:
        archive.extractall(tmp_path / "smart_window")
    done = check(tmp_path / "smart_window")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("manifest", ['{"domain": "other", "version": "1.0.0"}', '{"domain": "smart_window"}', "{"])
def test_and_would_not_load_another_one(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    done = check(tmp_path)
    assert done.returncode != 0
    assert "MarketplaceError" in done.stderr
