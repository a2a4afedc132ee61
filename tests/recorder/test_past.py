"""A decision can be followed in the record by its id, and found by its time."""

from dataclasses import replace

import pytest

from custom_components.smart_window.recorder.past import chain, decision_at
from custom_components.smart_window.recorder.problem import ServerError
from custom_components.smart_window.recorder.rows import (
    ActionKind,
    ActionRow,
    AudioRow,
    CorrectionRow,
    DecisionRow,
    HeardBy,
    PredictionRow,
    Row,
    TraceStep,
)
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse import ClickHouse

from .running import START, Recorders

EMPTY_DATABASE = True
DECIDED = DecisionRow(
    ts=START,
    device_id="bedroom",
    why="ready",
    ask=True,
    grant_act=True,
    grant_min=0,
    grant_max=100,
    grant_min_confidence=0.6,
    correlation_id="q1",
    trace=(TraceStep(rule="mode", outcome="pass", why="ready", facts='{"value": 1}'),),
    snapshot='{"now": 1}',
)
ASKED = PredictionRow(
    ts=START,
    device_id="bedroom",
    correlation_id="q1",
    position=70,
    grant_act=True,
    grant_min=0,
    grant_max=100,
    grant_min_confidence=0.6,
    request="{}",
)
ROWS: list[Row] = [
    replace(DECIDED, ts=START - 100, why="held", correlation_id=None),
    DECIDED,
    ASKED,
    AudioRow(ts=START + 1, device_id="bedroom", heard_by=HeardBy.SERVICE, correlation_id="q1", features={"rms": 1}),
    ActionRow(ts=START + 2, device_id="bedroom", kind=ActionKind.COMMAND, command_id="q1", correlation_id="q1"),
    ActionRow(ts=START + 3, device_id="bedroom", kind=ActionKind.MOVED, command_id="q1", correlation_id="q1"),
    CorrectionRow(ts=START + 600, device_id="bedroom", correlation_id="q1"),
    replace(ASKED, correlation_id="q2", ts=START + 5),
    replace(ASKED, device_id="hall"),
    ActionRow(ts=START - 900, device_id="bedroom", kind=ActionKind.COMMAND, command_id="r1", correlation_id="r1"),
]


async def test_the_chain_of_a_question_and_the_decision_of_a_moment(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings)
    for row in ROWS:
        assert running.recorder.put(row)
    await running.stored(len(ROWS))
    found = await chain(settings, "bedroom", "q1")
    assert sorted(str(row["what"]) for row in found[:2]) == ["decision", "question"]
    assert [row["what"] for row in found[2:]] == ["sound", "action", "action", "correction"]
    assert [row["ts"] for row in found] == [START, START, START + 1, START + 2, START + 3, START + 600]
    assert not any({"snapshot", "request", "features"} & row.keys() for row in found)
    # A command of a rule has no question.
    assert [row["what"] for row in await chain(settings, "bedroom", "r1")] == ["action"]
    assert await chain(settings, "bedroom", "' OR 1=1 --") == []

    then = await decision_at(settings, "bedroom", START - 1)
    assert then is not None
    assert (then["why"], then["ts"]) == ("held", START - 100)
    now = await decision_at(settings, "bedroom", START + 50)
    assert now is not None
    assert (now["why"], now["trace"]) == (
        "ready",
        [{"rule": "mode", "outcome": "pass", "why": "ready", "facts": '{"value": 1}'}],
    )
    assert await decision_at(settings, "bedroom", START - 200) is None


async def test_a_record_that_cannot_be_read_says_why(settings: ServerSettings) -> None:
    with pytest.raises(ServerError, match="Cannot connect"):
        await chain(replace(settings, port=1), "bedroom", "q1")
