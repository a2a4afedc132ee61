"""The chain of the check: each link that is not there must be named."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from stack import chain
from stack.chain import Link, Rows, Seen, Step
from stack.tap import Heard

from .wire import Wire

ALL_ROWS = Rows(predictions=1, commands=1, hands=1, sensors=dict.fromkeys(chain.SENSOR_TABLES, 3))


def moved_messages(position: float = 12) -> list[Heard]:
    wire = Wire()
    return [
        *wire.readings(),
        wire.state(40),
        wire.request(),
        wire.control(position),
        wire.response(position),
        wire.result(),
        wire.state(position, target=position),
    ]


def seen_moved(position: float = 12) -> Seen:
    return Seen("w", moved_messages(position), 0, 40, position, position, ALL_ROWS)


def seen_advised() -> Seen:
    wire = Wire()
    messages = [*wire.readings(), wire.state(40), wire.request(act=False), wire.response(70, acted=False)]
    return Seen("w", messages, 0, 40, 40, 70, ALL_ROWS)


def pressed_messages(*after: str) -> list[Heard]:
    wire = Wire()
    first = [*wire.readings(), wire.state(40, hand_id="earlier"), wire.request()]
    make: dict[str, Callable[[], Heard]] = {
        "hand": lambda: wire.state(42, hand_id="h1", target=100),
        "response": wire.response,
        "control": wire.control,
        "stale": lambda: wire.result("stale"),
        "accepted": wire.result,
    }
    return first + [make[what]() for what in after]


def seen_pressed(*after: str) -> Seen:
    return Seen("w", pressed_messages(*after), 0, 40, 100, 12, ALL_ROWS)


def steps(links: Sequence[Link]) -> list[Step]:
    return [link.step for link in chain.missing(links)]


def without(messages: Sequence[Heard], part: str) -> list[Heard]:
    return [message for message in messages if part not in message.topic]


def test_a_window_that_the_model_moved_shows_every_link() -> None:
    links = chain.moved(seen_moved())
    assert steps(links) == []
    assert [link.step for link in links] == [
        Step.READING,
        Step.REQUEST,
        Step.PREDICTION,
        Step.CONTROL,
        Step.POSITION,
        Step.ROW,
    ]
    evidence = {link.step: link.evidence for link in links}
    assert "correlation_id=q-1" in (evidence[Step.REQUEST] or "")
    assert "position=12" in (evidence[Step.CONTROL] or "")


@pytest.mark.parametrize(
    ("part", "lost"),
    [
        ("sensor/w/audio", [Step.READING]),
        ("ml/inference/response", [Step.PREDICTION]),
        ("control/result", [Step.CONTROL]),
    ],
)
def test_a_message_that_did_not_come_is_the_link_that_is_named(part: str, lost: list[Step]) -> None:
    seen = seen_moved()
    assert steps(chain.moved(replace(seen, messages=without(seen.messages, part)))) == lost


def test_a_clip_that_came_after_the_request_was_not_its_reading() -> None:
    wire = Wire()
    request = wire.request()
    messages = [request, *wire.readings(), wire.control(), wire.response(), wire.result()]
    assert steps(chain.moved(Seen("w", messages, 0, 40, 12, 12, ALL_ROWS))) == [Step.READING]


def test_without_a_request_nothing_that_follows_counts() -> None:
    seen = seen_moved()
    assert steps(chain.moved(replace(seen, messages=without(seen.messages, "request")))) == [
        Step.READING,
        Step.REQUEST,
        Step.PREDICTION,
        Step.CONTROL,
        Step.POSITION,
    ]


def test_an_answer_or_a_command_of_another_question_does_not_count() -> None:
    wire = Wire()
    messages = [*wire.readings(), wire.request(), wire.control(cid="other"), wire.response(cid="other"), wire.result()]
    seen = Seen("w", messages, 0, 40, 12, 12, ALL_ROWS)
    assert steps(chain.moved(seen)) == [Step.PREDICTION, Step.CONTROL, Step.POSITION]


def test_a_question_before_the_one_that_is_meant_does_not_count() -> None:
    seen = seen_moved()
    assert Step.REQUEST in steps(chain.moved(replace(seen, since=len(seen.messages))))


@pytest.mark.parametrize("word", ["stale", "guard", "invalid", "rain"])
def test_a_command_that_the_window_refused_moved_nothing(word: str) -> None:
    wire = Wire()
    messages = [*wire.readings(), wire.request(), wire.control(), wire.response(), wire.result(word)]
    links = chain.moved(Seen("w", messages, 0, 40, 12, 12, ALL_ROWS))
    assert steps(links) == [Step.CONTROL]
    assert f"the window said {word}" in links[3].missing


@pytest.mark.parametrize("end", [None, 40, 14])
def test_a_cover_elsewhere_breaks_the_chain(end: float | None) -> None:
    assert steps(chain.moved(replace(seen_moved(), end=end))) == [Step.POSITION]


@pytest.mark.parametrize(
    "rows",
    [
        replace(ALL_ROWS, predictions=0),
        replace(ALL_ROWS, commands=0),
        *(replace(ALL_ROWS, sensors={**ALL_ROWS.sensors, table: 0}) for table in chain.SENSOR_TABLES),
        replace(ALL_ROWS, sensors={}),
    ],
)
def test_each_table_without_a_row_breaks_the_chain(rows: Rows) -> None:
    assert steps(chain.moved(replace(seen_moved(), rows=rows))) == [Step.ROW]


def test_a_window_in_advise_is_asked_and_stays() -> None:
    assert steps(chain.advised(seen_advised())) == []


def test_a_window_in_advise_that_moved_breaks_the_chain() -> None:
    assert steps(chain.advised(replace(seen_advised(), end=70))) == [Step.POSITION]


def test_a_suggestion_that_does_not_show_breaks_the_chain() -> None:
    assert steps(chain.advised(replace(seen_advised(), suggestion=None))) == [Step.POSITION]


def test_any_command_to_a_window_in_advise_breaks_the_chain() -> None:
    seen = seen_advised()
    command = replace(Wire().control(cid="whatever"), number=len(seen.messages))
    assert steps(chain.advised(replace(seen, messages=[*seen.messages, command]))) == [Step.CONTROL]


def test_a_grant_to_act_is_no_advice() -> None:
    assert Step.REQUEST in steps(chain.advised(replace(seen_advised(), messages=moved_messages())))


@pytest.mark.parametrize(
    "after",
    [("hand", "control", "response", "stale"), ("hand", "response"), ("control", "response", "hand", "stale")],
)
def test_a_hand_during_the_question_wins_when_the_answer_is_refused_or_never_sent(after: tuple[str, ...]) -> None:
    assert steps(chain.kept_by_hand(seen_pressed(*after))) == []


def test_an_answer_that_was_obeyed_breaks_the_chain_of_the_hand() -> None:
    assert steps(chain.kept_by_hand(seen_pressed("control", "accepted", "hand", "response"))) == [Step.CONTROL]


def test_a_command_without_the_windows_word_proves_nothing() -> None:
    assert steps(chain.kept_by_hand(seen_pressed("hand", "control", "response"))) == [Step.CONTROL]


def test_the_hand_of_before_the_question_is_no_hand() -> None:
    assert steps(chain.kept_by_hand(seen_pressed("control", "response", "stale"))) == [Step.HAND, Step.POSITION]


def test_a_window_that_left_the_hands_position_breaks_the_chain() -> None:
    seen = replace(seen_pressed("hand", "control", "response", "stale"), end=12)
    assert steps(chain.kept_by_hand(seen)) == [Step.POSITION]


def test_a_loud_and_a_quiet_window_that_end_apart_show_it() -> None:
    assert steps(chain.compared(seen_moved(12), seen_moved(75))) == []


@pytest.mark.parametrize(("loud", "quiet"), [(50, 50), (50, 55), (75, 12)])
def test_the_quiet_one_must_end_clearly_wider_open(loud: float, quiet: float) -> None:
    assert steps(chain.compared(seen_moved(loud), seen_moved(quiet))) == [Step.COMPARISON]


def test_windows_that_differ_in_more_than_sound_compare_nothing() -> None:
    wire = Wire()
    warmer = [*wire.readings(), wire.request(temperature=27.0), wire.control(75), wire.response(75), wire.result()]
    links = chain.compared(seen_moved(12), replace(seen_moved(75), messages=warmer))
    assert "differ in temperature" in chain.missing(links)[0].missing


def test_windows_that_started_apart_compare_nothing() -> None:
    assert steps(chain.compared(seen_moved(12), replace(seen_moved(75), start=60))) == [Step.COMPARISON]
