"""When a question leaves, how it ends, and what its end means for the next one."""

from dataclasses import replace

import pytest

from custom_components.smart_window.contract import (
    Announce,
    AnswerError,
    Context,
    ControlResult,
    HeardFeatures,
    Humidity,
    Result,
    Sound,
    Temperature,
)
from custom_components.smart_window.decision import Why
from custom_components.smart_window.question import How, Questions
from custom_components.smart_window.settings import HubSettings, Mode
from custom_components.smart_window.trigger import LONGEST_PAUSE_S, Cause, Values, significant

from .house import House, answer, result

CLIP = Sound(8000, 1, b"\0\x10" * 4000)


def settled(settings: HubSettings | None = None, mode: Mode = Mode.AUTOMATIC) -> House:
    return House(settings or HubSettings(), mode).settle()


@pytest.mark.parametrize(
    ("values", "cause"),
    [
        (Values(21.0, 50.0, -40.0, 3), None),
        (Values(21.4, 54.0, -35.0, 3), None),
        (Values(21.5, 50.0, -40.0, 3), Cause.TEMPERATURE),
        (Values(20.5, 50.0, -40.0, 3), Cause.TEMPERATURE),
        (Values(21.0, 45.0, -40.0, 3), Cause.HUMIDITY),
        (Values(21.0, 50.0, -34.0, 3), Cause.SOUND),
        (Values(21.0, 50.0, -40.0, 4), Cause.CLIP),
        (Values(None, None, None, 3), None),
    ],
)
def test_a_change_is_significant_from_its_threshold_on(values: Values, cause: Cause | None) -> None:
    assert significant(values, Values(21.0, 50.0, -40.0, 3), HubSettings()) is cause


def test_a_value_that_was_never_answered_is_significant() -> None:
    assert significant(Values(temperature=21.0), Values(), HubSettings()) is Cause.TEMPERATURE


def test_clips_count_by_their_level_where_the_owner_says_so() -> None:
    settings = HubSettings(every_clip=False)
    assert significant(Values(level=-40.0, clips=2), Values(level=-40.0, clips=1), settings) is None
    assert significant(Values(level=-46.0, clips=2), Values(level=-40.0, clips=1), settings) is Cause.SOUND


def test_thresholds_count_from_the_last_answered_value_and_not_from_the_last_reading() -> None:
    house = settled()
    for celsius in (20.2, 20.4):
        house.temperature(celsius)
    assert house.asked == []
    house.temperature(20.5)
    assert len(house.asked) == 1


def test_a_question_carries_all_that_is_needed_and_its_fence() -> None:
    house = settled()
    house.report(replace(house.next, session="s9", rev=77, position=40.0, target=40.0))
    house.hear(Humidity(48.0))
    house.finish()
    house.wait(20)
    house.hear(CLIP)
    request = house.asked[-1]
    assert (request.temperature, request.humidity, request.audio) == (20.0, 48.0, CLIP)
    assert (request.session, request.rev) == ("s9", 77)
    assert request.grant == house.decision().grant
    assert request.grant.act
    assert (request.context.position, request.context.hour, request.context.rain) == (40.0, 12.5, None)


def test_one_question_is_out_at_a_time() -> None:
    house = settled(HubSettings(min_interval_s=0))
    for celsius in (21.0, 22.0, 23.0):
        house.temperature(celsius)
    assert len(house.asked) == 1
    with pytest.raises(ValueError, match="no question"):
        house.window.ask("x", house.decision(), house.now, house.wall, house.asked[0].context)


def test_a_question_is_never_replaced_by_another() -> None:
    house = settled()
    house.temperature(21.0)
    question = house.window.question
    assert question is not None
    questions = Questions()
    assert questions.answer(answer(house.asked[0])) is None
    questions.ask(question)
    with pytest.raises(ValueError, match="q0 is still out"):
        questions.ask(question)


def test_what_changed_while_a_question_was_out_is_asked_after_it() -> None:
    house = settled()
    house.temperature(21.0)
    house.temperature(21.5)
    house.finish()
    assert len(house.asked) == 1
    house.wait(20)
    assert [request.temperature for request in house.asked] == [21.0, 21.5]


def test_what_stayed_while_a_question_was_out_is_not_asked_again() -> None:
    house = settled()
    house.temperature(21.0)
    house.temperature(21.2)
    house.finish()
    house.wait(300)
    assert len(house.asked) == 1


def test_a_change_counts_from_what_was_asked_and_not_from_what_came_meanwhile() -> None:
    house = settled()
    house.temperature(21.0)
    house.temperature(21.4)
    house.finish()
    house.wait(20)
    assert len(house.asked) == 1
    house.temperature(21.5)
    assert len(house.asked) == 2


def test_a_trigger_stands_though_the_reading_went_back() -> None:
    house = settled()
    house.temperature(21.0)
    house.wait(10)
    house.temperature(20.0)
    house.wait(20)
    assert [request.temperature for request in house.asked] == [21.0, 20.0]


def test_questions_keep_their_distance() -> None:
    house = settled()
    house.temperature(21.0)
    house.finish()
    house.wait(19)
    house.temperature(22.0)
    assert len(house.asked) == 1
    house.wait(1)
    assert len(house.asked) == 2


def test_the_heartbeat_asks_though_nothing_changed() -> None:
    house = settled(HubSettings(heartbeat_s=600))
    house.wait(560)
    house.temperature(20.0)
    assert house.asked == []
    house.wait(20)
    assert len(house.asked) == 1
    question = house.window.question
    assert question is not None
    assert question.cause is Cause.HEARTBEAT


def test_a_heartbeat_that_was_lost_is_asked_again() -> None:
    house = settled(HubSettings(heartbeat_s=600))
    house.wait(580)
    house.wait(10)
    assert house.why() is Why.NO_ANSWER
    house.wait(20)
    assert len(house.asked) == 2


def test_the_heartbeat_asks_nothing_about_readings_that_are_too_old() -> None:
    house = settled(HubSettings(heartbeat_s=600, reading_valid_s=300))
    house.wait(3000)
    assert house.asked == []


def test_old_readings_and_old_sound_are_left_out() -> None:
    house = settled(HubSettings(reading_valid_s=900, clip_valid_s=100))
    house.hear(CLIP)
    house.finish()
    house.wait(101)
    house.temperature(25.0)
    assert house.asked[-1].audio is None
    house.finish()
    house.wait(901)
    house.hear(HeardFeatures("s", (1.0,)))
    assert house.asked[-1].temperature is None
    assert house.asked[-1].audio == HeardFeatures("s", (1.0,))


@pytest.mark.parametrize("what", [Result.ACCEPTED, Result.DUPLICATE, Result.RAIN, Result.FAULT, Result.INVALID])
def test_a_result_ends_question_and_trigger(what: Result) -> None:
    house = settled()
    house.temperature(21.0)
    house.hear(answer(house.asked[0], acted=True))
    assert house.is_asking()
    changes = house.hear(result(house.asked[0], what))
    assert changes.ended is not None
    assert (changes.ended.how, changes.ended.result) == (How.RESULT, what)
    assert not house.is_asking()
    house.wait(600)
    assert len(house.asked) == 1


def test_a_state_that_names_the_command_ends_question_and_trigger() -> None:
    house = settled()
    house.temperature(21.0)
    house.hear(answer(house.asked[0], acted=True))
    changes = house.report(replace(house.next, target=70.0, command_id=house.asked[0].correlation_id))
    assert changes.ended is not None
    assert changes.ended.result is Result.ACCEPTED
    house.wait(600)
    assert len(house.asked) == 1
    assert house.why() is Why.MOVED_BY_MODEL


def test_an_answer_that_did_not_act_ends_question_and_trigger() -> None:
    house = settled()
    house.temperature(21.0)
    changes = house.hear(answer(house.asked[0]))
    assert changes.ended is not None
    assert changes.ended.how is How.ANSWERED
    house.wait(600)
    assert len(house.asked) == 1


def test_an_answer_to_another_question_changes_nothing() -> None:
    house = settled()
    house.temperature(21.0)
    stranger = replace(answer(house.asked[0], acted=True), correlation_id="stranger")
    assert not house.hear(stranger)
    assert house.hear(ControlResult("stranger", Result.ACCEPTED)).ended is None
    assert house.is_asking()


def test_an_answer_whose_question_was_forgotten_changes_nothing() -> None:
    house = settled()
    house.temperature(21.0)
    house.wait(10)
    before = (house.window.prediction, house.window.hands, house.why())
    assert not house.hear(answer(house.asked[0], acted=True))
    assert (house.window.prediction, house.window.hands, house.why()) == before


def test_a_stale_answer_is_asked_again_with_the_state_that_follows() -> None:
    house = settled()
    house.temperature(21.0)
    house.hear(answer(house.asked[0], acted=True))
    house.hear(result(house.asked[0], Result.STALE))
    assert house.why() is Why.REFUSED_STALE
    assert len(house.asked) == 1
    house.report(house.next)
    assert len(house.asked) == 2
    assert house.asked[1].rev == house.device.rev


def test_a_stale_answer_whose_state_came_first_is_asked_again_at_once() -> None:
    house = settled()
    house.temperature(21.0)
    house.report(house.next)
    house.hear(result(house.asked[0], Result.STALE))
    assert len(house.asked) == 2


def test_a_stale_answer_without_a_new_state_is_asked_again_after_the_usual_pause() -> None:
    house = settled()
    house.temperature(21.0)
    house.hear(result(house.asked[0], Result.STALE))
    house.wait(19.9)
    assert len(house.asked) == 1
    house.wait(0.1)
    assert len(house.asked) == 2


def test_a_window_that_is_always_stale_is_not_asked_in_a_circle() -> None:
    house = settled()
    house.temperature(21.0)
    for _ in range(10):
        house.report(house.next)
        if house.window.question is not None:
            house.hear(result(house.asked[-1], Result.STALE))
    assert len(house.asked) <= 4
    house.wait(20)
    assert len(house.asked) == 5


@pytest.mark.parametrize("what", [Result.GUARD, Result.LOCKED])
def test_what_the_guard_refused_is_asked_again_when_the_window_shows_a_change(what: Result) -> None:
    house = settled()
    house.temperature(21.0)
    house.hear(answer(house.asked[0], acted=True))
    house.hear(result(house.asked[0], what))
    house.wait(300)
    assert len(house.asked) == 1
    house.report(house.next)
    assert len(house.asked) == 2


def test_a_lost_question_is_asked_again_after_pauses_that_grow() -> None:
    house = settled()
    start = house.now
    house.temperature(21.0)
    times = []
    for _ in range(9):
        count = len(house.asked)
        while len(house.asked) == count:
            house.wait(1)
            house.temperature(21.0)
        times.append(house.now - start)
    pauses = [later - earlier for earlier, later in zip([0.0, *times], times, strict=False)]
    assert pauses == [30.0, 50.0, 90.0, 170.0, 330.0, *[10.0 + LONGEST_PAUSE_S] * 4]
    assert house.why() is Why.NO_ANSWER


def test_a_service_that_comes_back_ends_the_pause() -> None:
    house = settled()
    house.temperature(21.0)
    house.wait(250)
    count = len(house.asked)
    house.window.service_returned()
    house.wait(11)
    assert len(house.asked) == count + 1
    assert house.is_asking()
    house.window.service_returned()
    house.turn()
    assert len(house.asked) == count + 1


def test_a_service_that_comes_back_is_not_asked_faster_than_usual() -> None:
    house = settled()
    house.temperature(21.0)
    house.hear(answer(house.asked[0], error=AnswerError.NO_MODEL))
    house.window.service_returned()
    house.temperature(21.0)
    house.wait(19.9)
    assert len(house.asked) == 1
    house.wait(0.1)
    assert len(house.asked) == 2


def test_an_answer_ends_the_growing_of_the_pauses() -> None:
    house = settled()
    house.temperature(21.0)
    house.wait(300)
    house.wait(LONGEST_PAUSE_S)
    while not house.is_asking():
        house.wait(1)
    house.finish()
    house.wait(20)
    count = len(house.asked)
    house.temperature(22.0)
    house.wait(10 + 20)
    assert len(house.asked) == count + 2


def test_a_service_that_cannot_answer_is_asked_again_with_the_next_reading_after_a_pause() -> None:
    house = settled()
    house.temperature(21.0)
    changes = house.hear(answer(house.asked[0], error=AnswerError.BUSY))
    assert changes.ended is not None
    assert changes.ended.how is How.ERROR
    house.wait(60)
    assert len(house.asked) == 1
    house.temperature(21.0)
    assert len(house.asked) == 2
    house.hear(answer(house.asked[1], error=AnswerError.BUSY))
    house.temperature(21.0)
    house.wait(39)
    assert len(house.asked) == 2
    house.wait(1)
    assert len(house.asked) == 3


def test_a_command_whose_result_was_lost_is_asked_again() -> None:
    house = settled()
    house.temperature(21.0)
    house.hear(answer(house.asked[0], acted=True))
    ends = [changes.ended for changes in house.wait(10) if changes.ended]
    assert [end.how for end in ends] == [How.NO_RESULT]
    assert house.why() is Why.NO_RESULT
    house.wait(20)
    assert len(house.asked) == 2


@pytest.mark.parametrize("acted", [True, False])
def test_a_late_result_still_ends_the_trigger(acted: bool) -> None:
    house = settled()
    house.temperature(21.0)
    if acted:
        house.hear(answer(house.asked[0], acted=True))
    house.wait(10)
    changes = house.hear(result(house.asked[0], Result.ACCEPTED))
    assert changes.ended is not None
    assert (changes.ended.response is not None) is acted
    house.wait(600)
    assert len(house.asked) == 1
    assert house.why() is Why.MOVED_BY_MODEL


def test_a_result_of_an_earlier_question_does_not_end_the_one_that_is_out() -> None:
    house = settled()
    house.temperature(21.0)
    house.wait(10)
    house.report(house.next)
    house.wait(20)
    assert len(house.asked) == 2
    assert house.hear(result(house.asked[0], Result.ACCEPTED)).ended is None
    assert house.is_asking()


def test_an_answer_that_the_result_overtook_is_shown_and_ends_nothing() -> None:
    house = settled()
    house.temperature(21.0)
    house.hear(result(house.asked[0], Result.ACCEPTED))
    assert house.why() is Why.MOVED_BY_MODEL
    changes = house.hear(answer(house.asked[0], acted=True, position=30.4))
    assert changes.prediction is not None
    assert changes.ended is None
    assert house.window.prediction == changes.prediction
    assert house.why() is Why.UNCHANGED
    assert not house.hear(answer(house.asked[0], acted=True, position=50.0))


def ended(
    mode: Mode = Mode.AUTOMATIC, position: float = 70, confidence: float = 0.9, error: AnswerError | None = None
) -> Why:
    house = settled(mode=mode)
    house.temperature(21.0)
    house.hear(answer(house.asked[0], position=position, confidence=confidence, error=error))
    return house.why()


def test_the_reason_tells_how_the_question_ended() -> None:
    assert ended(Mode.ADVISE) is Why.ADVISED
    assert ended(confidence=0.59) is Why.LOW_CONFIDENCE
    assert ended(confidence=0.6) is Why.NOT_ACTED
    assert ended(position=30.9) is Why.UNCHANGED
    assert ended(position=31.0) is Why.NOT_ACTED
    assert ended(error=AnswerError.NO_MODEL) is Why.NO_MODEL
    assert ended(error=AnswerError.EXPIRED) is Why.ANSWER_ERROR


@pytest.mark.parametrize(
    ("sensor", "wet", "elsewhere", "told"),
    [
        (True, True, None, True),
        (True, False, None, False),
        (True, False, True, True),
        (False, False, None, None),
        (False, False, False, False),
        (False, True, False, True),
    ],
)
def test_a_window_without_a_rain_sensor_does_not_say_that_it_is_dry(
    sensor: bool, wet: bool, elsewhere: bool | None, told: bool | None
) -> None:
    house = House()
    house.hear(Announce("Bedroom", capabilities=("rain",) if sensor else ()))
    house.context = Context(rain=elsewhere)
    house.report(replace(house.next, rain=wet))
    house.wait(30)
    house.temperature(21.0)
    assert house.asked[0].context.rain is told


@pytest.mark.parametrize("what", Result)
def test_the_reason_tells_what_the_window_made_of_the_command(what: Result) -> None:
    house = settled()
    house.temperature(21.0)
    house.hear(answer(house.asked[0], acted=True))
    house.hear(result(house.asked[0], what))
    expected = "moved_by_model" if what in {Result.ACCEPTED, Result.DUPLICATE} else f"refused_{what}"
    assert house.why() == expected


def test_the_reason_tells_first_what_forbids_now() -> None:
    house = settled()
    house.temperature(21.0)
    house.finish()
    house.report(replace(house.next, hand_id="h1"))
    assert house.why() is Why.HELD
    house.window.set_mode(Mode.OFF)
    assert house.why() is Why.MODE_OFF
    house.window.set_mode(Mode.AUTOMATIC)
    house.window.release()
    assert house.why() is Why.READY


def test_nothing_is_asked_in_mode_off_and_the_change_is_asked_when_it_ends() -> None:
    house = House(HubSettings(), Mode.OFF)
    house.report()
    house.wait(30)
    house.temperature(25.0)
    house.wait(600)
    assert house.asked == []
    house.window.set_mode(Mode.ADVISE)
    house.turn()
    house.wait(3)
    assert len(house.asked) == 1
    assert not house.asked[0].grant.act


def test_after_a_change_of_mode_the_next_reading_is_asked_and_nothing_before_it() -> None:
    house = settled(mode=Mode.ADVISE)
    house.window.set_mode(Mode.AUTOMATIC)
    house.turn()
    house.wait(120)
    assert house.asked == []
    house.temperature(20.0)
    assert len(house.asked) == 1
    assert house.asked[0].grant.act


def test_a_question_waits_for_the_state_that_follows_a_new_guard() -> None:
    house = settled(mode=Mode.ADVISE)
    house.window.set_mode(Mode.AUTOMATIC)
    house.hear(Temperature(20.0))
    assert house.asked == []
    house.report(house.next)
    assert len(house.asked) == 1
    assert house.asked[0].rev == house.device.rev


def test_a_question_waits_two_seconds_at_most_for_the_state_that_follows_a_new_guard() -> None:
    house = settled(mode=Mode.ADVISE)
    house.window.set_mode(Mode.AUTOMATIC)
    house.hear(Temperature(20.0))
    house.wait(1.9)
    assert house.asked == []
    house.wait(0.1)
    assert len(house.asked) == 1
