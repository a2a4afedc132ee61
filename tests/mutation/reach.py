"""Which test runs which line, and how long it takes: the tests that may notice a fault, the quickest first."""

import ast
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

from coverage import Coverage

from .mutants import Mutant
from .places import ROOM, ROOT

TESTS: Final = ROOT / "tests" / "smart_window"


def fingerprint() -> str:
    """Of the code and its tests: where it is another, a reach is out of date."""
    digest = sha256()
    for folder in (ROOM, TESTS):
        for path in sorted(folder.rglob("*.py")):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Reach:
    """`lines`: by file, line → the tests (places in `tests`) that run it. `seconds`: of each test."""

    of: str
    tests: tuple[str, ...]
    seconds: tuple[float, ...]
    lines: Mapping[str, Mapping[int, tuple[int, ...]]]

    def may_notice(self, mutant: Mutant) -> list[str]:
        """The tests that run the fault's line; of a fault at import, those that run any line that names what it makes.

        The quickest first.
        """
        found: set[int]
        if mutant.scope is not None:
            found = set(self.lines.get(mutant.file, {}).get(mutant.line, ()))
        else:
            found = set()
            for file, line in self._users(mutant):
                found.update(self.lines.get(file, {}).get(line, ()))
        return [self.tests[place] for place in sorted(found, key=lambda place: self.seconds[place])]

    def _users(self, mutant: Mutant) -> Iterable[tuple[str, int]]:
        names = _made_at(ast.parse((ROOT / mutant.file).read_text()), mutant.line)
        for name in names:
            yield from self._named.get(name, ())

    @cached_property
    def _named(self) -> Mapping[str, list[tuple[str, int]]]:
        """Where each name is used, by line; in signatures too, whose users are the lines of their functions."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for path in sorted(ROOM.rglob("*.py")):
            file = str(path.relative_to(ROOT))
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Name(id=name) | ast.Attribute(attr=name):
                        found[name].append((file, node.lineno))
                    case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                        found[name].extend((file, line.lineno) for line in node.body)
                    case ast.keyword(arg=str(name)):
                        found[name].append((file, node.lineno))
                    case _:
                        pass
        return found

    def save(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps({"of": self.of, "tests": self.tests, "seconds": self.seconds, "lines": self.lines}))

    @classmethod
    def load(cls, path: Path) -> Reach | None:
        """None: there is none, or it is out of date."""
        if not path.exists():
            return None
        said = json.loads(path.read_text())
        if said["of"] != fingerprint():
            return None
        lines = {file: {int(line): tuple(tests) for line, tests in of.items()} for file, of in said["lines"].items()}
        return cls(said["of"], tuple(said["tests"]), tuple(said["seconds"]), lines)


class Measuring:
    """Coverage of one whole run, test by test."""

    def __init__(self) -> None:
        # The faster core of newer Pythons tells of a line once, and so of one test alone.
        os.environ["COVERAGE_CORE"] = "ctrace"
        self._coverage = Coverage(data_file=None, source_pkgs=["custom_components.smart_window"], config_file=False)
        self._coverage.start()
        self.seconds: dict[str, float] = {}

    def begins(self, test: str) -> None:
        """A test begins: what runs now is its doing."""
        self._coverage.switch_context(test)

    def ends(self) -> Reach:
        """All tests have run."""
        self._coverage.stop()
        data = self._coverage.get_data()
        tests = tuple(self.seconds)
        place = {test: number for number, test in enumerate(tests)}
        lines: dict[str, dict[int, tuple[int, ...]]] = {}
        for file in data.measured_files():
            by_line = data.contexts_by_lineno(file)
            lines[str(Path(file).relative_to(ROOT))] = {
                line: tuple(sorted(place[test] for test in found if test in place)) for line, found in by_line.items()
            }
        return Reach(fingerprint(), tests, tuple(self.seconds[test] for test in tests), lines)


def _made_at(tree: ast.Module, line: int) -> set[str]:
    """The names that the statement at this line makes: a constant's, a field's, its class's, a function's."""
    made: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or not node.lineno <= line <= (node.end_lineno or node.lineno):
            continue
        match node:
            case ast.Assign(targets=targets):
                made.update(target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                made.add(name)
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                made.add(name)
            case _:
                pass
    return made
