"""What Grafana and its ClickHouse plugin make of a query before it is sent. Pure.

Grafana cannot be run everywhere; with this, its queries can. The macros are those of grafana-clickhouse-datasource 4.20
(pkg/macros/macros.go, and conditionalAll in src/data/CHDatasource.ts), the intervals those of Grafana's roundInterval.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_VARIABLE = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(\w+)")
_ALL = "$__conditionalAll("

_S, _M, _H, _D = 1_000, 60_000, 3_600_000, 86_400_000
# A span below the first becomes the second, both in ms.
_ROUNDED = (
    (1_500, _S),
    (3_500, 2 * _S),
    (7_500, 5 * _S),
    (12_500, 10 * _S),
    (17_500, 15 * _S),
    (25_000, 20 * _S),
    (45_000, 30 * _S),
    (90_000, _M),
    (210_000, 2 * _M),
    (450_000, 5 * _M),
    (750_000, 10 * _M),
    (1_050_000, 15 * _M),
    (1_500_000, 20 * _M),
    (2_700_000, 30 * _M),
    (5_400_000, _H),
    (9_000_000, 2 * _H),
    (16_200_000, 3 * _H),
    (32_400_000, 6 * _H),
    (86_400_000, 12 * _H),
    (604_800_000, _D),
    (1_814_400_000, 7 * _D),
)
_LONGEST = 30 * _D


class QueryError(ValueError):
    """A query that the plugin would not understand. The message names the part."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen of a variable. `everything`: "All", and then `values` are all of them."""

    values: tuple[str, ...]
    everything: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What a dashboard shows: from and to in Unix ms, how many points wide a panel is, and the variables."""

    start: int
    end: int
    points: int = 1000
    variables: Mapping[str, Choice] = field(default_factory=dict[str, Choice])

    @property
    def interval_ms(self) -> int:
        """How long a point of a panel is."""
        span = max(1, (self.end - self.start) // self.points)
        return next((rounded for below, rounded in _ROUNDED if span < below), _LONGEST)


def expand(sql: str, view: View) -> str:
    """Return what reaches the server. Raises QueryError."""
    return _macros(_variables(_conditional(sql, view), view), view)


def _conditional(sql: str, view: View) -> str:
    while (at := sql.rfind(_ALL)) >= 0:
        (condition, variable), end = _arguments(sql, at + len(_ALL) - 1, 2)
        name = variable.strip().removeprefix("$")
        if not name.isidentifier():
            raise QueryError(f"$__conditionalAll: expected a plain variable such as $device, found {variable.strip()}")
        sql = sql[:at] + ("1=1" if _chosen(name, view).everything else condition) + sql[end:]
    return sql


def _variables(sql: str, view: View) -> str:
    def value(found: re.Match[str]) -> str:
        name, form = found[1] or found[3], found[2]
        if name.startswith("__"):
            if (known := _own(name, view)) is not None:
                return known
            return f"${name}"  # a macro: the plugin's turn comes next
        return _written(name, form, _chosen(name, view))

    return _VARIABLE.sub(value, sql)


def _own(name: str, view: View) -> str | None:
    """Grafana's own variables."""
    match name:
        case "__from":
            return str(view.start)
        case "__to":
            return str(view.end)
        case "__interval_ms":
            return str(view.interval_ms)
        case "__range_s":
            return str((view.end - view.start) // 1000)
        case _:
            return None


def _chosen(name: str, view: View) -> Choice:
    if name not in view.variables:
        raise QueryError(f"${name}: there is no such variable; there are {', '.join(view.variables) or 'none'}")
    return view.variables[name]


def _written(name: str, form: str | None, choice: Choice) -> str:
    match form:
        case "singlequote":
            return ",".join("'" + value.replace("'", "\\'") + "'" for value in choice.values)
        case "sqlstring":
            return ",".join("'" + value.replace("'", "''") + "'" for value in choice.values)
        case _:
            # Anything else would put what a person types into the query as it is.
            raise QueryError(f"${name}: expected ${{{name}:singlequote}} or ${{{name}:sqlstring}}")


def _macros(sql: str, view: View) -> str:
    while (at := sql.rfind("$__")) >= 0:
        name = sql[at + 3 :].split("(", 1)[0]
        name = next(iter(re.findall(r"\A\w+", name)), "")
        if name not in _MACROS:
            raise QueryError(f"$__{name}: the plugin has no such macro")
        count, make = _MACROS[name]
        end = at + 3 + len(name)
        arguments: list[str] = []
        if count:
            arguments, end = _arguments(sql, end, count)
        sql = sql[:at] + make(view, arguments) + sql[end:]
    return sql


def _arguments(sql: str, at: int, count: int) -> tuple[list[str], int]:
    """Return the arguments of the call whose bracket is at `at`, and the place after it. As the plugin: no quotes."""
    if sql[at : at + 1] != "(":
        raise QueryError(f"expected a bracket after {sql[:at][-30:]!r}")
    depth, begin = 0, at + 1
    found: list[str] = []
    for place in range(at, len(sql)):
        sign = sql[place]
        depth += (sign == "(") - (sign == ")")
        if depth == 0 or (sign == "," and depth == 1):
            found.append(sql[begin:place])
            begin = place + 1
        if depth == 0:
            if len(found) != count:
                raise QueryError(f"{sql[max(0, at - 20) : at]}(…): expected {count} arguments, found {len(found)}")
            return found, place + 1
    raise QueryError(f"a bracket is not closed: {sql[at : at + 40]!r}")


def _seconds(ms: int) -> str:
    return f"toDateTime({ms // 1000})"


def _millis(ms: int) -> str:
    return f"fromUnixTimestamp64Milli({ms})"


def _step_s(view: View) -> int:
    return max(1, view.interval_ms // 1000)


_MACROS: Mapping[str, tuple[int, Callable[[View, list[str]], str]]] = {
    "timeFilter": (1, lambda v, a: f"{a[0]} >= {_seconds(v.start)} AND {a[0]} <= {_seconds(v.end)}"),
    "timeFilter_ms": (1, lambda v, a: f"{a[0]} >= {_millis(v.start)} AND {a[0]} <= {_millis(v.end)}"),
    "fromTime": (0, lambda v, _: _seconds(v.start)),
    "toTime": (0, lambda v, _: _seconds(v.end)),
    "fromTime_ms": (0, lambda v, _: _millis(v.start)),
    "toTime_ms": (0, lambda v, _: _millis(v.end)),
    "timeInterval": (1, lambda v, a: f"toStartOfInterval(toDateTime({a[0]}), INTERVAL {_step_s(v)} second)"),
    "interval_s": (0, lambda v, _: str(_step_s(v))),
}
