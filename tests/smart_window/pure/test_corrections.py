"""What counts as a correction of the model, and what does not."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.changes import Prediction
from custom_components.smart_window.contract import Operation, Response, Result
from custom_components.smart_window.corrections import RESTS_S, SAME, WITHIN_S, Correction, Corrections
from custom_components.smart_window.decision import decide
from custom_components.smart_window.question import Ended, How, Question
from custom_components.smart_window.recorder.rows import CorrectionKind
from custom_components.smart_window.trigger import Cause, Values

from .scenes import FREE, IN_THE_WAY, STATE

ANSWER = Response("q1", 70.0, 0.8, (), "m-1", {}, False, None)  # not acted


def question(*, may_act: bool) -> Question:
    decision = decide(FREE if may_act else IN_THE_WAY["advise"])
    return Question("q1", Cause.CLIP, decision, None, 30.0, Values(), 0.0, 0.0, 10.0)


MOVED = Ended(question(may_act=True), How.RESULT, replace(ANSWER, acted=True), Result.ACCEPTED)
OVERTAKEN = replace(MOVED, response=None)
ADVISED = Ended(question(may_act=False), How.ANSWERED, ANSWER)
REFUSED = replace(MOVED, result=Result.STALE)
SILENT = Ended(question(may_act=True), How.NO_ANSWER)


def after(
    ended: Ended, position: float, *, hand_at: float = 100.0, counts: bool = True, idle_at: float = 110.0
) -> Correction | None:
    corrections = Corrections()
    corrections.ended(ended, 10.0)
    corrections.hand(hand_at, counts=counts)
    answer = Prediction(ended.question, ANSWER)
    moving = replace(STATE, position=50.0, operation=Operation.OPENING)
    assert corrections.state(moving, answer, hand_at + 1) is None
    return corrections.state(replace(STATE, position=position), answer, idle_at)


@pytest.mark.parametrize(
    ("ended", "position", "kind"),
    [
        (MOVED, 20.0, CorrectionKind.UNDONE),
        (OVERTAKEN, 20.0, CorrectionKind.UNDONE),
        (MOVED, 65.0, CorrectionKind.AGREED),
        (ADVISED, 20.0, CorrectionKind.REFUSED),
        (ADVISED, 75.0, CorrectionKind.AGREED),
    ],
)
def test_a_hand_after_a_word_of_the_model_says_what_the_owner_thinks_of_it(
    ended: Ended, position: float, kind: CorrectionKind
) -> None:
    found = after(ended, position)
    assert found == Correction(kind, "q1", Cause.CLIP, 70.0, position, 90.0, 0.8, "m-1")


@pytest.mark.parametrize("ended", [REFUSED, SILENT])
def test_where_the_model_had_no_word_a_hand_corrects_nothing(ended: Ended) -> None:
    assert after(ended, 20.0) is None


def test_a_late_hand_and_one_with_another_cause_correct_nothing() -> None:
    assert after(MOVED, 20.0, hand_at=10.0 + WITHIN_S, idle_at=3000.0) is not None
    assert after(MOVED, 20.0, hand_at=11.0 + WITHIN_S, idle_at=3000.0) is None
    assert after(MOVED, 20.0, counts=False) is None


def test_presses_in_a_row_are_one_hand_and_a_word_is_corrected_once() -> None:
    corrections = Corrections()
    corrections.ended(MOVED, 10.0)
    answer = Prediction(MOVED.question, ANSWER)
    for at in (20.0, 22.0, 24.0):
        corrections.hand(at, counts=True)
        assert corrections.state(replace(STATE, operation=Operation.CLOSING), answer, at) is None
    found = corrections.state(replace(STATE, position=5.0), answer, 30.0)
    assert found is not None
    assert (found.position_owner, found.after_s) == (5.0, 10.0)
    corrections.hand(40.0, counts=True)
    assert corrections.state(replace(STATE, position=90.0), answer, 50.0) is None


def test_a_window_that_never_stands_still_does_not_keep_a_hand_open() -> None:
    corrections = Corrections()
    corrections.ended(MOVED, 10.0)
    answer = Prediction(MOVED.question, ANSWER)
    corrections.hand(20.0, counts=True)
    moving = replace(STATE, position=40.0, operation=Operation.CLOSING)
    assert corrections.state(moving, answer, 20.0 + RESTS_S - 1) is None
    assert corrections.state(moving, answer, 20.0 + RESTS_S) is not None


@given(st.floats(0, 100))
def test_the_owner_agrees_within_ten_points_and_only_then(position: float) -> None:
    found = after(MOVED, position)
    assert found is not None
    assert (found.kind is CorrectionKind.AGREED) == (abs(position - 70.0) <= SAME)


def test_an_answer_to_another_question_or_without_a_position_says_nothing() -> None:
    for answer in (replace(ANSWER, position=None), ANSWER):
        corrections = Corrections()
        corrections.ended(MOVED, 10.0)
        corrections.hand(100.0, counts=True)
        asked = MOVED.question if answer.position is None else replace(MOVED.question, correlation_id="q2")
        assert corrections.state(replace(STATE, position=20.0), Prediction(asked, answer), 110.0) is None
