"""A dashboard: its panels in rows, its variables and annotations, and Grafana's JSON for it."""

from collections.abc import Iterator
from dataclasses import dataclass

from .links import Destination, between
from .panel import Colour, Panel
from .query import SOURCE, Json, Query, Shape

_WIDTH = 24
_SCHEMA = 41
_REFRESH_ON_TIME_RANGE = 2
_SORTED_BY_NAME = 1
# "Bedroom (bedroom)": the name is shown, the id is used. Works with one column, whatever the plugin makes of two.
_NAME_AND_ID = "/^(?<text>.+) \\((?<value>[a-z0-9_-]+)\\)$/"


@dataclass(frozen=True, slots=True)
class Annotation:
    """Marks on the time axis, or, with a `timeEnd` in the query, shaded spans."""

    name: str
    query: Query
    colour: Colour

    def json(self) -> dict[str, Json]:
        """As a dashboard names it."""
        return {
            "name": self.name,
            "enable": True,
            "hide": False,
            "iconColor": self.colour.value,
            "datasource": SOURCE,
            "target": self.query.json(),
        }


@dataclass(frozen=True, slots=True)
class Section:
    """Panels under one heading, from left to right; they wrap."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One dashboard. `hours` is the range that it opens with."""

    destination: Destination
    says: str
    hours: int
    sections: tuple[Section, ...]
    one_device: bool = False
    annotations: tuple[Annotation, ...] = ()
    has_question: bool = False
    refresh: str = "1m"

    @property
    def file(self) -> str:
        """Its JSON's name."""
        return f"{self.destination.uid.removeprefix('smart-window-')}.json"

    @property
    def panels(self) -> Iterator[Panel]:
        """All of them, in their order."""
        for section in self.sections:
            yield from section.panels

    @property
    def devices(self) -> Query:
        """What fills the variable `device`."""
        return Query("shared/devices", Shape.TABLE)

    def json(self) -> dict[str, Json]:
        """The whole dashboard."""
        return {
            "uid": self.destination.uid,
            "title": f"Smart Window · {self.destination.title}",
            "description": self.says,
            "tags": ["smart-window"],
            "schemaVersion": _SCHEMA,
            "version": 1,
            "editable": False,
            "graphTooltip": 1,  # the cross-hair shows in all panels
            "timezone": "browser",
            "time": {"from": f"now-{self.hours}h", "to": "now"},
            "timepicker": {},
            "refresh": self.refresh,
            "links": between(self.destination),
            "annotations": {"list": [annotation.json() for annotation in self.annotations]},
            "templating": {"list": [self._device(), *([_question()] if self.has_question else [])]},
            "panels": list(self._placed()),
        }

    def _placed(self) -> Iterator[Json]:
        number, top = 0, 0
        for section in self.sections:
            number += 1
            place: dict[str, Json] = {"x": 0, "y": top, "w": _WIDTH, "h": 1}
            yield {
                "id": number,
                "type": "row",
                "title": section.title,
                "collapsed": False,
                "gridPos": place,
                "panels": [],
            }
            top, left, tallest = top + 1, 0, 0
            for panel in section.panels:
                number += 1
                if left + panel.width > _WIDTH:
                    top, left, tallest = top + tallest, 0, 0
                yield panel.json(number, {"x": left, "y": top, "w": panel.width, "h": panel.height})
                left, tallest = left + panel.width, max(tallest, panel.height)
            top += tallest

    def _device(self) -> dict[str, Json]:
        everything: dict[str, Json] = {} if self.one_device else {"current": {"text": ["All"], "value": ["$__all"]}}
        found: dict[str, Json] = {
            "name": "device",
            "label": "Window",
            "type": "query",
            "datasource": SOURCE,
            "query": self.devices.sql,
            "definition": self.devices.sql,
            "regex": _NAME_AND_ID,
            "refresh": _REFRESH_ON_TIME_RANGE,
            "sort": _SORTED_BY_NAME,
            "multi": not self.one_device,
            "includeAll": not self.one_device,
            "hide": 0,
            "options": [],
        }
        return found | everything


def _question() -> dict[str, Json]:
    return {
        "name": "question",
        "label": "Question (correlation id)",
        "type": "textbox",
        "query": "",
        "current": {"text": "", "value": ""},
        "hide": 0,
        "options": [],
    }
