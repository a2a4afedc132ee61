"""Builds the native programs of these tests: the core's headers with the compiler's checks on."""

import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE = ROOT / "firmware" / "components" / "smart_window_core"
NATIVE = Path(__file__).parent / "native"
_CACHE = ROOT / ".cache" / "firmware"
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
    program = _CACHE / f"{name}-{made_of.hexdigest()[:16]}"
    if not program.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        for old in _CACHE.glob(f"{name}-*"):
            old.unlink()
        unfinished = program.with_suffix(".new")
        subprocess.run(["nice", *command, str(source), "-o", str(unfinished)], check=True)
        unfinished.rename(program)
    return program
