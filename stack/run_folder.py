"""The folder that a run has for itself, under .demo."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

_LOCK = "lock"


@contextmanager
def run_folder(base: Path) -> Iterator[Path]:
    """Give `base`, or base/2, base/3 … while the ones before are in use, emptied of what an earlier run left there.

    The lock goes with the process, however it ends.
    """
    for number in count(1):
        path = base if number == 1 else base / str(number)
        path.mkdir(parents=True, exist_ok=True)
        with (path / _LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            _empty(path)
            yield path
            return


def _empty(path: Path) -> None:
    for entry in path.iterdir():
        # Folders named by a number are those of runs beside this one; so are locks.
        if entry.name == _LOCK or (entry / _LOCK).exists():
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
