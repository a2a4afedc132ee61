"""docs/BENCHMARKS.md as text. Pure."""

import math
from collections.abc import Iterable, Iterator

from .figures import FIGURES, Better, Figure, figures_of
from .rows import Row, Rows

_HEAD = """# Benchmarks

What `./scripts/bench all` wrote; do not edit. Each ratio stands beside its rival, which ran in the same run on the same
machine: times alone say little about another one. `./scripts/bench NAME` repeats one and prints all its figures;
`./scripts/bench all --only NAME` renews its part of this page. The figures lie in [benchmarks.json](benchmarks.json); a
ratio that is worse than the committed one by more than 25 % is pointed out.

"""


def page(rows: Rows, picture: str | None) -> str:
    """The page. `picture` is its address from the page."""
    return "".join(_pieces(rows, picture))


def _pieces(rows: Rows, picture: str | None) -> Iterator[str]:
    yield _HEAD
    if not rows:
        yield "Nothing was measured yet.\n"
        return
    if picture is not None:
        yield f"![How many times better than its rival each ratio is, and the aim]({picture})\n\n"
    missed = [f"`{name}`: {figure.says}" for name, row in _ordered(rows) for figure, _ in _missed(name, row)]
    yield f"Aims missed: {'; '.join(missed)}.\n" if missed else "Every aim is reached.\n"
    if absent := [f"`{name}`" for name in FIGURES if name not in rows]:
        yield f"Not measured yet: {', '.join(absent)}.\n"
    runs = {(row.run.machine, tuple(sorted(row.run.versions.items()))): row for _, row in _ordered(rows)}
    newest = max(rows.values(), key=lambda row: row.run.date)
    yield f"\nMachine: {newest.run.machine}.\n"
    yield f"Versions: {', '.join(f'{name} {number}' for name, number in newest.run.versions.items())}.\n"
    for name, row in _ordered(rows):
        yield f"\n## {name}\n\n"
        yield f"{row.run.date}, commit {row.run.commit}, {row.seconds:.0f} s."
        if row.run.note:
            yield f" {row.run.note}"
        if len(runs) > 1 and row.run.machine != newest.run.machine:
            yield f" On another machine: {row.run.machine}."
        yield "\n\n| figure | measured | rival, same run | aim | |\n|---|---|---|---|---|\n"
        yield from (_line(figure, row) for figure in figures_of(name, row.printed))


def _ordered(rows: Rows) -> Iterable[tuple[str, Row]]:
    order = {name: place for place, name in enumerate(FIGURES)}
    return sorted(rows.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))


def _missed(name: str, row: Row) -> Iterator[tuple[Figure, float]]:
    for figure in figures_of(name, row.printed):
        value = figure.value(row.printed)
        if value is not None and figure.reached(value) is False:
            yield figure, value


def _line(figure: Figure, row: Row) -> str:
    value = figure.value(row.printed)
    reached = None if value is None else figure.reached(value)
    word = {True: "reached", False: "**missed**", None: ""}[reached]
    aim = (
        ""
        if figure.aim is None or figure.better is None
        else f"{figure.better.value} {_shown(figure.aim, figure.unit)}"
    )
    measured = "not measured" if value is None else _shown(value, figure.unit)
    return f"| {figure.says} | {measured} | {figure.rival or ''} | {aim} | {word} |\n"


def _shown(value: float, unit: str) -> str:
    if value and abs(value) < 0.001:  # noqa: PLR2004 - fewer than three places
        number = f"{value:.1e}"
    elif abs(value) >= 1000 and math.isfinite(value):  # noqa: PLR2004 - a thousand
        number = f"{value:,.0f}"
    else:
        number = f"{value:.3g}"
    return f"{number} {unit}".rstrip() if unit != "×" else f"{number}×"


def times_better(figure: Figure, value: float) -> float | None:
    """How many times better than its rival a ratio is; None for what is no ratio."""
    if figure.rival is None or figure.better is None or value <= 0:
        return None
    return value if figure.better is Better.HIGHER else 1 / value
