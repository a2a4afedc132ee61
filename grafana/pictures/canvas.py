"""A sheet on which panels are placed, in pixels from its top left corner."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from . import theme

_DPI = 100
_DENSITY = 1.5  # pixels of the file per pixel of the sheet
_POINTS = 72 / _DPI
_PAINTS = 255
_DOTS = "…"
_LEGEND = 20.0

type Entry = tuple[str, str]
"""A name in a legend, and its colour."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def inside(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Without its borders."""
        return Box(self.x + left, self.y + top, self.width - left - right, self.height - top - bottom)


class Sheet:
    """One picture."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=theme.PAGE)
        self._renderer = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call]

    def save(self, path: Path) -> None:
        """Write a PNG, small enough for a repository."""
        raw = BytesIO()
        self._figure.savefig(raw, format="png", dpi=_DPI * _DENSITY, facecolor=theme.PAGE)
        with Image.open(raw) as drawn:
            _of_few_colours(drawn.convert("RGB")).save(path, optimize=True)

    def plot(self, box: Box) -> Axes:
        """A place to draw in."""
        axes = self._figure.add_axes(
            (
                box.x / self.width,
                1 - (box.y + box.height) / self.height,
                box.width / self.width,
                box.height / self.height,
            )
        )
        axes.set_facecolor("none")
        axes.tick_params(colors=theme.FAINT, labelsize=theme.SMALL * _POINTS, length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.grid(visible=True, color=theme.GRID, linewidth=0.8)
        axes.set_axisbelow(True)
        return axes

    def blank(self, box: Box) -> Axes:
        """A place without axes, measured in pixels from its top left corner."""
        axes = self.plot(box)
        axes.set_xlim(0, box.width)
        axes.set_ylim(box.height, 0)
        axes.axis("off")
        return axes

    def panel(self, box: Box, title: str) -> Box:
        """Draw a panel's frame and title; returns what is left for its content."""
        edge = FancyBboxPatch(
            (box.x / self.width, 1 - (box.y + box.height) / self.height),
            box.width / self.width,
            box.height / self.height,
            boxstyle="square,pad=0",
            facecolor=theme.PANEL,
            edgecolor=theme.EDGE,
            linewidth=0.8,
            transform=self._figure.transFigure,
            zorder=-1,
        )
        self._figure.add_artist(edge)
        self.write(
            box.x + 10, box.y + 17, self.cut(title, box.width - 20, theme.TITLE), size=theme.TITLE, weight="bold"
        )
        return box.inside(10, 34, 10, 8)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = theme.PLAIN,
        colour: str = theme.TEXT,
        weight: str = "normal",
        align: str = "left",
    ) -> None:
        """Write on the sheet; `y` is the middle of the line."""
        self._figure.text(
            x / self.width,
            1 - y / self.height,
            text,
            fontsize=size * _POINTS,
            color=colour,
            fontweight=weight,
            ha=align,
            va="center",
            parse_math=False,
        )

    def long(self, text: str, size: float, weight: str = "normal") -> float:
        """How long a line of text is."""
        font = FontProperties(size=size * _POINTS, weight=weight)
        return float(self._renderer.get_text_width_height_descent(text, font, ismath=False)[0])

    def cut(self, text: str, width: float, size: float = theme.PLAIN) -> str:
        """The text, or as much of it as fits."""
        if self.long(text, size) <= width:
            return text
        while text and self.long(text + _DOTS, size) > width:
            text = text[:-1]
        return text.rstrip(" ,") + _DOTS

    def legend_height(self, box: Box, entries: Sequence[Entry]) -> float:
        """How much of the box's foot a legend takes."""
        return _LEGEND * len(self._legend(box.width, entries))

    def legend(self, box: Box, entries: Sequence[Entry]) -> None:
        """Names with their colours at the foot of the box, in as many lines as they need."""
        lines = self._legend(box.width, entries)
        for number, line in enumerate(lines):
            x, y = box.x + 4, box.y + box.height - _LEGEND * (len(lines) - number - 0.5) + 2
            for name, colour in line:
                self.write(x, y, "━", size=theme.SMALL, colour=colour)
                self.write(x + 16, y, name, size=theme.SMALL, colour=theme.FAINT)
                x += self._entry(name)

    def _legend(self, width: float, entries: Sequence[Entry]) -> list[list[Entry]]:
        lines: list[list[Entry]] = [[]]
        used = 0.0
        for entry in entries:
            needed = self._entry(entry[0])
            if lines[-1] and used + needed > width:
                lines.append([])
                used = 0.0
            lines[-1].append(entry)
            used += needed
        return lines

    def _entry(self, name: str) -> float:
        return 16 + self.long(name, theme.SMALL) + 16


def _of_few_colours(drawn: Image.Image) -> Image.Image:
    """The theme's own colours as they are, and the shades between them by their number."""
    own = [part for name in theme.ALL for part in bytes.fromhex(name.removeprefix("#"))]
    shades = drawn.quantize(_PAINTS - len(theme.ALL), dither=Image.Dither.NONE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(own + shades)
    return drawn.quantize(palette=palette, dither=Image.Dither.NONE)
