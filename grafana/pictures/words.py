"""Values as Grafana would write them: numbers with their unit, moments, spans of time. Pure."""

import datetime as dt

from grafana.panel import Unit

_AFTER = {
    Unit.CELSIUS: " °C",
    Unit.PERCENT: " %",
    Unit.SHARE: " %",
    Unit.MILLISECONDS: " ms",
    Unit.TEXT: "",
    Unit.TIME: "",
    Unit.AGO: "",
}
_SUFFIX = "suffix: "
_STEPS = ((86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute"), (1.0, "second"))
_KEPT = 3  # digits, where nobody says how many


def moment(value: object) -> dt.datetime | None:
    """A time as the server writes it (text in UTC, or Unix ms); None: it is none."""
    match value:
        case str():
            try:
                return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
            except ValueError:
                return None
        case int() | float():
            return dt.datetime.fromtimestamp(value / 1000, dt.UTC)
        case _:
            return None


def number(value: object) -> float | None:
    """A number; None: it is none."""
    return float(value) if isinstance(value, int | float) else None


def after(unit: Unit) -> str:
    """What stands behind a number of this unit."""
    return f" {unit.removeprefix(_SUFFIX)}" if unit.startswith(_SUFFIX) else _AFTER.get(unit, "")


def plain(value: float, unit: Unit, decimals: int | None) -> str:
    """A number without its unit."""
    shown = 100 * value if unit is Unit.SHARE else value
    if decimals is not None:
        return f"{shown:,.{decimals}f}"
    return f"{shown:,.0f}" if shown == round(shown) else f"{shown:,.{_KEPT}g}"


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """How long ago, in the largest unit that it fills."""
    span = (now - then).total_seconds()
    length, name = next((step for step in _STEPS if span >= step[0]), _STEPS[-1])
    count = round(span / length)
    return f"{count} {name}{'' if count == 1 else 's'} ago"


def shown(value: object, unit: Unit, decimals: int | None, now: dt.datetime) -> str:
    """A value as a cell of a table has it."""
    if value is None:
        return ""
    if unit in (Unit.AGO, Unit.TIME) and (then := moment(value)) is not None:
        return ago(then, now) if unit is Unit.AGO else then.strftime("%d %b, %H:%M")
    if (found := number(value)) is not None:
        return plain(found, unit, decimals) + after(unit)
    return str(value)
