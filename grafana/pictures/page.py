"""One dashboard as a picture: its panels as on a screen, or one below another as on a phone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grafana.board import Board
from grafana.example.reader import Answer
from grafana.links import Destination
from grafana.macros import View
from grafana.panel import Bars, Curve, Gauges, Heat, Lines, Numbers, Panel, Rows

from . import theme
from .by_value import draw_bars, draw_curve
from .canvas import Box, Sheet
from .over_time import Mark, Span, draw_heat, draw_lines
from .series import DAY_S, of_answer
from .values import draw_gauges, draw_nothing, draw_numbers, draw_rows

_COLUMNS = 24
_PHONE = 600.0  # what is narrower has one column
_SAYS = "Drawn by ./scripts/pictures dashboards from the panels' own SQL over a simulated house. No Grafana was run."


@dataclass(frozen=True, slots=True)
class Shown:
    """A dashboard with what its queries answered, by file. `chosen` is what stands above it."""

    board: Board
    view: View
    answers: Mapping[str, Answer]
    marks: Sequence[Mark]
    chosen: str

    @property
    def span(self) -> Span:
        """What its time axes show."""
        return Span(self.view.start / 1000 / DAY_S, self.view.end / 1000 / DAY_S)

    @property
    def now(self) -> dt.datetime:
        """When it was looked at."""
        return dt.datetime.fromtimestamp(self.view.end / 1000, dt.UTC)


def draw(shown: Shown, width: float, path: Path) -> None:
    """Draw it so wide, and write a PNG."""
    is_phone = width < _PHONE
    placed, height = _placed(shown.board, width, is_phone=is_phone)
    sheet = Sheet(width, height)
    _head(sheet, shown, is_phone=is_phone)
    for what, box in placed:
        if isinstance(what, str):
            sheet.write(box.x, box.y + box.height / 2, f"▾  {what}", size=theme.TITLE, weight="bold")
        else:
            _panel(sheet, box, what, shown, is_phone=is_phone)
    says = sheet.cut(_SAYS, width - 2 * theme.MARGIN, theme.SMALL)
    sheet.write(theme.MARGIN, height - theme.FOOT / 2, says, size=theme.SMALL, colour=theme.FAINT)
    sheet.save(path)


def _placed(board: Board, width: float, *, is_phone: bool) -> tuple[list[tuple[str | Panel, Box]], float]:
    """Titles and panels in their places, and how high the sheet is."""
    full = width - 2 * theme.MARGIN
    unit = (full + theme.GAP) / _COLUMNS
    found: list[tuple[str | Panel, Box]] = []
    top = float(theme.HEAD)
    for section in board.sections:
        found.append((section.title, Box(theme.MARGIN, top, full, theme.UNIT_HEIGHT - theme.GAP)))
        top += theme.UNIT_HEIGHT
        left, tallest = 0, 0
        for panel in section.panels:
            columns = _COLUMNS if is_phone else panel.width
            if left + columns > _COLUMNS:
                top, left, tallest = top + tallest * theme.UNIT_HEIGHT, 0, 0
            place = Box(
                theme.MARGIN + left * unit,
                top,
                columns * unit - theme.GAP,
                panel.height * theme.UNIT_HEIGHT - theme.GAP,
            )
            found.append((panel, place))
            left, tallest = left + columns, max(tallest, panel.height)
        top += tallest * theme.UNIT_HEIGHT
    return found, top + theme.FOOT


def _head(sheet: Sheet, shown: Shown, *, is_phone: bool) -> None:
    here, hours = shown.board.destination, shown.board.hours
    span = f"Last {hours} hours" if hours <= 24 else f"Last {hours // 24} days"  # noqa: PLR2004  # a day
    title = here.title if is_phone else f"Smart Window · {here.title}"
    sheet.write(theme.MARGIN, theme.HEAD / 2, title, size=theme.HEADING - 3 * is_phone, weight="bold")
    right = sheet.width - theme.MARGIN
    if is_phone:
        sheet.write(right, theme.HEAD / 2, span, colour=theme.FAINT, align="right")
        return
    others = (Destination.OVERVIEW, Destination.DEVICE, Destination.MODEL, Destination.HEALTH)
    links = "    ".join(f"▦ {other.title}" for other in others if other is not here)
    says = f"{shown.chosen}        {span}        {links}"
    sheet.write(right, theme.HEAD / 2, says, colour=theme.FAINT, align="right")


def _panel(sheet: Sheet, box: Box, panel: Panel, shown: Shown, *, is_phone: bool) -> None:
    inner = sheet.panel(box, panel.title)
    answers = [shown.answers[query.file] for query in panel.queries]
    now = shown.now
    if not any(answer.rows for answer in answers):
        draw_nothing(sheet, inner, panel)
        return
    match panel:
        case Lines():
            lines = [line for answer in answers for line in of_answer(answer, panel.name_by)]
            draw_lines(sheet, inner, panel, lines, shown.span, shown.marks if len(answers) > 1 else ())
        case Heat():
            draw_heat(sheet, inner, panel, of_answer(answers[0], panel.name_by), shown.span)
        case Gauges():
            draw_gauges(sheet, inner, panel, of_answer(answers[0], panel.name_by), 3 if is_phone else 6)
        case Numbers():
            draw_numbers(sheet, inner, panel, answers[0], now)
        case Rows():
            draw_rows(sheet, inner, panel, answers[0], now)
        case Bars():
            draw_bars(sheet, inner, panel, answers[0])
        case Curve():
            draw_curve(sheet, inner, panel, answers[0])
        case _:
            raise ValueError(f"{panel.title}: no way to draw a {panel.kind}")
