"""Panels whose axis is no time: bars by step, and curves over a number."""

from grafana.example.reader import Answer
from grafana.panel import Bars, Colour, Curve, Unit

from . import theme, words
from .canvas import Box, Entry, Sheet

_SIDE, _BOTTOM, _LEANING = 56, 20, 36


def draw_bars(sheet: Sheet, box: Box, panel: Bars, answer: Answer) -> None:
    """Draw groups of bars."""
    entries = _entries(panel)
    axes = sheet.plot(box.inside(_SIDE, 4, 8, _BOTTOM + _LEANING))
    labels = [str(label) for label in answer.column(panel.along)]
    width = 0.8 / max(1, len(panel.columns))
    for number, column in enumerate(panel.columns):
        heights = [words.number(value) or 0.0 for value in answer.column(column.name)]
        places = [at - 0.4 + width * (number + 0.5) for at in range(len(labels))]
        axes.bar(places, heights, width=width * 0.95, color=theme.colour(column.colour or Colour.NEUTRAL))
    axes.set_xlim(-0.6, len(labels) - 0.4)
    axes.set_xticks(range(0, len(labels), 2), labels[::2], rotation=40, ha="right", rotation_mode="anchor")
    axes.grid(visible=False, axis="x")
    sheet.legend(box, entries)


def draw_curve(sheet: Sheet, box: Box, panel: Curve, answer: Answer) -> None:
    """Draw lines with a dot at each step; what they are compared with is dashed."""
    entries = _entries(panel)
    axes = sheet.plot(box.inside(_SIDE, 4, 16, _BOTTOM + sheet.legend_height(box, entries)))
    along = [words.number(value) or 0.0 for value in answer.column(panel.along)]
    for column in panel.columns:
        if column.hidden:
            continue
        colour = theme.colour(column.colour or Colour.NEUTRAL)
        values = [words.number(value) or 0.0 for value in answer.column(column.name)]
        is_measure = column.colour is Colour.NEUTRAL
        axes.plot(
            along,
            values,
            color=colour,
            linewidth=1.6,
            linestyle="--" if is_measure else "-",
            marker="" if is_measure else "o",
            markersize=5,
        )
    axes.set_ylim(bottom=panel.low, top=panel.high)
    if panel.unit is Unit.SHARE:
        axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    sheet.legend(box, entries)


def _entries(panel: Bars | Curve) -> list[Entry]:
    """What the legend says."""
    return [
        (column.title or column.name, theme.colour(column.colour or Colour.NEUTRAL))
        for column in panel.columns
        if not column.hidden
    ]
