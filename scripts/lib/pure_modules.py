"""Prints the integration's pure modules, which know nothing of Home Assistant, and its one way out, with commas."""

import ast
from pathlib import Path

_ROOM = Path("custom_components/smart_window")
_EDGES = {"homeassistant", "voluptuous", "probatio"}
_ALSO = {"command.py"}
"""At the edge, but too much hangs on it."""


def _knows_home_assistant(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names) if any(name.name.split(".")[0] in _EDGES for name in names):
                return True
            case ast.ImportFrom(module=str(module), level=0) if module.split(".")[0] in _EDGES:
                return True
            case _:
                pass
    return False


def _is_pure(path: Path) -> bool:
    within = path.relative_to(_ROOM)
    # The recorder does its own input and output; its room has a real server.
    return within.parts[0] != "recorder" and (str(within) in _ALSO or not _knows_home_assistant(path))


if __name__ == "__main__":
    print(",".join(str(path) for path in sorted(_ROOM.rglob("*.py")) if _is_pure(path)))
