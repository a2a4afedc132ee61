"""Where what was built is kept: outside the clone, so that another clone and another run find it."""

import os
from pathlib import Path

_KEPT = 8
"""Builds of one program: other branches and clones want theirs, too."""


def cache_folder() -> Path:
    """Return the folder of the firmware's builds; it need not exist yet."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "smart-window" / "firmware"


def forget_old(folder: Path, pattern: str) -> None:
    """Remove all but the newest builds of a program."""
    newest_first = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[_KEPT:]:
        old.unlink(missing_ok=True)
