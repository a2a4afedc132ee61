"""Panels whose axis is time: lines, bars and dots, with marks and shaded spans, and the map of activity."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.ticker import MaxNLocator

from grafana.panel import Column, Heat, Lines, Style, Unit

from . import theme, words
from .canvas import Box, Sheet
from .series import Series

_SIDE, _BOTTOM = 62.0, 20.0
_NAMES = 96.0
_TICK = 90.0
_ROOM_FOR_WORDS = 600.0
_GREENS = LinearSegmentedColormap.from_list("activity", [theme.STRIPE, "#1f4d2b", "#3f9d55", "#a4e3ae"])


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment, or a span (`end`), on the time axis, in Unix days, with the name of its kind and its words."""

    name: str
    begin: float
    end: float | None
    colour: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """What a time axis shows, in Unix days."""

    begin: float
    end: float


def draw_lines(
    sheet: Sheet, box: Box, panel: Lines, lines: Sequence[Series], span: Span, marks: Sequence[Mark]
) -> None:
    """Draw them with their legend."""
    columns = {column.name: column for column in panel.columns}
    painted = [
        (line, columns.get(line.name), _colour(number, columns.get(line.name))) for number, line in enumerate(lines)
    ]
    entries = [(_name(line, column), colour) for line, column, colour in painted]
    entries += sorted({(mark.name, mark.colour) for mark in marks})
    legend = sheet.legend_height(box, entries)
    first, other = _axes(sheet, box.inside(0, 0, 0, legend), columns, span)
    is_many = len({line.label for line in lines}) > 1
    if panel.style is Style.STACKED:
        _stack(first, painted)
    else:
        for line, column, colour in painted:
            axes = other if other is not None and column is not None and column.on_the_right else first
            _line(axes, line, panel.style if column is None or column.style is None else column.style, colour, is_many)
    _mark(first, marks)
    if box.width > _ROOM_FOR_WORDS:
        _say(first, marks)
    on_the_left = next((column for column in panel.columns if not column.on_the_right), None)
    _value_axis(first, panel, on_the_left)
    if other is not None:
        _value_axis(other, panel, next(column for column in panel.columns if column.on_the_right))
    sheet.legend(box, entries)


def draw_heat(sheet: Sheet, box: Box, panel: Heat, rows: Sequence[Series], span: Span) -> None:
    """Draw a map: a row for each label, the brighter the more."""
    place = box.inside(_NAMES, 4, 8, _BOTTOM)
    axes = sheet.plot(place)
    _time_axis(axes, span, place.width)
    axes.grid(visible=False)
    most = max((value for row in rows for value in row.values), default=1.0)
    for number, row in enumerate(rows):
        for time, value in zip(row.times, row.values, strict=True):
            axes.broken_barh([(time, row.step * 0.96)], (number + 0.05, 0.9), color=_GREENS(value / most))
    axes.set_ylim(len(rows), 0)
    axes.set_yticks([number + 0.5 for number in range(len(rows))], [row.label for row in rows])
    most_says = f"at most {most:.0f}{words.after(panel.unit)}"
    sheet.write(box.x + box.width - 8, box.y - 17, most_says, size=theme.SMALL, colour=theme.FAINT, align="right")


def _axes(sheet: Sheet, box: Box, columns: dict[str, Column], span: Span) -> tuple[Axes, Axes | None]:
    """The left axes, and the right ones where a column wants them."""
    two = any(column.on_the_right for column in columns.values())
    place = box.inside(_SIDE, 4, _SIDE if two else 10, _BOTTOM)
    first = sheet.plot(place)
    _time_axis(first, span, place.width)
    if not two:
        return first, None
    other = sheet.plot(place)
    other.set_xlim(span.begin, span.end)
    other.grid(visible=False)
    other.tick_params(labelbottom=False)
    other.yaxis.tick_right()
    return first, other


def _line(axes: Axes, line: Series, style: Style, colour: str, is_many: bool) -> None:  # noqa: FBT001  # private
    times, values = line.with_gaps() if is_many else (line.times, line.values)
    match style:
        case Style.LINE:
            axes.plot(times, values, color=colour, linewidth=1.4)
        case Style.STEP:
            axes.step(times, values, where="post", color=colour, linewidth=1.4)
            axes.fill_between(times, values, step="post", color=colour, alpha=0.15, linewidth=0)
        case Style.BARS | Style.STACKED:
            axes.bar(times, values, width=line.step * 0.9, color=colour, alpha=0.75, linewidth=0)
        case Style.DOTS:
            axes.plot(times, values, ".", color=colour, markersize=3)


def _stack(axes: Axes, painted: Sequence[tuple[Series, Column | None, str]]) -> None:
    heights: dict[float, float] = {}
    times = sorted({time for line, _, _ in painted for time in line.times})
    width = min((after - before for before, after in pairwise(times)), default=0.01)
    for line, _, colour in painted:
        below = [heights.get(time, 0.0) for time in line.times]
        axes.bar(line.times, line.values, width=width * 0.92, bottom=below, color=colour, linewidth=0)
        for time, value in zip(line.times, line.values, strict=True):
            heights[time] = heights.get(time, 0.0) + value


def _mark(axes: Axes, marks: Sequence[Mark]) -> None:
    """Draw all of them."""
    across = axes.get_xaxis_transform()
    for mark in marks:
        if mark.end is not None:
            axes.axvspan(mark.begin, mark.end, color=mark.colour, alpha=0.13, linewidth=0)
        else:
            axes.axvline(mark.begin, color=mark.colour, linewidth=0.8, linestyle=(0, (3, 3)), alpha=0.7)
            axes.plot(
                [mark.begin],
                [0],
                marker="^",
                color=mark.colour,
                markersize=5,
                transform=across,
                clip_on=False,
                zorder=9,
            )


def _say(axes: Axes, marks: Sequence[Mark]) -> None:
    """Show the longest text of each kind, as where a mouse rests on the mark."""
    across = axes.get_xaxis_transform()
    begin, end = axes.get_xlim()
    for number, name in enumerate(sorted({mark.name for mark in marks})):
        mark = max((mark for mark in marks if mark.name == name), key=lambda one: len(one.text))
        is_left = mark.begin < (begin + end) / 2
        axes.annotate(
            mark.text,
            (mark.begin, 0.93 - 0.11 * number),
            xycoords=across,
            xytext=(6 if is_left else -6, 0),
            textcoords="offset points",
            ha="left" if is_left else "right",
            va="center",
            fontsize=theme.SMALL * 0.72,
            color=theme.TEXT,
            zorder=10,
            bbox={"boxstyle": "round,pad=0.35", "facecolor": theme.PAGE, "edgecolor": mark.colour, "linewidth": 0.8},
        )


def _colour(number: int, column: Column | None) -> str:
    if column is None or column.colour is None:
        return theme.LINES[number % len(theme.LINES)]
    return theme.colour(column.colour)


def _name(line: Series, column: Column | None) -> str:
    return line.label or (line.name if column is None or column.title is None else column.title)


def _time_axis(axes: Axes, span: Span, width: float) -> None:
    axes.set_xlim(span.begin, span.end)
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=max(3, int(width / _TICK))))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%d %b" if span.end - span.begin > 2 else "%H:%M"))  # type: ignore[no-untyped-call]  # noqa: PLR2004  # days


def _value_axis(axes: Axes, panel: Lines, column: Column | None) -> None:
    unit = panel.unit if column is None or column.unit is None else column.unit
    low = panel.low if column is None or column.low is None else column.low
    high = panel.high if column is None or column.high is None else column.high
    axes.margins(y=0.08)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.set_ylim(bottom=low, top=high)
    factor = 100 if unit is Unit.SHARE else 1
    axes.yaxis.set_major_formatter(lambda value, _: f"{factor * value:g}{words.after(unit)}")
