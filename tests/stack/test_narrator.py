"""One line per decision."""

import pytest

from stack.narrator import Decision, Narrator
from stack.tap import Heard

from .wire import Wire


def told(*messages: Heard) -> list[Decision]:
    narrator = Narrator()
    return [decision for message in messages if (decision := narrator.take(message)) is not None]


def only_line(*messages: Heard) -> str:
    (decision,) = told(*messages)
    return decision.line("12:00:00", "Bedroom window")


def test_a_move_is_told_when_the_window_accepts() -> None:
    wire = Wire()
    assert only_line(wire.request(), wire.control(), wire.response(), wire.result()) == (
        "12:00:00  Bedroom window: asked with 25.0 °C, 55.0 %, sound → 12 % open, sure 0.80 (street_noise -30) → moved"
    )


def test_a_window_that_is_there_already_does_not_move() -> None:
    wire = Wire()  # its request says that it stands at 40
    assert only_line(wire.request(), wire.response(40.4), wire.result()).endswith("→ is there already")


def test_the_windows_word_may_come_before_the_answer() -> None:
    wire = Wire()
    assert only_line(wire.request(), wire.control(), wire.result(), wire.response()).endswith("→ moved")


def test_a_refusal_is_told_with_its_reason() -> None:
    wire = Wire()
    line = only_line(wire.request(), wire.response(), wire.result("stale"))
    assert line.endswith("→ the window refused: it had changed since the question")


def test_advice_is_told_at_once() -> None:
    wire = Wire()
    assert only_line(wire.request(act=False), wire.response(acted=False)).endswith("→ advised")


def test_too_little_confidence_says_how_much_was_needed() -> None:
    wire = Wire()
    line = only_line(wire.request(), wire.response(acted=False, confidence=0.4))
    assert line.endswith("sure 0.40 (street_noise -30) → not sure enough (0.60 needed), nothing moves")


def test_a_confidence_just_below_the_one_needed_does_not_read_like_it() -> None:
    wire = Wire()
    assert "sure 0.59 " in only_line(wire.request(), wire.response(acted=False, confidence=0.597))


def test_an_error_of_the_service_is_told() -> None:
    wire = Wire()
    error = {"code": "no_model", "message": "no model is loaded"}
    response = wire.response(acted=False, position=None, confidence=None, error=error)  # type: ignore[arg-type]  # null there
    assert "no prediction: no model is loaded → nothing moves" in only_line(wire.request(), response)


def test_a_question_without_an_answer_is_told_at_the_next_one() -> None:
    wire = Wire()
    line = only_line(wire.request(audio=False), wire.request(cid="q-2"))
    assert line == "12:00:00  Bedroom window: asked with 25.0 °C, 55.0 % → no answer → nothing moves"


def test_a_command_without_the_windows_word_is_told_at_the_next_question() -> None:
    wire = Wire()
    assert only_line(wire.request(), wire.response(), wire.request(cid="q-2")).endswith("no word from the window")


@pytest.mark.parametrize("stranger", ["response", "result"])
def test_what_belongs_to_no_question_is_not_told(stranger: str) -> None:
    wire = Wire()
    late = wire.response(acted=False, cid="old") if stranger == "response" else wire.result(cid="old")
    assert told(wire.request(), late) == []


def test_questions_of_two_windows_are_kept_apart() -> None:
    first, second = Wire("a"), Wire("b")
    decisions = told(
        first.request(cid="1"),
        second.request(cid="2", act=False),
        second.response(cid="2", acted=False),
        first.response(cid="1"),
        first.result(cid="1"),
    )
    assert [decision.device_id for decision in decisions] == ["b", "a"]


def test_a_window_is_called_by_its_name() -> None:
    narrator = Narrator()
    narrator.take(Wire("a").announce("Attic window"))
    assert narrator.name("a") == "Attic window"
    assert narrator.name("b") == "b"
