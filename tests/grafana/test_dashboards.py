"""The dashboards: their files are as built, and each query answers on the real engine what its panel needs."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from custom_components.smart_window.contract import ErrorKind, MessageKind
from custom_components.smart_window.recorder.problem import Problem
from custom_components.smart_window.recorder.rows import HealthRow
from grafana import alerts
from grafana.board import Board
from grafana.boards import BOARDS
from grafana.build import HERE, differing
from grafana.example.house import House
from grafana.links import Destination
from grafana.macros import Choice, View, expand
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


def loaded(board: Board) -> dict[str, Any]:  # JSON
    """The dashboard as Grafana loads it."""
    document: dict[str, Any] = json.loads((HERE / "dashboards" / board.file).read_text(encoding="utf-8"))
    return document


def looks_back(rule: alerts.Rule, recorded: Recorded) -> View:
    return view(BOARDS[0], recorded.house, days=rule.looks_back_s / 86_400)


def test_the_files_are_as_built() -> None:
    assert differing() == ()


def test_each_query_stands_once_and_is_used() -> None:
    panels = {query.file for board in BOARDS for panel in board.panels for query in panel.queries}
    marks = {mark.query.file for board in BOARDS for mark in board.annotations}
    devices = {board.devices.file for board in BOARDS}
    assert panels | marks | devices | {rule.query.file for rule in alerts.RULES} == files()


@pytest.mark.parametrize("file", sorted(files()))
def test_no_query_searches_the_single_readings(file: str) -> None:
    """One whose time is known is looked up; all else comes from roll-ups and newest values."""
    single = r"\b(?:FROM|JOIN) sensor_(?:temperature|humidity|audio)\b(?!\s+WHERE device_id IN \(\S+\) AND ts = )"
    assert re.search(single, Query(file).sql) is None


@pytest.mark.parametrize(("board", "panel"), PANELS)
def test_each_panel_says_its_unit_and_what_no_data_means_and_links_on(board: Board, panel: Panel) -> None:
    assert panel.says.endswith(".")
    assert board.destination not in panel.towards
    (shown,) = [one for one in loaded(board)["panels"] if one["title"] == panel.title and one["type"] != "row"]
    defaults = shown["fieldConfig"]["defaults"]
    assert (defaults["unit"], defaults["noValue"], shown["description"]) == (panel.unit.value, panel.empty, panel.says)
    assert defaults["unit"]
    assert defaults["noValue"]
    places = {f"/d/{destination.uid}" for destination in Destination}
    assert shown["links"]
    for link in shown["links"]:
        place, kept = link["url"].split("?")
        assert place in places
        assert kept == "${device:queryparam}&${__url_time_range}"


@pytest.mark.parametrize("board", [pytest.param(board, id=board.file[:-5]) for board in BOARDS])
def test_the_row_of_links_above_each_dashboard_keeps_window_and_time_and_panels_fill_whole_rows(board: Board) -> None:
    document = loaded(board)
    assert {link["url"] for link in document["links"]} == {
        f"/d/{other.destination.uid}" for other in BOARDS if other is not board
    }
    assert all(link["keepTime"] and link["includeVars"] for link in document["links"])
    for panel in document["panels"]:
        place = panel["gridPos"]
        assert 0 <= place["x"] < place["x"] + place["w"] <= 24


@pytest.mark.parametrize(("board", "panel"), PANELS)
@IN_THE_SESSION
async def test_each_panel_has_rows_and_its_columns(recorded: Recorded, board: Board, panel: Panel) -> None:
    names: set[str] = set()
    for query in panel.queries:
        answer = await recorded.reader.ask(expand(query.sql, view(board, recorded.house)))
        assert answer.rows
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


@IN_THE_SESSION
async def test_the_chain_of_a_question_begins_with_the_readings_that_it_rested_on_and_ends_with_the_hand(
    recorded: Recorded,
) -> None:
    undone = "SELECT argMax(correlation_id, ts), argMax(device_id, ts) FROM corrections WHERE kind = 'undone'"
    ((question, device),) = (await recorded.reader.ask(undone)).rows
    device_board = next(board for board in BOARDS if board.has_question)
    chain = next(query for panel in device_board.panels for query in panel.queries if query.file == "device/chain")
    shown = view(device_board, recorded.house, days=8, device=str(device))
    shown = replace(shown, variables={**shown.variables, "question": Choice((str(question),))})
    answer = await recorded.reader.ask(expand(chain.sql, shown))
    steps = [str(step) for step in answer.column("step")]
    assert sorted(steps[:3]) == ["clip", "reading", "reading"]
    assert steps[3:] == ["decided", "asked", "answered", "command", "result", "moved", "corrected"]
    assert answer.read_rows <= BUDGET


@IN_THE_SESSION
async def test_a_question_that_was_asked_twice_shows_each_time_with_what_came_of_it(recorded: Recorded) -> None:
    board = next(board for board in BOARDS if board.has_question)
    newest = "SELECT argMax(correlation_id, ts), argMax(device_id, ts) FROM ml_predictions WHERE acted"
    ((question, device),) = (await recorded.reader.ask(newest)).rows
    shown = view(board, recorded.house, days=8, device=str(device))
    shown = replace(shown, variables={**shown.variables, "question": Choice((str(question),))})

    def asked_before(sql: str) -> str:
        """As if it had been asked half a minute earlier, too, and nobody had answered."""
        of_it = f"WHERE correlation_id = '{question}'"
        lost = (
            "ts - INTERVAL 30 SECOND AS ts, NULL AS position, NULL AS latency_ms, 'no_answer' AS error, false AS acted"
        )
        for table, then in (("ml_predictions", lost), ("decisions", "ts - INTERVAL 30 SECOND AS ts")):
            both = f"SELECT * FROM {table} UNION ALL SELECT * REPLACE({then}) FROM {table} {of_it}"  # noqa: S608  # our own
            sql = sql.replace(f"FROM {table}\n", f"FROM ({both}) AS {table}\n")
        return sql

    queries = {query.file: query for panel in board.panels for query in panel.queries}
    chain = await recorded.reader.ask(asked_before(expand(queries["device/chain"].sql, shown)))
    steps = [(str(step), str(what)) for step, what in zip(chain.column("step"), chain.column("what"), strict=True)]
    named = [step for step, _ in steps if step not in {"clip", "reading"}]
    assert named[:6] == ["decided", "asked", "answered", "decided", "asked", "answered"]
    assert next(what for step, what in steps if step == "answered") == "no_answer"
    assert len([step for step, _ in steps if step == "reading"]) == 2
    decisions = await recorded.reader.ask(asked_before(expand(queries["device/decisions"].sql, shown)))
    outcomes = [
        str(outcome)
        for outcome, one in zip(decisions.column("outcome"), decisions.column("correlation_id"), strict=True)
        if one == question
    ]
    assert outcomes == ["moved it", "no answer"]


def test_the_house_counts_by_the_names_that_the_integration_uses() -> None:
    names = {f"messages_{kind}" for kind in MessageKind} | {f"dropped_{kind}" for kind in ErrorKind}
    names |= {f"errors_{problem}" for problem in Problem}
    names |= {"queue_rows", "spool_rows", "spool_bytes", "no_answers", "answers_failed"}
    states = {"online", "silent", "ready", "ok", *Problem}
    for row in House(days=7).rows():
        if isinstance(row, HealthRow):
            assert set(row.metrics) <= names
            assert row.state in states


@IN_THE_SESSION
async def test_errors_of_messages_and_of_the_database_are_told_apart_by_type(recorded: Recorded) -> None:
    errors = Query("health/errors").sql
    health = next(board for board in BOARDS if board.file == "health.json")
    answer = await recorded.reader.ask(expand(errors, view(health, recorded.house, days=2)))
    kinds = set(answer.column("kind"))
    assert {"message: type", "message: crc", "database: unreachable"} <= kinds


@pytest.mark.parametrize(
    ("totals", "rate"),
    [
        ("'messages_state', 98, 'dropped_json', 2", 2.0),
        ("'dropped_json', 5", 100.0),  # not one good message
        ("'messages_state', 50, 'errors_unreachable', 1, 'no_answers', 1, 'queue_rows', 900", 4.0),
        ("'messages_state', 0", 0.0),
    ],
)
@IN_THE_SESSION
async def test_the_rate_of_errors_is_in_a_hundred_messages_the_bad_ones_among_them(
    recorded: Recorded, totals: str, rate: float
) -> None:
    rule = next(rule for rule in alerts.RULES if rule.uid == "smart-window-error-rate")
    shown = view(BOARDS[0], recorded.house, days=rule.looks_back_s / 86_400)
    minute = f"toDateTime({round(recorded.house.end) - 60}, 'UTC')"
    counted = f"(SELECT 'home' AS kind, {minute} AS minute, map({totals})::Map(String, Float64) AS totals)"
    sql = expand(rule.query.sql, shown).replace("health_minute", counted)
    assert (await recorded.reader.ask(sql)).rows == ((rate,),)
