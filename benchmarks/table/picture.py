"""The ratios as one picture: how many times better than its rival each one is, and where the aim lies."""

from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Drawing

from .figures import FIGURES, figures_of
from .page import times_better
from .rows import Rows

_INK, _GOOD, _BAD, _AIM = "#24303a", "#2f7f6f", "#c0563f", "#d9a400"
_BAR_IN, _DPI = 0.42, 130
_PLAIN = 100  # from here on without places behind the point


def draw(rows: Rows, path: Path) -> bool:
    """Write the PNG; False, and nothing written, where there is no ratio."""
    bars = [
        (
            f"{name}: {figure.says}",
            f"beside {figure.rival}".replace("`", ""),
            better,
            figure.aim and times_better(figure, figure.aim),
        )
        for name in FIGURES
        if name in rows
        for figure in figures_of(name, rows[name].printed)
        if (value := figure.value(rows[name].printed)) is not None
        and (better := times_better(figure, value)) is not None
    ]
    if not bars:
        return False
    drawing = Drawing(figsize=(10, 1.1 + _BAR_IN * len(bars)), dpi=_DPI, layout="constrained")
    axes = drawing.add_subplot()
    axes.set_xscale("log")
    places = range(len(bars), 0, -1)
    for place, (what, rival, better, aim) in zip(places, bars, strict=True):
        axes.barh(place, better - 1, left=1, height=0.55, color=_GOOD if better >= (aim or 1) else _BAD)
        axes.annotate(
            f"{better:,.0f}×" if better >= _PLAIN else f"{better:.3g}×",
            (max(better, aim or 1, 1), place),
            (4, 0),
            textcoords="offset points",
            va="center",
            color=_INK,
            fontsize=8,
        )
        if aim:
            axes.plot([aim, aim], [place - 0.36, place + 0.36], color=_AIM, linewidth=2.5)
        axes.text(
            -0.01,
            place + 0.16,
            what,
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=8,
            color=_INK,
        )
        axes.text(
            -0.01,
            place - 0.2,
            rival,
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=6.5,
            color="#6b7780",
        )
    axes.axvline(1, color=_INK, linewidth=1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_yticks([])
    axes.set_ylim(0.3, len(bars) + 0.7)
    axes.set_xlabel(
        "times better than the rival in the same run (1: equal); the yellow mark is the aim", fontsize=8, color=_INK
    )
    axes.tick_params(labelsize=8, colors=_INK)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    FigureCanvasAgg(drawing)
    drawing.savefig(path, metadata={"Software": None})
    return True
