"""Small faults that can be planted into a file: the usual operators, on its syntax tree. Pure.

Left alone: annotations, docstrings, decorators, imports, what goes to the log, and the words of an error.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

type Function = ast.FunctionDef | ast.AsyncFunctionDef
type Apply = Callable[[], None]

COMPARED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
CALCULATED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
SKIPPED_FIELDS: Final = frozenset({"annotation", "returns", "decorator_list", "type_params", "type_comment"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `scope`: the outermost function around it, None where it takes effect at import.

    `line` is counted from 1; `apply` plants it into the tree that it was found in.
    """

    operator: str
    line: int
    before: str
    after: str
    scope: str | None
    scope_line: int
    apply: Apply


def faults(tree: ast.Module) -> Iterator[Fault]:
    """Every fault that the operators know for this file, always in the same order."""
    yield from _Finder().body(tree.body)


class _Finder:
    """Walks a tree and knows which function it is in."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._scope: Function | None = None
        self._scope_name: str | None = None

    def body(self, statements: list[ast.stmt]) -> Iterator[Fault]:
        for index, statement in enumerate(statements):
            if _is_silent(statement):
                continue
            yield from self._statement(statements, index)

    def _statement(self, statements: list[ast.stmt], index: int) -> Iterator[Fault]:
        node = statements[index]
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from self._in_signature(node)
                yield from self._in_function(node)
                return
            case ast.ClassDef():
                names, self._names = self._names, (*self._names, node.name)
                yield from self.body(node.body)
                self._names = names
                return
            case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign() | ast.Raise():
                yield self._dropped(statements, index)
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) if self._scope is not None:
                yield self._dropped(statements, index)
            case ast.Break() | ast.Continue():
                other = ast.Continue() if isinstance(node, ast.Break) else ast.Break()
                yield self._fault("leave a loop", node, other, _setter(statements, index, other))
            case ast.Return(value=ast.expr() as value) if not _is_none(value):
                nothing = ast.Return(ast.Constant(None))
                yield self._fault("return", node, nothing, _setter(statements, index, nothing))
            case _:
                pass
        yield from self._inside(node)

    def _in_signature(self, node: Function) -> Iterator[Fault]:
        for defaults in (node.args.defaults, node.args.kw_defaults):
            for index, default in enumerate(defaults):
                if default is not None:
                    yield from self._expression(default, partial(_put_at, defaults, index))

    def _in_function(self, node: Function) -> Iterator[Fault]:
        scope, name, names = self._scope, self._scope_name, self._names
        self._names = (*names, node.name)
        if scope is None:
            self._scope, self._scope_name = node, ".".join(self._names)
        yield from self.body(node.body)
        self._scope, self._scope_name, self._names = scope, name, names

    def _inside(self, node: ast.AST) -> Iterator[Fault]:
        """The expressions and bodies of a node."""
        for field, value in ast.iter_fields(node):
            if field in SKIPPED_FIELDS:
                continue
            match value:
                case ast.expr():
                    yield from self._expression(value, partial(_put_field, node, field), node, field)
                case [ast.stmt(), *_]:
                    yield from self.body(value)
                case list():
                    for index, item in enumerate(value):
                        if isinstance(item, ast.expr):
                            yield from self._expression(item, partial(_put_at, value, index), node, field)
                        elif isinstance(item, ast.AST):
                            yield from self._part(item)
                case ast.AST() if not isinstance(value, ast.expr_context | ast.operator | ast.boolop | ast.unaryop):
                    yield from self._inside(value)
                case _:
                    pass

    def _part(self, node: ast.AST) -> Iterator[Fault]:
        match node:
            case ast.match_case(guard=None) if not _is_wildcard(node.pattern):
                never = ast.Constant(value=False)
                yield self._fault("case", node.pattern, never, lambda: setattr(node, "guard", never))
                yield from self.body(node.body)
            case _:
                yield from self._inside(node)

    def _expression(
        self, node: ast.expr, put: Callable[[ast.expr], None], parent: ast.AST | None = None, field: str = ""
    ) -> Iterator[Fault]:
        if _is_log_call(node) or isinstance(node, ast.JoinedStr) or _is_word_of_an_error(node, parent):
            return
        if field in {"test", "ifs"} and isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
            yield self._put("condition", node, ast.UnaryOp(ast.Not(), node), put)
        match node:
            case ast.Compare(ops=ops):
                for index, op in enumerate(ops):
                    for other in COMPARED[type(op)]:
                        changed = ast.Compare(node.left, [*ops[:index], other(), *ops[index + 1 :]], node.comparators)
                        yield self._put("comparison", node, changed, put)
            case ast.BoolOp(op=op, values=values):
                swapped = ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
                yield self._put("and, or", node, swapped, put)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in CALCULATED:
                yield self._put("arithmetic", node, ast.BinOp(left, CALCULATED[type(op)](), right), put)
            case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert(), operand=operand):
                yield self._put("unary", node, operand, put)
            case ast.Constant(value=value) if (changed_value := _other(value)) is not None:
                yield self._put("constant", node, ast.Constant(changed_value), put)
            case _:
                pass
        yield from self._inside(node)

    def _put(self, operator: str, node: ast.expr, new: ast.expr, put: Callable[[ast.expr], None]) -> Fault:
        return self._fault(operator, node, new, lambda: put(new))

    def _dropped(self, statements: list[ast.stmt], index: int) -> Fault:
        nothing = ast.Pass()
        return self._fault("statement", statements[index], nothing, _setter(statements, index, nothing))

    def _fault(self, operator: str, node: ast.AST, new: ast.AST, apply: Apply) -> Fault:
        line: int = getattr(node, "lineno", 0)
        scope_line = 0 if self._scope is None else self._scope.lineno
        return Fault(operator, line, _text(node), _text(new), self._scope_name, scope_line, apply)


def _put_at(items: list[Any], index: int, new: ast.expr) -> None:
    items[index] = new


def _put_field(node: ast.AST, field: str, new: ast.expr) -> None:
    setattr(node, field, new)


def _setter(statements: list[ast.stmt], index: int, new: ast.stmt) -> Apply:
    return lambda: statements.__setitem__(index, new)


def _text(node: ast.AST) -> str:
    words = " ".join(ast.unparse(node).split())
    return words if len(words) <= 100 else f"{words[:97]}…"


def _other(value: object) -> str | bytes | int | float | None:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"XX{value}XX"
        case bytes():
            return b"XX" + value
        case _:
            return None


def _is_silent(statement: ast.stmt) -> bool:
    """Docstrings, the words below a constant, imports, names of types, and what a module shows."""
    match statement:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Import() | ast.ImportFrom() | ast.TypeAlias() | ast.Pass():
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Expr(value=call):
            return _is_log_call(call)
        case _:
            return False


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_wildcard(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


def _is_log_call(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="_LOGGER"))):
            return True
        case _:
            return False


def _is_word_of_an_error(node: ast.expr, parent: ast.AST | None) -> bool:
    """A text given to an exception: `raise ValueError("…")`."""
    match parent:
        case ast.Call(func=ast.Name(id=name)) if name.endswith("Error"):
            return isinstance(node, ast.Constant) and isinstance(node.value, str)
        case _:
            return False
