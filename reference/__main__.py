"""Writes the parts of docs/API.md, CONFIGURATION.md and TROUBLESHOOTING.md that the code knows.

scripts/reference            write them
scripts/reference --check    say which is out of date, and change nothing
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from custom_components.smart_window.recorder.schema import OWN_TABLE, read_migrations
from deploy.environment import VARIABLES

from .home import Words
from .markdown import filled
from .record import record
from .settings_files import app, compose, firmware, service
from .topics import Contract

ROOT = Path(__file__).parents[1]
ROOM = ROOT / "custom_components" / "smart_window"


def pages() -> Mapping[Path, str]:
    """Each page as it should be."""
    words, contract = Words(ROOM), Contract(ROOT / "contract" / "asyncapi.yaml")
    statements = [part for one in read_migrations() for part in one.statements]
    api = {
        "topics": contract.topics(),
        "kinds": contract.kinds(),
        "messages": contract.messages(),
        "actions": words.actions(),
        "action_errors": words.errors(),
        "events": words.events(),
        "device_automations": words.device_automations(),
        "tools": words.tools(),
        "tables": record([*statements, OWN_TABLE]),
    }
    configuration = {
        "entry": words.entry(),
        "options": words.options(),
        "window": words.window(),
        "service": service(ROOT / "ml_addon" / "service.yaml"),
        "app": app(ROOT / "ml_addon"),
        "clickhouse_app": app(ROOT / "clickhouse_addon"),
        "compose": compose(VARIABLES),
        "firmware": firmware(ROOT / "firmware" / "packages"),
    }
    parts = {"API.md": api, "CONFIGURATION.md": configuration, "TROUBLESHOOTING.md": {"repairs": words.repairs()}}
    return {
        ROOT / "docs" / name: filled((ROOT / "docs" / name).read_text("utf-8"), part) for name, part in parts.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write, or check."""
    parser = argparse.ArgumentParser(
        prog="scripts/reference", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="change nothing; 1 where a page is out of date")
    check = parser.parse_args(arguments).check
    old = {file: text for file, text in pages().items() if file.read_text("utf-8") != text}
    for file, text in old.items():
        print(f"{file.relative_to(ROOT)} {'is out of date: run ./scripts/reference' if check else 'is written anew'}")
        if not check:
            file.write_text(text, "utf-8")
    return 1 if check and old else 0


if __name__ == "__main__":
    sys.exit(main())
