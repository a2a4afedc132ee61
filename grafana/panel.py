"""Panels: what each shows, and Grafana's JSON for it. Pure but for the SQL files that they name."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, unique
from typing import override

from .links import Destination, by_label, by_row, of_panel
from .query import SOURCE, Json, Query


@unique
class Unit(StrEnum):
    """Grafana's names of units."""

    CELSIUS = "celsius"
    PERCENT = "percent"
    SHARE = "percentunit"  # 0 to 1, shown as percent
    MILLISECONDS = "ms"
    WINDOWS = "suffix: windows"
    MOVES = "suffix: moves"
    ANSWERS = "suffix: answers"
    COUNT = "none"  # the column's title says of what
    CORRECTIONS = "suffix: corrections"
    READINGS = "suffix: readings"
    ROWS = "suffix: rows"
    MESSAGES_PER_SECOND = "suffix: msg/s"
    ERRORS_PER_MINUTE = "suffix: errors/min"
    DECIBELS = "suffix: dB"
    POINTS = "suffix: points"
    TIME = "dateTimeAsLocal"
    AGO = "dateTimeFromNow"
    TEXT = "string"


@unique
class Style(Enum):
    """How a line is drawn."""

    LINE = "line"
    STEP = "step"
    BARS = "bars"
    STACKED = "stacked"
    DOTS = "dots"


@unique
class Colour(StrEnum):
    """A closed set, so that the same thing has the same colour on every dashboard. Grafana's names."""

    WARM = "orange"
    MOIST = "blue"
    SASH = "green"
    SOUND = "purple"
    GOOD = "semi-dark-green"
    MILD = "semi-dark-yellow"
    BAD = "semi-dark-red"
    NEUTRAL = "#8e8e9a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is to be said of one column (or line) of a query; `name` is the query's name for it."""

    name: str
    title: str | None = None
    unit: Unit | None = None
    colour: Colour | None = None
    style: Style | None = None
    decimals: int | None = None
    on_the_right: bool = False
    low: float | None = None
    high: float | None = None
    width: int | None = None
    hidden: bool = False
    states: bool = False  # its texts are states, and coloured
    links: tuple[Destination, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(ABC):
    """What all panels have. `says` is shown with the title's mark, `empty` where there is nothing to show."""

    title: str
    says: str
    empty: str
    queries: tuple[Query, ...]
    unit: Unit
    towards: tuple[Destination, ...]  # neighbours, with window and time kept
    columns: tuple[Column, ...] = ()
    width: int = 12  # of 24
    height: int = 8
    low: float | None = None
    high: float | None = None
    decimals: int | None = None

    @property
    @abstractmethod
    def kind(self) -> str:
        """Grafana's name of the panel."""

    @abstractmethod
    def options(self) -> dict[str, Json]:
        """Grafana's options of the panel."""

    def defaults(self) -> dict[str, Json]:
        """Grafana's defaults for its fields."""
        found: dict[str, Json] = {"unit": self.unit.value, "noValue": self.empty, "links": []}
        more = (("min", self.low), ("max", self.high), ("decimals", self.decimals))
        return found | {name: value for name, value in more if value is not None}

    def json(self, number: int, place: dict[str, Json]) -> dict[str, Json]:
        """The whole panel."""
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.says,
            "datasource": SOURCE,
            "gridPos": place,
            "links": [of_panel(destination) for destination in self.towards],
            "targets": [query.json() for query in self.queries],
            "fieldConfig": {"defaults": self.defaults(), "overrides": self.overrides()},
            "options": self.options(),
        }

    def overrides(self) -> list[Json]:
        """What holds for single columns."""
        return [
            {"matcher": {"id": "byName", "options": column.name}, "properties": properties}
            for column in self.columns
            if (properties := self._properties(column))
        ]

    def _properties(self, column: Column) -> list[Json]:
        found: list[tuple[str, Json]] = []
        if column.title is not None:
            found.append(("displayName", column.title))
        if column.unit is not None:
            found.append(("unit", column.unit.value))
        if column.decimals is not None:
            found.append(("decimals", column.decimals))
        if column.low is not None:
            found.append(("min", column.low))
        if column.high is not None:
            found.append(("max", column.high))
        if column.colour is not None:
            found.append(("color", {"mode": "fixed", "fixedColor": column.colour.value}))
        if column.links:
            found.append(("links", [by_row(destination) for destination in column.links]))
        found += self._own_properties(column)
        return [{"id": name, "value": value} for name, value in found]

    def _own_properties(self, column: Column) -> list[tuple[str, Json]]:  # noqa: ARG002  # for those that have some
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Panel):
    """Lines or bars over time. `name_by`: the label that tells the lines apart; None: the columns do."""

    name_by: str | None = None
    style: Style = Style.LINE
    to_device: bool = False  # a click on a line leads to the window's page

    @property
    @override
    def kind(self) -> str:
        """Grafana's name."""
        return "timeseries"

    @override
    def options(self) -> dict[str, Json]:
        """The legend stands below, where a phone has room."""
        return {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }

    @override
    def defaults(self) -> dict[str, Json]:
        """Lines of the same name have the same colour everywhere."""
        found = super().defaults() | {"color": {"mode": "palette-classic-by-name"}, "custom": _drawn(self.style)}
        if self.name_by is not None:
            found["displayName"] = f"${{__field.labels.{self.name_by}}}"
        if self.to_device:
            found["links"] = [by_label(Destination.DEVICE)]
        return found

    @override
    def _own_properties(self, column: Column) -> list[tuple[str, Json]]:
        found: list[tuple[str, Json]] = []
        if column.style is not None:
            found += [(f"custom.{name}", value) for name, value in _drawn(column.style).items()]
        if column.on_the_right:
            found.append(("custom.axisPlacement", "right"))
        return found


def _drawn(style: Style) -> dict[str, Json]:
    plain: dict[str, Json] = {
        "drawStyle": "line",
        "lineInterpolation": "linear",
        "lineWidth": 2,
        "fillOpacity": 0,
        "showPoints": "never",
        "spanNulls": 3_600_000,  # ms: a gap of more than an hour stays one
        "stacking": {"mode": "none", "group": "A"},
    }
    match style:
        case Style.LINE:
            return plain
        case Style.STEP:
            return plain | {"lineInterpolation": "stepAfter", "fillOpacity": 15, "spanNulls": True}
        case Style.BARS:
            return plain | {"drawStyle": "bars", "fillOpacity": 70, "lineWidth": 0}
        case Style.STACKED:
            bars: dict[str, Json] = {"drawStyle": "bars", "fillOpacity": 80, "lineWidth": 0}
            return plain | bars | {"stacking": {"mode": "normal", "group": "A"}}
        case Style.DOTS:
            return plain | {"drawStyle": "points", "showPoints": "always", "pointSize": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges(Panel):
    """One dial per window."""

    name_by: str

    @property
    @override
    def kind(self) -> str:
        """Grafana's name."""
        return "gauge"

    @override
    def options(self) -> dict[str, Json]:
        """The newest value of each."""
        return {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "orientation": "auto",
            "showThresholdLabels": False,
            "showThresholdMarkers": False,
            "minVizWidth": 90,
            "sizing": "auto",
        }

    @override
    def defaults(self) -> dict[str, Json]:
        """A dial is named by its window and leads to its page."""
        return super().defaults() | {
            "displayName": f"${{__field.labels.{self.name_by}}}",
            "color": {"mode": "fixed", "fixedColor": Colour.SASH.value},
            "links": [by_label(Destination.DEVICE)],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From `at` on (None: from below) a number has this colour."""

    at: float | None
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers(Panel):
    """A few large numbers, or words."""

    steps: tuple[Step, ...] = (Step(at=None, colour=Colour.NEUTRAL),)

    @property
    @override
    def kind(self) -> str:
        """Grafana's name."""
        return "stat"

    @override
    def options(self) -> dict[str, Json]:
        """Text columns count as well."""
        return {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "/.*/", "values": False},
            "orientation": "auto",
            "textMode": "value_and_name" if len(self.columns) > 1 else "value",
            "colorMode": "value",
            "graphMode": "none",
            "justifyMode": "auto",
        }

    @override
    def defaults(self) -> dict[str, Json]:
        """Coloured by its steps."""
        steps: list[Json] = [{"value": step.at, "color": step.colour.value} for step in self.steps]
        return super().defaults() | {
            "color": {"mode": "thresholds"},
            "thresholds": {"mode": "absolute", "steps": steps},
        }

    @override
    def _own_properties(self, column: Column) -> list[tuple[str, Json]]:
        return [("mappings", _STATES)] if column.states else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Panel):
    """A table."""

    @property
    @override
    def kind(self) -> str:
        """Grafana's name."""
        return "table"

    @override
    def options(self) -> dict[str, Json]:
        """Rows stay one line high."""
        return {"showHeader": True, "cellHeight": "sm", "footer": {"show": False, "reducer": ["sum"], "fields": ""}}

    @override
    def defaults(self) -> dict[str, Json]:
        """Texts may be cut; a click on a cell shows all."""
        return super().defaults() | {"custom": {"align": "auto", "inspect": True, "filterable": False}}

    @override
    def _own_properties(self, column: Column) -> list[tuple[str, Json]]:
        found: list[tuple[str, Json]] = []
        if column.width is not None:
            found.append(("custom.width", column.width))
        if column.hidden:
            found.append(("custom.hidden", True))
        if column.states:
            found += [("mappings", _STATES), ("custom.cellOptions", {"type": "color-text"})]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars(Panel):
    """Bars by something that is no time: the query's first column, a text."""

    along: str

    @property
    @override
    def kind(self) -> str:
        """Grafana's name."""
        return "barchart"

    @override
    def options(self) -> dict[str, Json]:
        """Labels may lean, so that they are read on a narrow screen."""
        return {
            "xField": self.along,
            "orientation": "auto",
            "stacking": "none",
            "showValue": "never",
            "xTickLabelRotation": -45,
            "xTickLabelSpacing": 100,
            "groupWidth": 0.8,
            "barWidth": 0.95,
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "none"},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve(Panel):
    """Lines over a number that grows: the query's first column."""

    along: str

    @property
    @override
    def kind(self) -> str:
        """Grafana's name."""
        return "trend"

    @override
    def options(self) -> dict[str, Json]:
        """Like lines over time."""
        return {
            "xField": self.along,
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "none"},
        }

    @override
    def defaults(self) -> dict[str, Json]:
        """With a dot at each step, since each is one."""
        return super().defaults() | {"custom": _drawn(Style.LINE) | {"showPoints": "always", "pointSize": 7}}

    @override
    def _own_properties(self, column: Column) -> list[tuple[str, Json]]:
        if column.hidden:
            return [("custom.hideFrom", {"viz": True, "legend": True, "tooltip": False})]
        if column.colour is Colour.NEUTRAL:  # what the others are compared with
            return [("custom.lineStyle", {"fill": "dash", "dash": [6, 6]}), ("custom.showPoints", "never")]
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat(Panel):
    """A map: time to the right, a row per label, colour by number."""

    name_by: str

    @property
    @override
    def kind(self) -> str:
        """Grafana's name."""
        return "heatmap"

    @override
    def options(self) -> dict[str, Json]:
        """The rows are made by the query."""
        return {
            "calculate": False,
            "cellGap": 1,
            "color": {"mode": "scheme", "scheme": "Greens", "steps": 32, "reverse": False},
            "filterValues": {"le": 1e-9},
            "legend": {"show": True},
            "rowsFrame": {"layout": "auto"},
            "cellValues": {"unit": self.unit.value},
            "tooltip": {"mode": "single", "yHistogram": False, "showColorScale": False},
            "yAxis": {"axisPlacement": "left"},
        }

    @override
    def defaults(self) -> dict[str, Json]:
        """A row is named by its label."""
        return super().defaults() | {"displayName": f"${{__field.labels.{self.name_by}}}"}


def _states(colours: Sequence[tuple[str, Colour]]) -> list[Json]:
    return [
        {"type": "value", "options": {state: {"text": state, "color": colour.value, "index": number}}}
        for number, (state, colour) in enumerate(colours)
    ]


_STATES: list[Json] = _states(
    (
        ("online", Colour.GOOD),
        ("ready", Colour.GOOD),
        ("ok", Colour.GOOD),
        ("silent", Colour.BAD),
        ("offline", Colour.BAD),
        ("faulty", Colour.BAD),
        ("stuck", Colour.MILD),
        ("starting", Colour.MILD),
        ("unknown", Colour.NEUTRAL),
    )
)
