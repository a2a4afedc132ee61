"""Makes the version agree everywhere, and builds what the Marketplace and HACS install.

scripts/release --check          do all versions agree?
scripts/release --set 1.2.3      writes this version everywhere, and closes the changelogs' Unreleased part
scripts/release --zip OUT.zip    the integration as one file; the same tree gives the same bytes
"""

import argparse
import datetime as dt
import re
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .faults import FaultyInputError

ROOT = Path(__file__).parents[1]
INTEGRATION = Path("custom_components/smart_window")
_VERSION = re.compile(r"(?P<version>[0-9]+\.[0-9]+\.[0-9]+(?:(?:a|b|rc)[0-9]+)?)")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


@dataclass(frozen=True, slots=True)
class Place:
    """Where a version stands: {} in the pattern."""

    file: str
    pattern: str

    def expression(self) -> re.Pattern[str]:
        """What finds it."""
        before, after = self.pattern.split("{}", 1)
        return re.compile(f"(?m)^(?P<before>.*{re.escape(before)}){_VERSION.pattern}(?P<after>{re.escape(after)})")


PLACES = (
    Place(f"{INTEGRATION}/manifest.json", '"version": "{}"'),
    Place("ml_addon/__init__.py", '__version__ = "{}"'),
    Place("ml_addon/config.yaml", 'version: "{}"'),
    Place("clickhouse_addon/config.yaml", 'version: "{}"'),
    Place("pyproject.toml", 'version = "{}"'),
    Place("firmware/packages/core.yaml", 'version: "{}"'),
    Place("compose.yaml", "${SMART_WINDOW_VERSION:-{}}"),
    Place("deploy/environment.py", '"SMART_WINDOW_VERSION", "{}"'),
    Place(".env.example", "SMART_WINDOW_VERSION={}"),
)
CHANGELOGS = ("CHANGELOG.md",)
APP_CHANGELOGS = ("ml_addon/CHANGELOG.md", "clickhouse_addon/CHANGELOG.md")
CONTRACT = ("contract/asyncapi.yaml", r"(?m)^  version: (\d+)\.\d+\.\d+$")
CONTRACT_READERS = ("ml_addon/messages.py", f"{INTEGRATION}/contract/payload.py", "simulator/messages.py")


def versions(root: Path) -> dict[str, str]:
    """The version in each place; "none" where it is not found."""
    found = {}
    for place in PLACES:
        match = place.expression().search((root / place.file).read_text("utf-8"))
        found[place.file] = match["version"] if match else "none"
    return found


def check(root: Path) -> str:
    """Return the version that all agree on. FaultyInputError where they do not."""
    if faults := disagreements(root):
        raise FaultyInputError(faults)
    return versions(root)[PLACES[0].file]


def disagreements(root: Path) -> list[str]:
    """What does not agree; nothing where all is well."""
    found = versions(root)
    wanted = found[PLACES[0].file]
    faults = [f"{file} says {each}: expected the manifest's {wanted}" for file, each in found.items() if each != wanted]
    faults.extend(
        f"{file} has no part for {wanted}: expected a heading ## {wanted}"
        for file in APP_CHANGELOGS
        if f"## {wanted}\n" not in (root / file).read_text("utf-8")
    )
    major = re.search(CONTRACT[1], (root / CONTRACT[0]).read_text("utf-8"))
    for file in CONTRACT_READERS:
        spoken = re.search(r"(?m)^CONTRACT = (\d+)$", (root / file).read_text("utf-8"))
        if major is None or spoken is None or major[1] != spoken[1]:
            faults.append(f"{file} speaks another contract than {CONTRACT[0]} defines")
    return faults


def set_version(root: Path, version: str, today: dt.date) -> None:
    """Write the version everywhere. FaultyInputError, with nothing changed, where it is none or a place is missing."""
    if _VERSION.fullmatch(version) is None:
        raise FaultyInputError([f"{version!r} is no version: expected 1.2.3 or 1.2.3b1"])
    texts: dict[str, str] = {}
    faults = []
    for place in PLACES:
        text = texts.get(place.file, (root / place.file).read_text("utf-8"))
        texts[place.file], count = place.expression().subn(rf"\g<before>{version}\g<after>", text, count=1)
        if not count:
            faults.append(f"{place.file} has no {place.pattern}")
    for file in CHANGELOGS:
        text = (root / file).read_text("utf-8")
        if "## [Unreleased]\n" not in text:
            faults.append(f"{file} has no part ## [Unreleased]")
        texts[file] = text.replace("## [Unreleased]\n", f"## [Unreleased]\n\n## [{version}] - {today.isoformat()}\n", 1)
    for file in APP_CHANGELOGS:
        text = (root / file).read_text("utf-8")
        if f"## {version}\n" not in text:
            texts[file] = text.replace("\n\n## ", f"\n\n## {version}\n\n- See the changelog of Smart Window.\n\n## ", 1)
    if faults:
        raise FaultyInputError(faults)
    for file, text in texts.items():
        (root / file).write_text(text, "utf-8")


def build_zip(root: Path, out: Path) -> int:
    """Put the integration's files into one archive, its folder being the archive's root. Return how many."""
    folder = root / INTEGRATION
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return len(files)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one of the three."""
    parser = argparse.ArgumentParser(
        prog="scripts/release", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="do all versions agree?")
    what.add_argument("--set", metavar="VERSION", help="write it everywhere")
    what.add_argument("--zip", type=Path, metavar="OUT", help="build what is installed")
    given = parser.parse_args(arguments)
    try:
        if given.set is not None:
            set_version(ROOT, given.set, dt.datetime.now(dt.UTC).date())
        elif given.zip is not None:
            print(f"{given.zip}: {build_zip(ROOT, given.zip)} files")
            return 0
        print(f"all versions are {check(ROOT)}")
    except FaultyInputError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
