"""Builds the firmware for Linux, once for each state of its sources."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from stack.errors import MissingPartError, StackError

from .cache import cache_folder, forget_old

_SOURCES = ("components", "packages", "host")
_STARTERS = frozenset({"__init__.py", "__main__.py", "cache.py", "program.py", "window.py"})
"""Of host: they start the program and are not in it."""


def linux_program(root: Path) -> Path:
    """Return the program, built if its sources changed since. Raises StackError with what the compiler said last."""
    python = root / ".venv-fw" / "bin" / "python"
    if not python.exists():
        raise MissingPartError("ESPHome is missing: run ./scripts/setup firmware")
    folder = cache_folder() / "linux"
    program = folder / f"window-{_fingerprint(root)}"
    if program.exists():
        return program
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another clone builds in the same folder
        if not program.exists():
            _build(root, python, folder, program)
    return program


def _build(root: Path, python: Path, folder: Path, program: Path) -> None:
    # A copy, because ESPHome leaves files beside what it reads.
    source = folder / "source"
    shutil.rmtree(source, ignore_errors=True)
    for part in _SOURCES:
        shutil.copytree(
            root / "firmware" / part, source / part, ignore=shutil.ignore_patterns("__pycache__", ".esphome")
        )
    overlay = folder / "overlay"
    _run(folder, str(python), str(source / "host" / "make_overlay.py"), str(overlay))
    yaml = source / "host" / "virtual_window.yaml"
    _run(folder, str(python), "-m", "esphome", "-s", "overlay", str(overlay), "compile", str(yaml))
    unfinished = program.with_suffix(".new")
    shutil.copy(folder / "data" / "build" / "virtual" / ".pioenvs" / "virtual" / "program", unfinished)
    unfinished.rename(program)
    forget_old(folder, "window-*")


def _fingerprint(root: Path) -> str:
    sum_ = hashlib.sha256()
    files = [path for part in _SOURCES for path in (root / "firmware" / part).rglob("*") if path.is_file()]
    for path in sorted((*files, root / "requirements" / "firmware.txt")):
        is_ours = path.parent == root / "firmware" / "host" and path.name in _STARTERS
        if "__pycache__" not in path.parts and not is_ours:
            sum_.update(str(path.relative_to(root)).encode() + path.read_bytes())
    sum_.update(os.environ.get("CXX", "").encode())
    return sum_.hexdigest()[:16]


def _run(folder: Path, *command: str) -> None:
    environment = os.environ | {"ESPHOME_DATA_DIR": str(folder / "data")}
    done = subprocess.run(  # noqa: S603 - our own arguments
        ["nice", *command],  # noqa: S607 - found on PATH
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        end = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
        raise StackError(f"the firmware does not build for Linux:\n{end}")
