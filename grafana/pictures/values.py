"""Panels of values: large numbers, dials and tables."""

import datetime as dt
from collections.abc import Sequence

from matplotlib.patches import Wedge

from grafana.example.reader import Answer
from grafana.panel import Colour, Column, Gauges, Numbers, Panel, Rows, Unit

from . import theme, words
from .canvas import Box, Sheet
from .series import Series

_STATES = {
    "online": Colour.GOOD,
    "ready": Colour.GOOD,
    "ok": Colour.GOOD,
    "silent": Colour.BAD,
    "offline": Colour.BAD,
    "faulty": Colour.BAD,
    "stuck": Colour.MILD,
    "starting": Colour.MILD,
}
_ROW = 26
_LEAST_WIDTH = 84
_LARGEST = 34.0
_NO_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DIAL_FROM, _DIAL_TO = 215.0, -35.0  # degrees


def draw_numbers(sheet: Sheet, box: Box, panel: Numbers, answer: Answer, now: dt.datetime) -> None:
    """Draw the first row, large."""
    row = dict(zip(answer.names, answer.rows[0], strict=True))
    shown = panel.columns or tuple(Column(name=name) for name in row)
    each = box.width / len(shown)
    for number, column in enumerate(shown):
        value, unit = row[column.name], column.unit or panel.unit
        decimals = panel.decimals if column.decimals is None else column.decimals
        text = words.shown(value, unit, decimals, now) or panel.empty
        colour = _of_state(value) if column.states else _of_steps(panel, value)
        middle = box.x + each * (number + 0.5)
        size = min(_LARGEST, _LARGEST * (each - 24) / sheet.long(text, _LARGEST, "bold"))
        lift = 12 if len(shown) > 1 else 0
        sheet.write(
            middle, box.y + box.height / 2 - lift, text, size=size, colour=colour, weight="bold", align="center"
        )
        if len(shown) > 1:
            sheet.write(
                middle, box.y + box.height - 16, column.title or column.name, colour=theme.FAINT, align="center"
            )


def draw_gauges(sheet: Sheet, box: Box, panel: Gauges, lines: Sequence[Series], per_row: int) -> None:
    """Draw a dial for each, with its newest value."""
    low, high = panel.low or 0.0, 100.0 if panel.high is None else panel.high
    rows = -(-len(lines) // per_row)
    width, height = box.width / min(per_row, max(1, len(lines))), box.height / max(1, rows)
    for number, line in enumerate(lines):
        place = Box(box.x + number % per_row * width, box.y + number // per_row * height, width, height)
        axes = sheet.blank(place)
        centre, radius = (width / 2, height * 0.52), min(width * 0.36, height * 0.44)
        share = (line.values[-1] - low) / (high - low)
        # The drawing's y grows downwards, and angles with it.
        for upto, colour in ((1.0, theme.EDGE), (share, theme.colour(Colour.SASH))):
            end = _DIAL_FROM + (_DIAL_TO - _DIAL_FROM) * upto
            axes.add_patch(Wedge(centre, radius, -_DIAL_FROM, -end, width=radius * 0.2, facecolor=colour, linewidth=0))
        text = words.shown(line.values[-1], panel.unit, panel.decimals, _NO_TIME)
        middle = place.x + width / 2
        sheet.write(
            middle,
            place.y + height * 0.52,
            text,
            size=19,
            colour=theme.colour(Colour.SASH),
            weight="bold",
            align="center",
        )
        sheet.write(middle, place.y + height - 10, line.label, align="center")


def draw_rows(sheet: Sheet, box: Box, panel: Rows, answer: Answer, now: dt.datetime) -> None:
    """Draw a table, as many rows as fit; on a narrow sheet, as many columns: a phone scrolls to the others."""
    columns = [column for column in panel.columns if not column.hidden and column.name in answer.names]
    while len(columns) > 1 and sum(column.width or _LEAST_WIDTH for column in columns) > box.width:
        columns.pop()
    free = box.width - sum(column.width or 0 for column in columns)
    others = [column for column in columns if column.width is None]
    weights = {column.name: _weight(answer, column) for column in others}
    wide = {column.name: column.width or free * weights[column.name] / sum(weights.values()) for column in columns}
    x = box.x
    for column in columns:
        width = wide[column.name]
        sheet.write(
            x + 4, box.y + 8, sheet.cut(column.title or column.name, width - 8), colour="#6e9fff", weight="bold"
        )
        at = answer.names.index(column.name)
        for number, row in enumerate(answer.rows[: int((box.height - _ROW) / _ROW)]):
            y = box.y + 8 + _ROW * (number + 1)
            text = words.shown(row[at], column.unit or panel.unit, column.decimals, now)
            colour = _of_state(row[at]) if column.states else theme.TEXT
            sheet.write(x + 4, y, sheet.cut(text, width - 10), colour=colour)
        x += width
    lines = sheet.blank(box)
    for number in range(1, min(len(answer.rows), int((box.height - _ROW) / _ROW)) + 1):
        y = 8 + _ROW * (number - 0.5)
        lines.plot([0, box.width], [y, y], color=theme.EDGE, linewidth=0.7)


def draw_nothing(sheet: Sheet, box: Box, panel: Panel) -> None:
    """Say what no data means."""
    sheet.write(box.x + box.width / 2, box.y + box.height / 2, panel.empty, colour=theme.FAINT, align="center")


def _weight(answer: Answer, column: Column) -> float:
    """Room for a column: by what stands in it, within reason."""
    longest = max((len(str(value)) for value in answer.column(column.name)), default=0)
    return float(min(46, max(10, longest if column.unit in (None, Unit.TEXT) else 12)))


def _of_state(value: object) -> str:
    return theme.colour(_STATES.get(str(value), Colour.NEUTRAL))


def _of_steps(panel: Numbers, value: object) -> str:
    found = theme.TEXT
    size = words.number(value)
    for step in panel.steps:
        if step.colour is Colour.NEUTRAL or size is None:
            continue
        if step.at is None or size >= step.at:
            found = theme.colour(step.colour)
    return found
