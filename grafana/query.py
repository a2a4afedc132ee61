"""Queries: one SQL file each, and how Grafana's JSON wraps them."""

from dataclasses import dataclass
from enum import Enum, unique
from pathlib import Path

type Json = str | float | bool | list[Json] | dict[str, Json] | None

SOURCE: dict[str, Json] = {"type": "grafana-clickhouse-datasource", "uid": "smart-window-clickhouse"}
PLUGIN_VERSION = "4.20.0"

_FOLDER = Path(__file__).with_name("sql")


@unique
class Shape(Enum):
    """What the plugin makes of the rows. The value is its `format`."""

    SERIES = 0
    """Lines: the first column is a time, texts become labels, each number a line."""
    TABLE = 1
    """Rows as they are."""


@dataclass(frozen=True, slots=True)
class Query:
    """One query. `file` is its path below sql/, without the ending; `name` is Grafana's refId."""

    file: str
    shape: Shape = Shape.SERIES
    name: str = "A"

    @property
    def sql(self) -> str:
        """The text of the file. Raises OSError where there is none."""
        return (_FOLDER / f"{self.file}.sql").read_text(encoding="utf-8").rstrip("\n")

    def json(self) -> dict[str, Json]:
        """As a panel, a variable or an alert rule names it."""
        return {
            "refId": self.name,
            "datasource": SOURCE,
            "editorType": "sql",
            "queryType": "timeseries" if self.shape is Shape.SERIES else "table",
            "format": self.shape.value,
            "pluginVersion": PLUGIN_VERSION,
            "rawSql": self.sql,
        }


def files() -> set[str]:
    """Return every query that there is, by its path below sql/."""
    return {str(path.relative_to(_FOLDER).with_suffix("")) for path in _FOLDER.rglob("*.sql")}
