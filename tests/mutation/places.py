"""Where faults are planted: who may move a window is decided there."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
ROOM: Final = ROOT / "custom_components" / "smart_window"

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


def files(places: tuple[str, ...] = PLACES) -> list[Path]:
    """The files of these places, by name within the integration."""
    found: list[Path] = []
    for place in places:
        path = ROOM / place
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return found


def counts(path: Path, scope: str | None) -> bool:
    """Whether a fault in this function of a file is planted."""
    return path.name != "hub.py" or scope in ROUTING
