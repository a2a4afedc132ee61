"""The pytest plugin that plants faults: one fork for each, in which the tests that may notice it run.

A fault in a function is planted into the functions of a session that has collected all tests. One that takes effect
at import is planted into a fork from before the collection, which collects its tests alone.
"""

import gc
import importlib
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Final, override

import pytest

from .book import Book, Outcome
from .mutants import Mutant, planted, with_inner
from .places import Project
from .reach import Measuring, Reach, import_all

MEMORY: Final = 6 << 30
CONTROL_EVERY: Final = 50
"""Of so many faults one is tried without its fault too: a test that fails then would have killed anything."""
type Functions = Mapping[tuple[str, str, int], Sequence[FunctionType]]
"""By file, name and first line."""
_NOTICED, _UNNOTICED, _NOT_PLANTED = 1, 0, 77


class Trial:
    """Runs the mutants that the book has no word on."""

    def __init__(
        self, project: Project, mutants: Sequence[Mutant], book: Book, *, reach: Path, budget_s: float, grace_s: float
    ) -> None:
        """`grace_s`: a fork that takes longer than its budget by this hangs, which was noticed as well."""
        self._project, self._grace_s = project, grace_s
        self._mutants, self._book, self._reach_path, self._budget_s = mutants, book, reach, budget_s
        self._measuring: Measuring | None = None
        self._in_fork = False
        self._failed = False
        self._words = ""

    # --- pytest's hooks

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        """Before any of our modules is imported."""
        reach = Reach.load(self._reach_path, self._project)
        if reach is None:
            _say("measuring which test runs which line")
            self._failed_path.unlink(missing_ok=True)
            if self._fork() == 0:
                self._measuring = Measuring(self._project)
                return
            reach = Reach.load(self._reach_path, self._project)
            if reach is None:
                failed = self._failed_path.read_text() if self._failed_path.exists() else "it could not be collected"
                raise pytest.UsageError(f"nothing is planted: {self._project.tests} fails as it is:\n{failed}")
        self._reach = reach
        left = list(self._left(at_import=True))
        if left:
            _import(reach.modules)
        for mutant in left:
            tests = reach.may_notice(mutant)
            if not tests:
                self._book.note(mutant, Outcome.UNREACHED)
            elif self._try(mutant):
                sys.meta_path.insert(0, _Planted(self._project, mutant))
                session.config.args = self._within_budget(tests)
                return

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """All is collected and nothing has run."""
        if self._measuring is not None:
            self._measure(session, self._measuring)
        if self._in_fork:
            self._run(session.items)
        items = {item.nodeid: item for item in session.items}
        import_all(self._project)
        functions = _functions(self._project)
        gc.freeze()  # what a fork does not look at, it need not copy
        for number, mutant in enumerate(self._left(at_import=False)):
            tests = self._reach.may_notice(mutant)
            if not tests:
                self._book.note(mutant, Outcome.UNREACHED)
            elif self._try(mutant):
                if not self._plant(mutant, functions):
                    os._exit(_NOT_PLANTED)
                self._run([items[test] for test in tests if test in items])
            if number % CONTROL_EVERY == 0 and tests and self._try(mutant, sound=True):
                self._run([items[test] for test in tests if test in items])
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """How a test went."""
        if self._measuring is not None:
            self._measuring.seconds[report.nodeid] += report.duration
        if report.failed:
            self._failed, self._words = True, report.longreprtext
            if self._in_fork and self._measuring is None:
                os._exit(_NOTICED)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A fault may keep a test from being imported."""
        if report.failed and self._in_fork:
            os._exit(_NOTICED)

    # --- inside

    def _left(self, *, at_import: bool) -> Iterator[Mutant]:
        for mutant in self._mutants:
            if (mutant.scope is None) is at_import and not self._book.knows(mutant):
                yield mutant

    def _try(self, mutant: Mutant, *, sound: bool = False) -> bool:
        """True in the fork; in the parent the outcome is noted. `sound`: as a control, without its fault."""
        began = time.monotonic()
        pid = self._fork(wait=False)
        if pid == 0:
            return True
        status = _waited(pid, self._budget_s + self._grace_s)
        outcome = {_UNNOTICED: Outcome.SURVIVED, _NOT_PLANTED: Outcome.NOT_PLANTED, None: Outcome.TIMEOUT}.get(
            status, Outcome.KILLED
        )
        self._book.note(mutant, outcome, time.monotonic() - began, sound=sound)
        return False

    def _fork(self, *, wait: bool = True) -> int:
        """0 in the child, whose words nobody hears."""
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            self._in_fork = True
            os.setpgid(0, 0)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            return 0
        if wait:
            os.waitpid(pid, 0)
        return pid

    @property
    def _failed_path(self) -> Path:
        return self._reach_path.with_suffix(".failed")

    def _measure(self, session: pytest.Session, measuring: Measuring) -> None:
        """What fails twice stands against planting anything; a machine that stalls may make a test late once."""
        failed: list[str] = []
        for place, item in enumerate(session.items):
            following = session.items[place + 1] if place + 1 < len(session.items) else None
            for _ in range(2):
                self._failed = False
                measuring.begins(item.nodeid)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if not self._failed:
                    break
                if isinstance(item, pytest.Function):
                    item._initrequest()
            else:
                failed.append(f"{item.nodeid}\n{self._words[-2000:]}")
        reach = measuring.ends()
        if failed:
            self._failed_path.write_text("\n".join(failed))
        else:
            reach.save(self._reach_path)
        os._exit(bool(failed))

    def _run(self, items: Sequence[pytest.Item]) -> None:
        """Run tests in a fork, which ends with the first that fails, or when its time is over."""
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        deadline = time.monotonic() + self._budget_s  # what a fork collects first is not the tests' time
        for place, item in enumerate(items):
            following = items[place + 1] if place + 1 < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if time.monotonic() > deadline:
                break
        os._exit(_UNNOTICED)

    def _plant(self, mutant: Mutant, functions: Functions) -> bool:
        """Give the function, and each that it has made already, the code with the fault, wherever it is held."""
        file, scope = str(self._project.root / mutant.file), mutant.scope or ""
        module, _ = planted(Path(file).read_text(), file, mutant.number)
        found = 0
        try:
            for code in with_inner(module):
                if code.co_qualname == scope or code.co_qualname.startswith(f"{scope}.<locals>."):
                    for one in functions.get((file, code.co_qualname, code.co_firstlineno), ()):
                        one.__code__ = code
                        found += 1
        except ValueError:  # it closes over other names than before
            return False
        return found > 0

    def _within_budget(self, tests: Sequence[str]) -> list[str]:
        """As many as fit, so that no more is collected than will run."""
        seconds = dict(zip(self._reach.tests, self._reach.seconds, strict=True))
        left, chosen = self._budget_s, []
        for test in tests:
            left -= seconds[test]
            chosen.append(test)
            if left < 0:
                break
        return chosen


def _waited(pid: int, limit_s: float) -> int | None:
    """The exit status of a child; None: it had to be killed."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def _functions(project: Project) -> Functions:
    """The living functions of the room. One may be held by many: a closure, for one."""
    room = str(project.root / project.room)
    found: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and (code := one.__code__).co_filename.startswith(room):
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(one)
    return found


def _import(names: Sequence[str]) -> None:
    """What every fork would import again. What cannot be imported by itself, its user imports."""
    for name in names:
        with suppress(Exception):
            importlib.import_module(name)


class _Planted(MetaPathFinder, Loader):
    """Finds one module, with its fault."""

    def __init__(self, project: Project, mutant: Mutant) -> None:
        self._mutant, self._path = mutant, project.root / mutant.file
        parts = Path(mutant.file).with_suffix("").parts
        self._name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @override
    def find_spec(self, fullname: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        package = self._path.name == "__init__.py"
        spec = spec_from_loader(fullname, self, origin=str(self._path), is_package=package)
        if spec is not None and package:
            spec.submodule_search_locations = [str(self._path.parent)]
        return spec

    @override
    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self._path)
        code, _ = planted(self._path.read_text(), str(self._path), self._mutant.number)
        exec(code, vars(module))  # noqa: S102 - the code of the room, with a fault


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
