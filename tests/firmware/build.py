"""Builds the native programs of these tests: the core's headers with the compiler's checks on."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from firmware.host.cache import cache_folder, forget_old

ROOT = Path(__file__).parents[2]
CORE = ROOT / "firmware" / "components" / "smart_window_core"
NATIVE = Path(__file__).parent / "native"
_STRICT = ("-std=c++17", "-g", "-Wall", "-Wextra", "-Werror")
SANITIZED = ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def build(source: Path, options: Sequence[str] = SANITIZED) -> Path:
    """Compile one source against the core; what was built of the same text and options already is taken as it is."""
    compiler = os.environ.get("CXX", "c++")
    command = [*compiler.split(), *_STRICT, *options, f"-I{CORE}"]
    name = f"{source.stem}-{hashlib.sha256(' '.join(command[:-1]).encode()).hexdigest()[:8]}"
    made_of = hashlib.sha256()
    for path in (source, *sorted(CORE.glob("*.h"))):
        made_of.update(path.read_bytes())
    folder = cache_folder() / "native"
    program = folder / f"{name}-{made_of.hexdigest()[:16]}"
    if program.exists():
        return program
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"lock-{source.stem}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # who runs beside us wants the same program
        if not program.exists():
            with TemporaryDirectory(dir=folder) as unfinished:
                made = Path(unfinished) / "program"
                subprocess.run(["nice", *command, str(source), "-o", str(made)], check=True)
                made.rename(program)
            forget_old(folder, f"{name}-*")
    return program
