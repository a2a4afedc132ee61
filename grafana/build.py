"""Builds the JSON that Grafana loads: `python -m grafana.build` writes it, `--check` says what differs.

Output: dashboards/*.json and provisioning/alerting/smart_window.json in this folder.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from . import alerts
from .boards import BOARDS
from .query import Json

HERE = Path(__file__).parent


def built() -> Mapping[Path, str]:
    """Return what each file must hold."""
    found = {HERE / "dashboards" / board.file: _text(board.json()) for board in BOARDS}
    return found | {HERE / "provisioning" / "alerting" / "smart_window.json": _text(alerts.json())}


def differing() -> tuple[Path, ...]:
    """Return the files that are missing or not as built, and dashboards that nobody builds."""
    wanted = built()
    wrong = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return (*wrong, *(path for path in sorted((HERE / "dashboards").glob("*.json")) if path not in wanted))


def main() -> int:
    """Write, or check."""
    parser = argparse.ArgumentParser(prog="python -m grafana.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 where a file is not as built")
    if parser.parse_args().check:
        for path in (wrong := differing()):
            sys.stdout.write(f"{path.relative_to(HERE.parent)} is not as built: run python -m grafana.build\n")
        return 1 if wrong else 0
    for path in differing():
        if path not in built():
            path.unlink()
    for path, text in built().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


def _text(document: dict[str, Json]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
