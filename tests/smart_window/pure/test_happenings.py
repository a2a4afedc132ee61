"""What is told of a window, and that the same is told once."""

from dataclasses import replace

import pytest

from custom_components.smart_window.changes import Changes
from custom_components.smart_window.contract import Grant, Reason, Response, Result, Source
from custom_components.smart_window.decision import Blocked, CouldNotClose, Decision, Wanted, Why, decide
from custom_components.smart_window.happenings import WORTH_TELLING, Happening, Told, happenings
from custom_components.smart_window.question import Ended, How, Question
from custom_components.smart_window.trigger import Cause, Values

from .scenes import FREE, IN_THE_WAY

CALM = decide(FREE)
WANTED = Wanted(0.0, Source.SAFETY, Why.WIND, "hazard")
CLOSES = replace(CALM, command=WANTED)
JAMMED = replace(CALM, could_not_close=CouldNotClose(Why.RAIN, Blocked.OBSTACLE, 40.0))
HELD = replace(CALM, could_not_close=CouldNotClose(Why.RAIN, Blocked.HELD, 40.0))


def told(
    before: Decision | None,
    after: Decision,
    changes: Changes | None = None,
    commanded: Wanted | None = None,
    *,
    held: bool | None = None,
) -> list[Told]:
    return list(happenings(before, after, changes or Changes(), commanded=commanded, held=held))


def ended(
    position: float | None,
    *,
    now: float | None = 30.0,
    act: bool = False,
    result: Result | None = None,
    confidence: float | None = 0.861,
    advice: bool = False,
) -> Changes:
    grant = Grant(act=act, min=0.0, max=100.0, min_confidence=0.6, ttl_s=10.0)
    decision = replace(CALM, grant=grant)
    question = Question("q", Cause.SOUND, decision, ("s1", 1), now, Values(), 0.0, 0.0, 15.0, advice=advice)
    response = Response("q", position, confidence, (Reason("noise", 1.0),), "m", {}, result is not None, None)
    how = How.ANSWERED if result is None else How.RESULT
    return Changes(ended=Ended(question, how, response, result))


def test_nothing_happens_while_nothing_changes() -> None:
    assert told(None, CALM) == []
    assert told(CALM, CALM) == []


def test_a_command_of_a_rule_is_told_until_it_is_another_one() -> None:
    assert told(CALM, CLOSES) == [
        Told(Happening.COMMANDED, Why.WIND, {"position": 0.0, "source": Source.SAFETY, "rule": "hazard"})
    ]
    assert told(CLOSES, CLOSES, commanded=WANTED) == []
    assert [one.what for one in told(CLOSES, CLOSES, commanded=replace(WANTED, position=5.0))] == [Happening.COMMANDED]


@pytest.mark.parametrize(("held", "what"), [(True, Happening.HOLD_BEGAN), (False, Happening.HOLD_ENDED)])
def test_a_hold_is_told_as_it_begins_and_ends(held: bool, what: Happening) -> None:
    after = decide(IN_THE_WAY["hold"])
    assert told(CALM, after, held=held) == [Told(what, after.why, {})]


@pytest.mark.parametrize("before", [None, CALM, HELD])
def test_that_a_window_cannot_close_is_told_with_its_cause(before: Decision | None) -> None:
    assert told(before, JAMMED) == [
        Told(Happening.COULD_NOT_CLOSE, Why.RAIN, {"blocked": Blocked.OBSTACLE, "position": 40.0})
    ]


def test_that_a_window_cannot_close_is_told_once_per_cause_and_when_it_is_over() -> None:
    assert told(JAMMED, JAMMED) == []
    assert told(JAMMED, CALM) == [Told(Happening.CLOSED_AFTER_ALL, Why.RAIN, {})]


@pytest.mark.parametrize("result", [Result.ACCEPTED, Result.DUPLICATE])
def test_a_move_of_the_model_is_told(result: Result) -> None:
    moved = told(CALM, CALM, ended(80.0, act=True, result=result))
    assert moved == [Told(Happening.MOVED_BY_MODEL, Why.MOVED_BY_MODEL, {"position": 80.0})]


def test_an_answer_that_changes_nothing_is_not_told() -> None:
    assert told(CALM, CALM, ended(30.0, act=True, result=Result.ACCEPTED)) == []


@pytest.mark.parametrize("result", [Result.STALE, Result.GUARD, Result.LOCKED, Result.RAIN, Result.FAULT])
def test_a_refusal_is_told(result: Result) -> None:
    (refused,) = told(CALM, CALM, ended(80.0, act=True, result=result))
    assert (refused.what, refused.details) == (Happening.REFUSED, {"position": 80.0})
    assert refused.why.endswith(result)


def test_advice_is_told_with_how_sure_it_is() -> None:
    assert told(CALM, CALM, ended(80.0)) == [
        Told(Happening.SUGGESTED, Why.ADVISED, {"position": 80.0, "confidence": 86.1})
    ]
    (unsure,) = told(CALM, CALM, ended(80.0, act=True, confidence=0.3))
    assert (unsure.why, unsure.details["confidence"]) == (Why.LOW_CONFIDENCE, 30.0)
    (silent,) = told(CALM, CALM, ended(80.0, confidence=None))
    assert silent.details["confidence"] is None


@pytest.mark.parametrize(
    ("position", "now", "news"),
    [
        (30.0 + WORTH_TELLING, 30.0, True),
        (30.0 - WORTH_TELLING, 30.0, True),
        (30.0 + WORTH_TELLING - 0.1, 30.0, False),
        (30.0 - WORTH_TELLING + 0.1, 30.0, False),
        (30.0, None, True),
        (None, 30.0, False),
    ],
)
def test_advice_that_is_no_news_is_not_told(position: float | None, now: float | None, news: bool) -> None:
    assert bool(told(CALM, CALM, ended(position, now=now))) is news


def test_advice_that_a_person_asked_for_is_told_to_nobody_else() -> None:
    assert told(CALM, CALM, ended(80.0, advice=True)) == []
