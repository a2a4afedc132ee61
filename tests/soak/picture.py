"""Resident memory over a soak, as a picture."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .house import Moment

_MB = 1e6


def draw(moments: Sequence[Moment], marks: Sequence[float], path: Path) -> None:
    """Write a PNG: a line for each program, and a mark where everything was held still and counted (seconds)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    drawing = Figure(figsize=(9, 4.5), dpi=120, layout="constrained")
    FigureCanvasAgg(drawing)
    axes = drawing.add_subplot()
    minutes = [moment.at / 60 for moment in moments]
    for name in moments[0].resident:
        axes.plot(minutes, [moment.resident.get(name, 0) / _MB for moment in moments], label=name)
    for mark in marks:
        axes.axvline(mark / 60, color="#999999", linewidth=0.8, linestyle=":")
    axes.set_ylim(bottom=0)
    axes.set_xlabel(f"minutes; {moments[-1].messages:,} messages")
    axes.set_ylabel("resident memory, MB")
    axes.legend(frameon=False)
    drawing.savefig(path)
