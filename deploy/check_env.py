"""Names every missing or impossible value of .env at once, before anything starts.

scripts/check-env [FILE]         by default .env
scripts/check-env --example      writes .env.example anew
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .environment import example, faults_of
from .faults import FaultyInputError

ROOT = Path(__file__).parents[1]


def read_env(path: Path) -> dict[str, str]:
    """Return the variables of an .env file. FaultyInputError names each line that is none."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise FaultyInputError([f"{path} is not there: cp .env.example .env, and fill it in"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise FaultyInputError([f"{path} cannot be read: {error}"]) from error
    values: dict[str, str] = {}
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, mark, value = stripped.partition("=")
        if not mark or not name.isidentifier():
            faults.append(f"line {number} is {stripped[:40]!r}: expected NAME=VALUE")
        else:
            values[name] = value.split(" #", 1)[0].strip().strip("'\"")
    if faults:
        raise FaultyInputError(faults)
    return values


def check(path: Path, keys: Path) -> None:
    """Raise FaultyInputError with all that is wrong."""

    def has_secret(name: str) -> bool:
        file = keys / name
        # A broker without windows yet is no fault.
        return file.is_file() and (name == "devices.passwd" or file.stat().st_size > 0)

    values = read_env(path)
    if faults := faults_of(values, has_secret) + unreadable(keys, values.get("SMART_WINDOW_UID", "")):
        raise FaultyInputError(faults)


def unreadable(keys: Path, user_id: str) -> list[str]:
    """Say whose the keys are, where the containers' user cannot read them: only their owner can."""
    if not user_id.isascii() or not user_id.isdigit() or not keys.is_dir():
        return []  # told elsewhere
    others: dict[int, list[str]] = {}
    for place in (keys, *sorted(keys.iterdir())):
        if (owner := place.stat().st_uid) != int(user_id):
            others.setdefault(owner, []).append(place.name)
    return [
        f"SMART_WINDOW_UID is {user_id}, and {_some(names)} in {keys} belong to user {owner}: "
        f"expected the same user, as only an owner can read them (chown -R {user_id} {keys})"
        for owner, names in sorted(others.items())
    ]


def _some(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, or write the example."""
    parser = argparse.ArgumentParser(
        prog="scripts/check-env", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, nargs="?", default=ROOT / ".env")
    parser.add_argument("--keys", type=Path, default=ROOT / "deploy" / "keys")
    parser.add_argument("--example", action="store_true", help="write .env.example anew")
    given = parser.parse_args(arguments)
    if given.example:
        (ROOT / ".env.example").write_text(example(), "utf-8")
        return 0
    try:
        check(given.file, given.keys)
    except FaultyInputError as error:
        print(f"error: {given.file}: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{given.file} is fine. Next: docker compose up --detach")
    return 0


if __name__ == "__main__":
    sys.exit(main())
