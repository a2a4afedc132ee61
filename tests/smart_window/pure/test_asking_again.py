"""A question that was lost is asked again under its own id, and only where it is still the same question."""

from dataclasses import replace

import pytest

from custom_components.smart_window.contract import AnswerError, Result
from custom_components.smart_window.decision import Why
from custom_components.smart_window.question import How, Wish
from custom_components.smart_window.settings import HubSettings, Mode

from .house import House, answer, result


def lost(*, acted: bool = False) -> House:
    """A question left, and its time is over."""
    house = House().settle()
    house.temperature(21.0)
    if acted:
        house.hear(answer(house.asked[0], acted=True))
    house.wait(10)
    assert not house.is_asking()
    return house


def ids(house: House) -> list[str]:
    return [request.correlation_id for request in house.asked]


@pytest.mark.parametrize("acted", [False, True])
def test_it_keeps_its_id_each_time(acted: bool) -> None:
    house = lost(acted=acted)
    house.wait(200)
    assert len(house.asked) > 3
    assert set(ids(house)) == {"q0"}


def test_it_tells_what_is_known_by_now() -> None:
    house = lost()
    house.temperature(24.0)
    house.wait(20)
    assert [(request.correlation_id, request.temperature) for request in house.asked] == [("q0", 21.0), ("q0", 24.0)]


def test_what_came_since_the_first_asking_is_asked_after_its_answer() -> None:
    house = lost()
    house.temperature(24.0)
    house.wait(20)
    house.finish()  # perhaps what the first asking was answered with
    house.wait(20)
    assert ids(house) == ["q0", "q0", "q2"]


def test_what_stayed_since_the_first_asking_is_not_asked_again_after_its_answer() -> None:
    house = lost()
    house.wait(20)
    house.finish()
    house.wait(600)
    assert ids(house) == ["q0", "q0"]


def test_another_fence_makes_another_question() -> None:
    house = lost()
    house.report(house.next)
    house.wait(20)
    assert ids(house) == ["q0", "q1"]


def test_another_connection_of_the_window_makes_another_question() -> None:
    house = lost()
    house.report(replace(house.device, session="s2"))
    house.wait(20)
    assert ids(house) == ["q0", "q1"]


def test_another_grant_makes_another_question() -> None:
    house = lost()
    house.window.settings = replace(house.settings, min_confidence=0.9)  # with nothing else that would follow
    house.wait(20)
    assert ids(house) == ["q0", "q1"]
    assert [request.grant.min_confidence for request in house.asked] == [0.6, 0.9]


def test_rules_that_changed_make_another_question() -> None:
    house = lost()
    house.window.set_mode(Mode.AUTOMATIC)
    house.wait(20)
    assert ids(house) == ["q0", "q1"]


def test_a_connection_that_was_gone_makes_another_question() -> None:
    house = lost()
    house.window.disconnected()
    house.report()
    house.wait(HubSettings().settle_s)
    house.temperature(25.0)
    assert ids(house) == ["q0", "q1"]


def test_a_person_asks_another_question() -> None:
    house = lost()
    request = house.window.ask("p1", house.decision(), house.now, house.wall, house.context, owner=Wish.ACT)
    assert request.correlation_id == "p1"


def test_advice_that_was_lost_is_no_question_to_ask_again() -> None:
    house = House().settle()
    house.window.ask("advice", house.decision(), house.now, house.wall, house.context, owner=Wish.ADVICE)
    house.wait(10)
    house.temperature(25.0)
    assert ids(house) == ["q0"]


@pytest.mark.parametrize("what", [Result.ACCEPTED, Result.DUPLICATE])
def test_what_the_window_did_at_the_first_asking_ends_the_second(what: Result) -> None:
    house = lost()
    house.wait(20)
    changes = house.hear(result(house.asked[0], what))
    assert changes.ended is not None
    assert (changes.ended.how, house.why()) == (How.RESULT, Why.MOVED_BY_MODEL)
    house.wait(600)
    assert len(house.asked) == 2


def test_a_second_answer_and_a_second_result_change_nothing() -> None:
    house = lost()
    house.wait(20)
    house.hear(answer(house.asked[0], acted=True))
    house.hear(result(house.asked[0], Result.ACCEPTED))
    before = house.window.last_question, house.why(), len(house.asked)
    house.hear(answer(house.asked[1], acted=True))
    house.hear(result(house.asked[1], Result.DUPLICATE))
    house.wait(600)
    assert (house.window.last_question, house.why(), len(house.asked)) == before


def test_that_the_service_got_the_first_asking_too_late_is_no_answer_to_the_second() -> None:
    house = lost()
    house.wait(20)
    changes = house.hear(answer(house.asked[0], error=AnswerError.EXPIRED))
    assert (changes.ended, changes.prediction) == (None, None)
    assert house.is_asking()
    house.hear(answer(house.asked[1]))
    assert house.window.last_question is not None
    assert house.window.last_question.how is How.ANSWERED


def test_a_first_asking_that_came_too_late_is_told() -> None:
    house = House().settle()
    house.temperature(21.0)
    house.hear(answer(house.asked[0], error=AnswerError.EXPIRED))
    assert not house.is_asking()
    assert house.window.last_question is not None
    assert house.window.last_question.how is How.ERROR
