"""Markdown pages as a reader's browser takes them: headings, links, commands. Pure but for reading the files."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^(```+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+?)\s*$", re.MULTILINE)
_LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`[^`\n]+`")
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
_COMMAND = re.compile(
    r"(?:^|(?<=[\s`(]))(?:\./)?scripts/([a-z][a-z-]*(?:/[a-z_.]+)?)((?:[ \t]+[^\s`|&;()#]+)*)", re.MULTILINE
)
_MODULE = re.compile(r"python3? -m ([a-z_][a-z_.]*)(?: ([a-z-]+))?")


@dataclass(frozen=True, slots=True)
class Command:
    """A script, and the words behind it."""

    script: str
    words: tuple[str, ...]

    @property
    def options(self) -> list[str]:
        """The long options among them."""
        return [word.split("=")[0] for word in self.words if re.fullmatch(r"--[a-z][a-z-]*(=.*)?", word)]


def pages() -> list[Path]:
    """Every Markdown page of the repository, also one that is not committed yet."""
    listed = subprocess.run(
        ("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"),
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def anchors(text: str) -> set[str]:
    """What a link may name behind # in this page, as GitHub makes it of the headings."""
    found: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", text)):
        shown = _LINK.sub(lambda link: link[0].split("](")[0].lstrip("!["), heading).replace("`", "")
        slug = _NOT_IN_ANCHOR.sub("", shown.lower()).replace(" ", "-")
        name, again = slug, 0
        while name in found:
            again += 1
            name = f"{slug}-{again}"
        found.add(name)
    return found


def links(text: str) -> list[str]:
    """The targets of all links and pictures, those in code left out."""
    return _LINK.findall(_CODE.sub(lambda code: "`" + "x" * (len(code[0]) - 2) + "`", _FENCE.sub("", text)))


def commands(text: str) -> Iterator[Command]:
    """Every call of a script, in blocks of code and in running text."""
    for script, words in _COMMAND.findall(text):
        yield Command(script, tuple(words.split()))


def modules(text: str) -> set[tuple[str, str]]:
    """Every `python -m module command`."""
    return set(_MODULE.findall(text))


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere. Addresses on the internet are not asked."""
    found = []
    for target in links(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists():
            found.append(f"{target}: there is no such file")
        elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text("utf-8")):
            found.append(f"{target}: there is no such heading")
    return found
