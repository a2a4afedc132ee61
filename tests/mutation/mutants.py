"""The faults of all places, each with a name that outlives changes elsewhere in its file. Pure but for reading."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import CodeType

from .operators import Fault, faults
from .places import Project, counts


@dataclass(frozen=True, slots=True)
class Mutant:
    """The `number`th fault of a file (relative to the repository)."""

    file: str
    number: int
    line: int
    operator: str
    before: str
    after: str
    scope: str | None
    key: str
    """Where the function around it stays the same, this stays the same."""

    @property
    def told(self) -> str:
        """For a person."""
        return f"{self.file}:{self.line} {self.operator}: {self.before} → {self.after}"


def mutants_of(path: Path, project: Project) -> list[Mutant]:
    """Every fault of a file that counts."""
    file, tree = str(path.relative_to(project.root)), ast.parse(path.read_text())
    text = {id(node): ast.dump(node) for node in ast.walk(tree) if isinstance(node, ast.stmt)}
    around = _texts_by_line(tree, text)
    seen: Counter[str] = Counter()
    found: list[Mutant] = []
    for number, fault in enumerate(faults(tree)):
        if not counts(path, fault.scope):
            continue
        base = "\n".join((file, around[fault.scope_line or fault.line], fault.operator, fault.before, fault.after))
        seen[base] += 1
        key = sha256(f"{base}\n{seen[base]}".encode()).hexdigest()[:16]
        found.append(Mutant(file, number, fault.line, fault.operator, fault.before, fault.after, fault.scope, key))
    return found


def planted(source: str, file: str, number: int) -> tuple[CodeType, Fault]:
    """The code of a module with its `number`th fault."""
    tree = ast.parse(source)
    fault = next(fault for place, fault in enumerate(faults(tree)) if place == number)
    fault.apply()
    _close_over_the_same(tree, compile(source, file, "exec"))
    return compile(ast.fix_missing_locations(tree), file, "exec"), fault


def _close_over_the_same(tree: ast.Module, sound: CodeType) -> None:
    """Name in each inner function what it closed over before its fault: a living one takes no other code."""
    free = {(code.co_name, code.co_firstlineno): code.co_freevars for code in with_inner(sound)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            names = free.get((node.name, first), ())
            if names:
                mentioned: list[ast.stmt] = [ast.Expr(ast.Name(name, ast.Load())) for name in names]
                node.body.insert(0, ast.If(ast.Constant(value=False), mentioned, []))


def with_inner(code: CodeType) -> Iterator[CodeType]:
    """A code object and all within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from with_inner(constant)


def _texts_by_line(tree: ast.Module, text: dict[int, str]) -> dict[int, str]:
    """For each line the text of the function that begins there, else of the innermost statement around it."""
    by_line: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or line == node.lineno:
                    by_line[line] = text[id(node)]
    return by_line
