"""The last rows of a window come out as they went in, without what is bulky, and take little room."""

import tracemalloc
from dataclasses import replace
from typing import get_args

from hypothesis import given, strategies as st

from custom_components.smart_window.recent import RECENT, Recent
from custom_components.smart_window.recorder.rows import (
    CorrectionRow,
    DecisionRow,
    HoldRow,
    PredictionRow,
    Row,
    TraceStep,
)

rows = st.one_of([st.from_type(kind) for kind in get_args(Row.__value__)])


def without_what_is_bulky(row: Row) -> Row:
    match row:
        case DecisionRow():
            return replace(row, snapshot="")
        case PredictionRow() | CorrectionRow():
            return replace(row, request="")
        case _:
            return row


@given(st.lists(rows, max_size=6))
def test_each_row_comes_out_as_it_went_in_without_what_is_bulky(put: list[Row]) -> None:
    recent = Recent()
    for row in put:
        recent.append(row)
    # As text, since a NaN is no other NaN's equal.
    assert [repr(row) for row in recent.rows] == [repr(without_what_is_bulky(row)) for row in put]


def test_the_oldest_goes_where_there_is_no_room() -> None:
    recent = Recent()
    for number in range(RECENT + 3):
        recent.append(HoldRow(ts=float(number), device_id="bedroom", cause="window"))
    assert [row.ts for row in recent.rows] == [float(number) for number in range(3, RECENT + 3)]


def test_the_rows_of_a_thousand_windows_take_no_more_than_thirty_megabytes() -> None:
    questions = [
        PredictionRow(
            ts=1.8e9 + number,
            device_id="bedroom",
            correlation_id=f"{number * 7919:032x}",
            reasons=(("temperature", number / 7), ("noise", -number / 3)),
            grant_act=True,
            grant_min=0,
            grant_max=100,
            grant_min_confidence=0.6,
            context={f"what_is_known_{field}": number / (field + 3) for field in range(20)},
            timings_ms=dict.fromkeys(("decode", "audio", "model", "queue"), number / 17),
            request="x" * 4000,
        )
        for number in range(RECENT // 2)
    ]
    decisions = [
        DecisionRow(
            ts=1.8e9 + number,
            device_id="bedroom",
            why="ready",
            ask=True,
            grant_act=True,
            grant_min=0,
            grant_max=100,
            grant_min_confidence=0.6,
            trace=tuple(TraceStep(rule=f"rule {k}", outcome="pass", why="", facts=f"{number + k}") for k in range(20)),
            snapshot="x" * 4000,
        )
        for number in range(RECENT // 2)
    ]
    tracemalloc.start(1)
    try:
        before = tracemalloc.get_traced_memory()[0]
        recent = Recent()
        for pair in zip(questions, decisions, strict=True):
            for row in pair:
                recent.append(row)
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(recent.rows) == RECENT
    assert taken < 30_000
