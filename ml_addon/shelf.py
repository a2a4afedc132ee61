"""The folder in which a container keeps its models across updates, and which of them serves."""

import os
import shutil
from pathlib import Path

from .settings import ConfigError

SHIPPED = Path(__file__).parent / "models"
_SERVING = "serving"  # beside the models: the version that somebody chose


def stock(folder: Path, shipped: Path = SHIPPED) -> str:
    """Put the shipped models beside those that are there; return the version that shall serve.

    That is the one that somebody chose and that is still there, else the shipped one. ConfigError where nothing can be
    written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(shipped.iterdir()):
            if source.suffix != ".md" and not (folder / source.name).exists():
                _copy(source, folder / source.name)
    except OSError as error:
        raise ConfigError(f"model.path {folder}: the shipped models cannot be put there: {error.strerror}") from error
    (newest,) = sorted(shipped.glob("*.pth"))[-1:]
    chosen = _read(folder / _SERVING)
    return chosen if chosen and (folder / f"{chosen}.pth").is_file() else newest.stem


def give_to(folder: Path, user_id: int, group_id: int) -> None:
    """Let this user change what lies there. Only root can."""
    for path in (folder, *folder.iterdir()):
        os.chown(path, user_id, group_id)


def choose(folder: Path, version: str) -> None:
    """Remember that this version serves, over restarts and updates."""
    new = folder / f".{_SERVING}.new"
    new.write_text(version, "utf-8")
    new.replace(folder / _SERVING)


def _copy(source: Path, target: Path) -> None:
    """In one step: a container that is stopped in between leaves no half a model."""
    new = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, new)
    new.replace(target)


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
