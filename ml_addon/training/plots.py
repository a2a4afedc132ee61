"""Small pictures for the card, as SVG: bars with their standard errors, lines, and a diagram of reliability."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")
_FONT = 'font-family="sans-serif" font-size="12"'
_LEFT, _RIGHT, _ROW = 190, 90, 22


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `error` is half the length of its whisker."""

    name: str
    value: float
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line through points."""

    name: str
    x: Sequence[float]
    y: Sequence[float]


def bars(title: str, rows: Sequence[Bar], unit: str) -> str:
    """Bars that lie, one below the other."""
    width, longest = 420, max((abs(row.value) + row.error for row in rows), default=1.0) or 1.0
    parts = [_text(10, 18, title, weight="bold")]
    for k, row in enumerate(rows):
        y = 30 + k * _ROW
        length = width * abs(row.value) / longest
        middle = y + _ROW / 2 - 2
        parts.append(_text(_LEFT - 8, middle + 4, row.name, anchor="end"))
        colour = _COLOURS[0] if row.value >= 0 else _COLOURS[1]
        parts.append(f'<rect x="{_LEFT}" y="{y}" width="{length:.1f}" height="{_ROW - 6}" fill="{colour}"/>')
        if row.error:
            a, b = (_LEFT + width * (abs(row.value) + s * row.error) / longest for s in (-1, 1))
            parts.append(f'<path d="M{a:.1f} {middle:.1f}H{b:.1f}" stroke="#000"/>')
        end = _LEFT + width * (abs(row.value) + row.error) / longest + 6
        parts.append(_text(end, middle + 4, f"{row.value:.3g} {unit}".strip()))
    return _picture(_LEFT + width + _RIGHT, 40 + len(rows) * _ROW, parts)


def panels(title: str, stacked: Sequence[tuple[str, Sequence[Line]]]) -> str:
    """Panels above each other with one axis of x."""
    width, height, gap = 640, 110, 34
    parts = [_text(10, 18, title, weight="bold")]
    every = [x for _, lines in stacked for line in lines for x in line.x]
    low, high = min(every), max(every)
    for k, (name, lines) in enumerate(stacked):
        top = 40 + k * (height + gap)
        values = [y for line in lines for y in line.y]
        bottom, ceiling = min(values), max(*values, min(values) + 1e-6)
        parts.append(_text(60, top - 6, name))
        parts.append(f'<rect x="60" y="{top}" width="{width}" height="{height}" fill="none" stroke="#bbb"/>')
        parts.append(_text(54, top + 10, f"{ceiling:.4g}", anchor="end"))
        parts.append(_text(54, top + height, f"{bottom:.4g}", anchor="end"))
        for j, line in enumerate(lines):
            across = [60 + width * (x - low) / (high - low) for x in line.x]
            down = [top + height * (1 - (y - bottom) / (ceiling - bottom)) for y in line.y]
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
            colour = _COLOURS[j % len(_COLOURS)]
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.4"/>')
            if k == 0:
                parts.append(_text(300 + 110 * j, 18, line.name, colour=colour))
    return _picture(width + 80, 50 + len(stacked) * (height + gap), parts)


def reliability(title: str, lines: Sequence[Line]) -> str:
    """What was said (x) against what was so (y), beside the honest line."""
    size, left, top = 320, 60, 40
    parts = [_text(10, 18, title, weight="bold")]
    parts.append(f'<rect x="{left}" y="{top}" width="{size}" height="{size}" fill="none" stroke="#bbb"/>')
    parts.append(f'<path d="M{left} {top + size}L{left + size} {top}" stroke="#bbb" stroke-dasharray="4"/>')
    for value in (0.0, 0.5, 1.0):
        parts.append(_text(left + size * value, top + size + 16, f"{value:g}", anchor="middle"))
        parts.append(_text(left - 6, top + size * (1 - value) + 4, f"{value:g}", anchor="end"))
    for j, line in enumerate(lines):
        colour = _COLOURS[j % len(_COLOURS)]
        spots = [(left + size * x, top + size * (1 - y)) for x, y in zip(line.x, line.y, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        parts.append(_text(left + size + 12, top + 14 + 18 * j, line.name, colour=colour))
    parts.append(_text(left + size / 2, top + size + 34, "confidence", anchor="middle"))
    return _picture(left + size + 170, top + size + 46, parts)


def _text(x: float, y: float, text: str, anchor: str = "start", weight: str = "normal", colour: str = "#222") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" {_FONT} text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="{colour}">{escape(text)}</text>'
    )


def _picture(width: float, height: float, parts: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="#fff"/>', *parts, "</svg>"]) + "\n"
