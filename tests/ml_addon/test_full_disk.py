"""The disk is full: the model that serves goes on, and a choice that cannot be kept changes nothing.

The kernel itself refuses to let any file grow (RLIMIT_FSIZE), in the middle of a write as a full disk does.
"""

import json
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ml_addon import shelf
from ml_addon.config import Config
from ml_addon.engine import TorchEngine
from ml_addon.prediction import Clocks
from ml_addon.settings import ConfigError
from ml_addon.shelf import SHIPPED

NO_ROOM = r"File too large|No space left"


@contextmanager
def no_room(left: int = 0) -> Iterator[None]:
    """No file takes more than `left` bytes."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The container's folder with the shipped model, and a second one."""
    folder = tmp_path / "models"
    version = shelf.stock(folder).serving
    shutil.copy(folder / f"{version}.pth", folder / "mine.pth")
    described = json.loads((folder / f"{version}.json").read_text("utf-8"))
    (folder / "mine.json").write_text(json.dumps(described | {"version": "mine"}), "utf-8")
    return folder


def files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.iterdir()}


def test_an_update_that_finds_no_room_goes_on_with_what_is_there(tmp_path: Path, kept: Path) -> None:
    update = tmp_path / "update"
    update.mkdir()
    for name in ("v9.json", "v9.pth"):
        (update / name).write_text(name * 1000)
    before = files(kept)
    with no_room(100):
        version = shelf.stock(kept, update).serving
    assert f"{version}.pth" in before
    assert files(kept) == before
    assert shelf.stock(kept, update).serving == "v9"


def test_a_choice_is_remembered_through_an_update_that_finds_no_room(tmp_path: Path, kept: Path) -> None:
    shelf.choose(kept, shelf.Choice("mine"))
    update = tmp_path / "update"
    update.mkdir()
    (update / "v9.pth").write_text("v9" * 1000)
    with no_room(100):
        assert shelf.stock(kept, update).serving == "mine"


def test_a_first_start_without_room_says_so(tmp_path: Path) -> None:
    with no_room(100), pytest.raises(ConfigError, match="cannot be put there"):
        shelf.stock(tmp_path / "models")
    assert shelf.stock(tmp_path / "models").serving


def test_a_choice_that_cannot_be_kept_leaves_all_as_it_was(kept: Path, config: Config) -> None:
    version = shelf.stock(kept).serving
    settings = replace(config, model_path=kept, models=shelf.Choice(version), keeps_models=True)
    engine = TorchEngine(settings, Clocks(lambda: 0.0, lambda: 0.0))
    before = files(kept)
    with no_room():
        with pytest.raises(OSError, match=NO_ROOM):
            engine.serve("mine")
        assert engine.abilities().model_version == version
        engine.reload()
        assert engine.abilities().model_version == version
    assert files(kept) == before
    assert shelf.stock(kept).serving == version
    engine.serve("mine")
    assert engine.abilities().model_version == shelf.stock(kept).serving == "mine"


def test_going_back_without_room_leaves_all_as_it_was(kept: Path, config: Config) -> None:
    version = shelf.stock(kept).serving
    settings = replace(config, model_path=kept, models=shelf.Choice(version), keeps_models=True)
    engine = TorchEngine(settings, Clocks(lambda: 0.0, lambda: 0.0))
    engine.serve("mine")
    with no_room(), pytest.raises(OSError, match=NO_ROOM):
        engine.roll_back()
    assert engine.abilities().model_version == shelf.stock(kept).serving == "mine"
    assert engine.roll_back() == shelf.stock(kept).serving == version


def test_the_shipped_models_lie_whole_before_they_are_found() -> None:
    """A copy that ends for want of room leaves no weights without what describes them."""
    names = [path.name for path in sorted(SHIPPED.iterdir())]
    for weights in SHIPPED.glob("*.pth"):
        assert names.index(f"{weights.stem}.json") < names.index(weights.name)
