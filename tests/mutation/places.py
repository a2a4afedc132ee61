"""Where faults are planted: who may move a window is decided there."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

PLACES: Final = ("contract", "window.py", "standing.py", "trigger.py", "command.py", "decision", "router.py", "hub.py")

ROUTING: Final = frozenset(
    f"Hub.{name}"
    for name in (
        "_receive",
        "_receive_from_window",
        "_apply",
        "_wake",
        "_follow",
        "_receive_status",
        "_is_kept_control",
        "_clear_again",
        "_connection_changed",
        "_turn",
        "_turn_all",
    )
)
"""Of hub.py only the way of a message counts."""


@dataclass(frozen=True)
class Project:
    """Some code and its tests; all paths but the root are relative to the root.

    `rests_on`: what the tests import besides, so that a change of it makes what was measured old.
    """

    root: Path
    room: Path
    tests: Path
    rests_on: tuple[Path, ...] = ()

    def files(self, places: tuple[str, ...]) -> list[Path]:
        """The files of these places, by name within the room. FileNotFoundError for one that is not there."""
        found: list[Path] = []
        for place in places:
            path = self.root / self.room / place
            if not path.exists():
                raise FileNotFoundError(f"{self.room} has no {place}")
            found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
        return found

    @cached_property
    def fingerprint(self) -> str:
        """Of the code, its tests and what they rest on."""
        digest = sha256()
        for folder in (self.room, self.tests, *self.rests_on):
            path = self.root / folder
            for file in [path] if path.is_file() else sorted(path.rglob("*")):
                if file.is_file() and file.suffix not in {".pyc", ".ambr"}:
                    digest.update(str(file.relative_to(self.root)).encode() + file.read_bytes())
        return digest.hexdigest()


OURS: Final = Project(
    ROOT,
    Path("custom_components/smart_window"),
    Path("tests/smart_window"),
    (Path("contract"), Path("simulator"), Path("tests/conftest.py")),
)


def counts(path: Path, scope: str | None) -> bool:
    """Whether a fault in this function of a file is planted."""
    return path.name != "hub.py" or scope in ROUTING
