"""Which test runs which line, and how long it takes: the tests that may notice a fault, in the order of their trial."""

import ast
import gc
import importlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import CodeType, FunctionType
from typing import Final

from .mutants import Mutant, with_inner
from .places import Project


@dataclass(frozen=True)
class Reach:
    """`lines`: by file, line → the tests (places in `tests`) that run it. `seconds`: of each test.

    `modules`: what the tests had imported that is neither the room's nor the tests'.
    """

    project: Project
    tests: tuple[str, ...]
    seconds: tuple[float, ...]
    lines: Mapping[str, Mapping[int, tuple[int, ...]]]
    modules: tuple[str, ...]

    def may_notice(self, mutant: Mutant) -> list[str]:
        """The tests that run the fault's line, each file's quickest first, and each file for as long as the others.

        Of a fault at import: those that run any line that names what it makes, or what is made of that; else those
        that run any line of its file. And those that run no line at all: they look at what the import made.
        """
        of_file = self.lines.get(mutant.file, {})
        if mutant.scope is not None:
            found = set(of_file.get(mutant.line, ()))
        else:
            found = {test for file, line in self._users(mutant) for test in self.lines.get(file, {}).get(line, ())}
            found = found or {test for tests in of_file.values() for test in tests}
            found |= self._lookers
        spent: dict[str, float] = defaultdict(float)
        order: list[tuple[float, int]] = []
        for place in sorted(found, key=lambda place: self.seconds[place]):
            file = self.tests[place].partition("::")[0]
            spent[file] += self.seconds[place]
            order.append((spent[file], place))
        return [self.tests[place] for _, place in sorted(order)]

    @cached_property
    def _lookers(self) -> frozenset[int]:
        ran = {test for of in self.lines.values() for tests in of.values() for test in tests}
        return frozenset(range(len(self.tests))) - ran

    def _users(self, mutant: Mutant) -> Iterable[tuple[str, int]]:
        waiting = [*self._made.get((mutant.file, mutant.line), ())]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            for place in self._named.get(name, ()):
                yield place
                waiting += self._made.get(place, ())

    @cached_property
    def _made(self) -> Mapping[tuple[str, int], set[str]]:
        """The names that the statement at a line makes at import: a constant's, a field's, its class's."""
        made: dict[tuple[str, int], set[str]] = defaultdict(set)
        for path in sorted((self.project.root / self.project.room).rglob("*.py")):
            file = str(path.relative_to(self.project.root))
            for line, name in _made_in(ast.parse(path.read_text()).body):
                made[file, line].add(name)
        return made

    @cached_property
    def _named(self) -> Mapping[str, list[tuple[str, int]]]:
        """Where each name is used, by line; in signatures too, whose users are the lines of their functions."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for path in sorted((self.project.root / self.project.room).rglob("*.py")):
            file = str(path.relative_to(self.project.root))
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
        said = {"of": self.project.fingerprint, "tests": self.tests, "seconds": self.seconds, "lines": self.lines}
        path.write_text(json.dumps(said | {"modules": self.modules}))

    @classmethod
    def load(cls, path: Path, project: Project) -> Reach | None:
        """None: there is none, or it is out of date."""
        if not path.exists():
            return None
        said = json.loads(path.read_text())
        if said["of"] != project.fingerprint:
            return None
        lines = {file: {int(line): tuple(tests) for line, tests in of.items()} for file, of in said["lines"].items()}
        return cls(project, tuple(said["tests"]), tuple(said["seconds"]), lines, tuple(said["modules"]))


_TOOL: Final = 4  # of sys.monitoring's six; 0 to 3 are for debuggers, coverage, profilers and the optimizer


class Measuring:
    """Which lines of the room run, test by test. Each line costs once per test."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lines: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._test: int | None = None
        self.seconds: dict[str, float] = {}

    def begins(self, test: str) -> None:
        """A test begins: what runs now is its doing."""
        if self._test is None:
            self._watch()
        self.seconds[test] = 0.0
        self._test = len(self.seconds) - 1  # the last one, which may be running again
        sys.monitoring.restart_events()

    def ends(self) -> Reach:
        """All tests have run."""
        sys.monitoring.free_tool_id(_TOOL)
        root = self._project.root
        lines = {
            str(Path(file).relative_to(root)): {line: tuple(sorted(tests)) for line, tests in of.items()}
            for file, of in self._lines.items()
        }
        modules = tuple(name for name, module in list(sys.modules.items()) if not self._is_ours(module))
        return Reach(self._project, tuple(self.seconds), tuple(self.seconds.values()), lines, modules)

    def _watch(self) -> None:
        monitoring = sys.monitoring
        monitoring.use_tool_id(_TOOL, "mutation")
        monitoring.register_callback(_TOOL, monitoring.events.LINE, self._ran)
        import_all(self._project)
        for code in codes_of(self._project):
            monitoring.set_local_events(_TOOL, code, monitoring.events.LINE)

    def _ran(self, code: CodeType, line: int) -> object:
        if self._test is not None:
            self._lines[code.co_filename][line].add(self._test)
        return sys.monitoring.DISABLE

    def _is_ours(self, module: object) -> bool:
        """The room's, the tests' or another part of the house: it may come to hold a fault, or a name from one."""
        spec = getattr(module, "__spec__", None)
        origin, name = getattr(spec, "origin", None), getattr(module, "__name__", "")
        outside = {"built-in", "frozen"}
        if spec is None or name in {"__main__", "__mp_main__"} or name != spec.name:
            return True
        if origin in outside:
            return False
        places = [origin] if origin is not None else [str(place) for place in spec.submodule_search_locations or ()]
        root = self._project.root
        return any(Path(place).is_relative_to(root) and ".venv" not in place for place in places) or not places


def codes_of(project: Project) -> Iterator[CodeType]:
    """Every code object of the room that a living function has."""
    room = str(project.root / project.room)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(room):
            yield from with_inner(one.__code__)


def import_all(project: Project) -> None:
    """Every module of the room, since a platform may not be imported before its test."""
    for path in sorted((project.root / project.room).rglob("*.py")):
        parts = path.relative_to(project.root).with_suffix("").parts
        importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))


def _made_in(body: list[ast.stmt], owner: str | None = None) -> Iterator[tuple[int, str]]:
    """Each line of what runs at import, with each name that it makes; a function runs later but for its signature."""
    for node in body:
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        made: list[str] = [] if owner is None else [owner]
        match node:
            case ast.Assign(targets=targets):
                made += [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                made.append(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                made.append(name)
                lines = range(node.lineno, node.body[0].lineno)
            case ast.ClassDef(name=name):
                yield from _made_in(node.body, name)
                lines = range(node.lineno, node.body[0].lineno)
                made.append(name)
            case _:
                pass
        for line in lines:
            yield from ((line, name) for name in made)
