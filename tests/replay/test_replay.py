"""What a replay asks, decides and finds; tests/e2e plays one on the running stack."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.contract import AnswerError, MessageKind, Request, Response, ResponseError, decode
from custom_components.smart_window.contract.payload import write_json
from custom_components.smart_window.decision import Snapshot
from custom_components.smart_window.frozen_json import to_json
from custom_components.smart_window.recorder.encode import encode
from custom_components.smart_window.recorder.rows import ReplayRow
from replay.again import asked_again, compared, decided_again
from replay.moment import moment
from replay.recorded import Recorded, _read as read_row
from replay.table import HEAD, lines
from tests.smart_window.pure.scenes import FREE, IN_THE_WAY, ready

NOW = 1_795_000_000.0
REQUEST = {
    "contract": 1,
    "correlation_id": "then",
    "session": "s1",
    "rev": 7,
    "ts": 1.0,
    "temperature": 25,
    "audio": {"format": "features", "schema": "smart-window-51.v1", "values": [0.5, 1.5]},
    "context": {"hour": 12.5, "position": 30},
    "grant": {"act": True, "min": 0, "max": 100, "min_confidence": 0.6, "ttl_s": 8},
}


def recorded(
    snapshot: Snapshot = FREE, position: float = 70.0, *, moved: bool = True, command: float | None = None
) -> Recorded:
    return Recorded(
        NOW - 60, "bedroom", "then", dict(REQUEST), ready(snapshot), position, 0.8, "m-1", moved, "ready", command
    )


def answer(position: float = 70.0, confidence: float = 0.9) -> Response:
    return Response("now", position, confidence, (), "m-2", {}, False, None)  # not acted


def replayed(one: Recorded, response: Response | None) -> ReplayRow:
    return compared(one, decided_again(one), response, replay_id="r1", replayed_at=NOW)


@pytest.mark.parametrize("scene", [FREE, *IN_THE_WAY.values()])
def test_a_question_that_is_asked_again_may_never_act_and_has_an_id_of_its_own(scene: Snapshot) -> None:
    one = recorded(scene)
    question = asked_again(one, decided_again(one), "again")
    request = decode(MessageKind.REQUEST, write_json(question))
    assert isinstance(request, Request)
    assert request.grant.act is False
    assert (request.session, request.rev, request.correlation_id) == (None, None, "again")
    assert request.temperature == 25
    assert request.audio is not None
    assert one.request == REQUEST


def test_the_same_rules_and_the_same_answer_change_nothing() -> None:
    row = replayed(recorded(), answer())
    assert (row.moves_then, row.moves_now, row.differs, row.error) == (70, 70, False, None)
    assert (row.why_then, row.why_now, row.model_then, row.model_now) == ("ready", "ready", "m-1", "m-2")


@pytest.mark.parametrize(
    ("one", "response", "moves"),
    [
        (recorded(), answer(position=40), (70, 40)),
        (recorded(), answer(confidence=0.2), (70, None)),
        (recorded(), answer(position=30.4), (70, None)),
        (recorded(moved=False), answer(), (None, 70)),
        (recorded(IN_THE_WAY["hold"]), answer(), (70, None)),
        (recorded(IN_THE_WAY["advise"]), answer(), (70, None)),
        (recorded(IN_THE_WAY["hazard"]), answer(), (70, 0)),
    ],
)
def test_what_would_be_done_otherwise_is_found(
    one: Recorded, response: Response, moves: tuple[float | None, float | None]
) -> None:
    row = replayed(one, response)
    assert (row.moves_then, row.moves_now) == moves
    assert row.differs


def test_a_rule_that_moved_it_then_and_moves_it_now_changes_nothing() -> None:
    row = replayed(recorded(IN_THE_WAY["hazard"], moved=False, command=0.0), answer())
    assert (row.moves_then, row.moves_now, row.differs) == (0, 0, False)


def test_silence_and_errors_are_told_and_are_no_difference() -> None:
    failed = replace(answer(), position=None, confidence=None, error=ResponseError(AnswerError.BUSY, "full"))
    assert [(row.error, row.differs) for row in (replayed(recorded(), None), replayed(recorded(), failed))] == [
        ("no_answer", False),
        ("busy", False),
    ]


@given(then=st.floats(0, 100), now=st.floats(0, 100), moved=st.booleans())
def test_what_differs_is_more_than_a_point_and_a_row_can_be_stored(then: float, now: float, *, moved: bool) -> None:
    row = replayed(recorded(position=then, moved=moved), answer(position=now))
    if row.moves_then is not None and row.moves_now is not None:
        assert row.differs == (abs(row.moves_then - row.moves_now) >= 1)
    else:
        assert row.differs == (row.moves_then is not row.moves_now)
    assert encode(row).faults == []


def test_the_table_shows_what_differs_or_all_and_counts() -> None:
    rows = [replayed(recorded(), answer()), replayed(recorded(), answer(40)), replayed(recorded(), None)]
    few = lines(rows, every=False)
    assert few[0].split("  ")[0] == HEAD[0]
    assert len(few) == 4
    assert "70 % (0.80)" in few[1]
    assert few[1].endswith("differs")
    assert few[2].endswith("no_answer")
    assert few[-1] == "3 questions asked again: 1 would end otherwise, 1 were not answered"
    assert len(lines(rows, every=True)) == 5
    assert lines(rows[:1], every=False) == ["1 questions asked again: 0 would end otherwise, 0 were not answered"]


def test_moments_as_a_person_types_them() -> None:
    assert moment("now", NOW) == NOW
    assert moment("90m", NOW) == NOW - 5400
    assert moment("1.5d", NOW) == NOW - 129_600
    assert moment("2026-11-24T21:30+00:00", NOW) == 1_795_555_800
    for text in ("yesterday", "", "24x", "-3h"):
        with pytest.raises(ValueError, match="expected now, 90m"):
            moment(text, NOW)


@pytest.mark.parametrize("spoiled", ["[" * 100_000, "[1]", "7", '{"a":' + "9" * 5000 + "}"])
def test_what_cannot_be_read_of_the_record_is_left_out(spoiled: str) -> None:
    snapshot = json.dumps(to_json(FREE))
    assert _row('{"a":1}', snapshot) is not None
    assert _row(spoiled, snapshot) is None
    assert _row('{"a":1}', spoiled) is None


@pytest.mark.parametrize("value", ["1" + "0" * 400, "-1" + "0" * 400, "NaN", "[]", "true"])
def test_a_number_of_the_record_that_no_double_holds_is_left_out(value: str) -> None:
    whole = json.dumps(to_json(FREE))
    spoiled = whole.replace('"now": 5000.0', f'"now": {value}')
    assert spoiled != whole
    assert _row('{"a":1}', spoiled) is None


def _row(request: str, snapshot: str) -> Recorded | None:
    return read_row("bedroom", (1, "c1", request, 10.0, 0.5, "m", 1, "ok", None, snapshot))
