"""The dashboards: their files are as built, and each query answers on the real engine what its panel needs."""

import pytest

from grafana import alerts
from grafana.board import Board
from grafana.boards import BOARDS
from grafana.build import differing
from grafana.macros import View, expand
from grafana.panel import Panel
from grafana.query import Query, Shape, files

from .conftest import Recorded, view

IN_THE_SESSION = pytest.mark.asyncio(loop_scope="session")

BUDGET = 400_000
"""Rows that a query may read over a dashboard's own range; eight days of this house are 1.4 million."""

PANELS = [
    pytest.param(board, panel, id=f"{board.file[:-5]}: {panel.title}") for board in BOARDS for panel in board.panels
]
MARKS = [
    pytest.param(board, mark.query, id=f"{board.file[:-5]}: {mark.name}")
    for board in BOARDS
    for mark in board.annotations
]
RULES = [pytest.param(rule, id=rule.uid) for rule in alerts.RULES]


def looks_back(rule: alerts.Rule, recorded: Recorded) -> View:
    return view(BOARDS[0], recorded.house, days=rule.looks_back_s / 86_400)


def test_the_files_are_as_built() -> None:
    assert differing() == ()


def test_each_query_stands_once_and_is_used() -> None:
    panels = {query.file for board in BOARDS for panel in board.panels for query in panel.queries}
    marks = {mark.query.file for board in BOARDS for mark in board.annotations}
    devices = {board.devices.file for board in BOARDS}
    assert panels | marks | devices | {rule.query.file for rule in alerts.RULES} == files()


@pytest.mark.parametrize(("board", "panel"), PANELS)
def test_each_panel_says_its_unit_and_what_no_data_means_and_links_on(board: Board, panel: Panel) -> None:
    assert panel.says.endswith(".")
    assert panel.empty
    assert panel.towards
    assert board.destination not in panel.towards
    assert panel.json(1, {})["fieldConfig"]


@pytest.mark.parametrize(("board", "panel"), PANELS)
@IN_THE_SESSION
async def test_each_panel_has_rows_and_its_columns(recorded: Recorded, board: Board, panel: Panel) -> None:
    names: set[str] = set()
    for query in panel.queries:
        answer = await recorded.reader.ask(expand(query.sql, view(board, recorded.house)))
        assert answer.rows or query.file == "device/chain"
        assert answer.read_rows <= BUDGET
        if query.shape is Shape.SERIES:
            assert answer.types[0].startswith("DateTime")
        names.update(answer.names)
        texts = [at for at, kind in enumerate(answer.types) if "String" in kind]
        names.update(str(row[at]) for row in answer.rows for at in texts)
    assert {column.name for column in panel.columns if not column.states} <= names


@pytest.mark.parametrize(("board", "query"), MARKS)
@IN_THE_SESSION
async def test_each_mark_on_the_time_axis_has_a_time(recorded: Recorded, board: Board, query: Query) -> None:
    answer = await recorded.reader.ask(expand(query.sql, view(board, recorded.house, days=8)))
    assert answer.rows
    assert answer.names[0] == "time"
    assert answer.read_rows <= BUDGET


@pytest.mark.parametrize("board", [pytest.param(board, id=board.file[:-5]) for board in BOARDS])
@IN_THE_SESSION
async def test_the_variable_offers_each_window_by_name_and_id(recorded: Recorded, board: Board) -> None:
    answer = await recorded.reader.ask(expand(board.devices.sql, view(board, recorded.house)))
    assert sorted(str(row[0]) for row in answer.rows)[:2] == ["Attic (attic)", "Bathroom (bathroom)"]
    assert len(answer.rows) == 6


@pytest.mark.parametrize("rule", RULES)
@IN_THE_SESSION
async def test_each_alert_gives_one_number_for_each_case(recorded: Recorded, rule: alerts.Rule) -> None:
    board = BOARDS[0]
    answer = await recorded.reader.ask(
        expand(rule.query.sql, view(board, recorded.house, days=rule.looks_back_s / 86_400))
    )
    numbers = [at for at, kind in enumerate(answer.types) if not kind.startswith(("String", "LowCardinality"))]
    assert len(numbers) == 1


@IN_THE_SESSION
async def test_the_alert_of_a_silent_window_names_the_one_whose_battery_ended(recorded: Recorded) -> None:
    rule = next(rule for rule in alerts.RULES if rule.uid == "smart-window-silent")
    answer = await recorded.reader.ask(
        expand(rule.query.sql, view(BOARDS[0], recorded.house, days=rule.looks_back_s / 86_400))
    )
    high = [row for row in answer.rows if any(isinstance(cell, int | float) and cell > rule.above for cell in row)]
    assert len(high) == 1
    assert "Attic" in str(high[0])
