"""The folder in which a container keeps its models across updates, and which of them serves. A full disk harms none."""

import contextlib
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .settings import ConfigError

_LOG = logging.getLogger(__name__)

SHIPPED = Path(__file__).parent / "models"
_SERVING, _BEFORE, _SHADOW = "serving", "served_before", "shadow"  # beside the models: what somebody chose
_LAST = "served_last"  # what the last start served, so that there is a way back from an update
_ENDS = (".pth", ".safetensors")


@dataclass(frozen=True, slots=True)
class Choice:
    """The version that serves (None: the only one), the one that served before, and the one that looks on."""

    serving: str | None = None
    before: str | None = None
    shadow: str | None = None


def stock(folder: Path, shipped: Path = SHIPPED) -> Choice:
    """Put the shipped models beside those that are there; return which shall serve.

    That is the one that somebody chose and that is still there, else the shipped one; where a full disk keeps that from
    being put there, the newest that lies there. ConfigError where none does and nothing can be written.
    """
    (newest,) = sorted(shipped.glob("*.pth"))[-1:]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(shipped.iterdir()):
            if source.suffix != ".md" and not (folder / source.name).exists():
                _copy(source, folder / source.name)
    except OSError as error:
        problem = f"model.path {folder}: the shipped models cannot be put there: {error.strerror}"
        if not (kept := sorted(folder.glob("*.pth"))):
            raise ConfigError(problem) from error
        _LOG.warning("%s; those that lie there go on", problem)
        if newest.name not in {path.name for path in kept}:
            newest = kept[-1]
    serving = _chosen(folder, _SERVING) or newest.stem
    before, shadow = _chosen(folder, _BEFORE), _chosen(folder, _SHADOW)
    if (last := _chosen(folder, _LAST)) not in {None, serving}:
        before = last
    _note(folder, serving, before)
    return Choice(serving, None if before == serving else before, None if shadow == serving else shadow)


def preferred(told: Choice, kept: Choice) -> Choice:
    """What the settings name, and where they name nothing, what was chosen before."""
    serving = told.serving or kept.serving
    before, shadow = kept.before, told.shadow or kept.shadow
    return Choice(serving, None if before == serving else before, None if shadow == serving else shadow)


def give_to(folder: Path, user_id: int, group_id: int) -> None:
    """Let this user change what lies there. Only root can."""
    for path in (folder, *folder.iterdir()):
        os.chown(path, user_id, group_id)


def choose(folder: Path, choice: Choice) -> None:
    """Remember what was chosen, over restarts and updates. OSError where that cannot be done: then nothing changed."""
    chosen = {_BEFORE: choice.before, _SHADOW: choice.shadow, _SERVING: choice.serving, _LAST: choice.serving}
    new = {name: folder / f".{name}.new" for name in chosen}
    try:
        for name, version in chosen.items():
            if version is not None:
                new[name].write_text(version, "utf-8")
        for name, version in chosen.items():
            if version is None:
                (folder / name).unlink(missing_ok=True)
            else:
                new[name].replace(folder / name)
    finally:
        for path in new.values():
            path.unlink(missing_ok=True)


def _note(folder: Path, serving: str, before: str | None) -> None:
    """Remember what this start serves, and what went before it. Without room for it only the way back is lost."""
    with contextlib.suppress(OSError):
        for name, version in ((_BEFORE, before), (_LAST, serving)):
            if version is not None and _chosen(folder, name) != version:
                (folder / f".{name}.new").write_text(version, "utf-8")
                (folder / f".{name}.new").replace(folder / name)


def _copy(source: Path, target: Path) -> None:
    """In one step: a container that is stopped in between leaves no half a model."""
    new = target.with_name(f".{target.name}.new")
    try:
        shutil.copyfile(source, new)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


def _chosen(folder: Path, name: str) -> str | None:
    """The version that a file names and that is still there."""
    try:
        version = (folder / name).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    if version != Path(version).name:
        return None  # a name leads to no other folder
    return version if version and any((folder / f"{version}{end}").is_file() for end in _ENDS) else None
