"""Colours and sizes, near to Grafana's dark theme. Sizes are pixels."""

from grafana.panel import Colour

PAGE = "#111217"
PANEL = "#181b1f"
EDGE = "#2b2f36"
GRID = "#262a31"
TEXT = "#d5d6e0"
FAINT = "#8e8e9a"
STRIPE = "#1d2126"

LINES = ("#73bf69", "#f2cc0c", "#8ab8ff", "#ff780a", "#f2495c", "#5794f2", "#b877d9", "#e0b400")

UNIT_HEIGHT = 38  # of Grafana's grid
GAP = 8
MARGIN = 16
HEAD = 58
FOOT = 30

SMALL, PLAIN, TITLE, HEADING = 11.0, 12.0, 13.5, 19.0

_COLOURS = {
    Colour.WARM: "#ff9830",
    Colour.MOIST: "#5794f2",
    Colour.SASH: "#73bf69",
    Colour.SOUND: "#b877d9",
    Colour.GOOD: "#56a64b",
    Colour.MILD: "#f2cc0c",
    Colour.BAD: "#e02f44",
    Colour.NEUTRAL: "#8e8e9a",
}

ALL = (PAGE, PANEL, EDGE, GRID, TEXT, FAINT, *LINES, *_COLOURS.values())
"""Each colour here."""


def colour(name: Colour) -> str:
    """As matplotlib takes it."""
    return _COLOURS[name]
