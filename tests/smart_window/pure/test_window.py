"""A window's state: what each message changes, whether it is there, and what begins a hold."""

from dataclasses import replace

import pytest

from custom_components.smart_window.contract import (
    Announce,
    AudioFormat,
    Availability,
    Chunk,
    Control,
    ControlResult,
    Forget,
    Guard,
    HeardFeatures,
    Humidity,
    Lock,
    OtherContract,
    Result,
    Sound,
    Source,
    Temperature,
)
from custom_components.smart_window.decision import Why
from custom_components.smart_window.hands import Hands, HoldCause
from custom_components.smart_window.inputs import Surroundings
from custom_components.smart_window.question import Wish
from custom_components.smart_window.settings import HubSettings, Mode
from custom_components.smart_window.window import Changes, Reading, Window

from .house import WALL, House, answer, result

CLIP = Sound(8000, 1, b"\0\x40" * 4000)
FOREIGN = Guard("other", True, 0, 100, Lock.NONE, 0, True)
OWN = replace(FOREIGN, hub="home")


def test_readings_are_kept_and_told() -> None:
    house = House()
    assert house.hear(Temperature(21.5)) == Changes(temperature=True, availability=True)
    assert house.hear(Humidity(45.0)) == Changes(humidity=True)
    assert house.window.temperature == Reading(21.5, house.now, house.wall)
    assert house.window.humidity == Reading(45.0, house.now, house.wall)
    assert house.hear(Temperature(21.5)) == Changes(temperature=True)


def test_sound_is_kept_and_told() -> None:
    house = House()
    changes = house.hear(CLIP)
    assert changes.clip is not None
    assert changes.clip.sound == CLIP
    assert house.window.level is not None
    assert house.window.level.value == pytest.approx(-6.02, abs=0.01)
    features = HeardFeatures("s", (1.0,), {"la_eq": -50.0})
    assert house.hear(features) == Changes(features=features, level=True)
    assert house.window.level.value == -50.0


def test_only_a_calibrated_window_measures_noise() -> None:
    house = House()
    house.hear(HeardFeatures("s", (1.0,), {"la_eq": -50.0}))
    assert house.window.snapshot(house.now, house.services).noise is None  # -50 dB(A) would be silence
    house.hear(HeardFeatures("s", (1.0,), {"la_eq": -50.0, "spl_eq": 61.0}))
    assert house.window.snapshot(house.now, house.services).noise == 61.0


def test_chunks_become_a_clip_in_the_announced_format() -> None:
    house = House()
    house.hear(Announce("Bedroom", audio=AudioFormat(16_000)))
    pcm = b"\0\x40" * 8000
    assert not house.hear(Chunk(1, 1, 2, len(pcm), 8000, 0, pcm[8000:]))
    changes = house.hear(Chunk(1, 0, 2, len(pcm), 0, 0, pcm[:8000]))
    assert changes.clip is not None
    assert (changes.clip.rate, changes.clip.duration_s, changes.clip.pcm) == (16_000, 0.5, pcm)


def test_a_clip_that_stays_incomplete_is_given_up_and_counted() -> None:
    house = House()
    house.hear(Chunk(1, 1, 2, 8000, 4000, 0, b"\0" * 4000))
    assert [changes.clips_given_up for changes in house.wait(60, alive=False)] == [1]


def test_a_state_is_told_when_anything_but_its_time_changed() -> None:
    house = House()
    assert house.report() == Changes(state=True, moved=True, fence=True, start=True, live=True, availability=True)
    assert not house.report(replace(house.device, ts=5.0))
    assert house.report(replace(house.device, rain=True)) == Changes(state=True, hazard=True)
    assert house.report(replace(house.device, position=31.0)) == Changes(state=True, moved=True)
    assert house.report(replace(house.device, target=70.0)) == Changes(state=True, moved=True, set_out=True)
    assert house.report(house.next) == Changes(state=True, fence=True)
    assert house.report(replace(house.device, session="s2")) == Changes(state=True, fence=True)
    assert house.window.fence == ("s2", house.device.rev)


def test_a_press_is_a_hand_and_begins_a_hold() -> None:
    house = House().settle()
    assert house.report(replace(house.next, hand_id="h1")) == Changes(state=True, fence=True, hand=True, hold=True)
    assert house.window.hands.hold is not None
    assert house.window.hands.hold.cause is HoldCause.WINDOW
    assert house.window.hold_until == house.wall + 3600
    assert not house.decision().grant.act
    assert house.guard().machines is False


def test_a_press_while_home_assistant_was_away_is_a_hand() -> None:
    hands = Hands().see("h1", 0, WALL, 60)
    house = House()
    house.window = Window("bedroom", "home", HubSettings(), mode=Mode.AUTOMATIC, hands=hands)
    assert house.report(replace(house.device, hand_id="h2"), retained=True).hand
    assert house.decision().why is Why.HELD


def test_a_hold_ends_by_time_and_is_told() -> None:
    house = House(HubSettings(hold_minutes=2)).settle()
    house.report(replace(house.next, hand_id="h1"))
    told = [changes.hold for changes in house.wait(119) if changes.hold]
    assert told == []
    assert [changes.hold for changes in house.wait(1) if changes.hold] == [True]
    assert house.window.hold_until is None
    assert house.decision().grant.act


def test_when_a_hold_ends_the_next_reading_is_asked_and_nothing_before_it() -> None:
    house = House(HubSettings(hold_minutes=2)).settle()
    house.report(replace(house.next, hand_id="h1"))
    house.wait(300)
    assert house.asked == []
    house.temperature(20.0)
    assert len(house.asked) == 1


def test_a_persons_command_is_a_hand_until_it_is_released() -> None:
    house = House().settle()
    house.window.take_hand(house.now, house.wall)
    assert house.window.hands.hold is not None
    assert house.window.hands.hold.cause is HoldCause.PERSON
    assert house.decision().why is Why.HELD
    house.window.release()
    assert house.decision().grant.act


def test_nothing_but_a_hand_begins_a_hold() -> None:
    house = House().settle()
    house.report(replace(house.next, hand_id="h1"))
    house.window.release()
    house.temperature(25.0)
    for question in range(3):
        house.report(replace(house.next, session=f"s{question}", position=None, target=10.0, source=Source.USER))
        house.report(replace(house.next, rain=True, obstacle=True, fault="stall", hand_id=None))
        house.report(replace(house.next, hand_id="h1", source=Source.AUTOMATION))
        house.hear(Control(Source.USER, "c", position=3.0))
        house.hear(ControlResult("c", Result.ACCEPTED))
        house.hear(OWN)
        house.hear(Availability(online=bool(question % 2)))
        house.window.disconnected()
        house.window.set_mode(Mode.AUTOMATIC)
        house.wait(700)
        house.hear(answer(house.asked[0], acted=True))
        house.hear(result(house.asked[0], Result.ACCEPTED))
        assert house.window.hands.hold is None


def test_a_window_is_there_while_it_is_available_and_heard_within_three_heartbeats() -> None:
    house = House()
    assert not house.window.online(house.now)
    assert house.report().availability
    assert house.hear(Availability(online=True)) == Changes()
    house.wait(179, alive=False)
    assert house.window.online(house.now)
    assert [changes.availability for changes in house.wait(1, alive=False)] == [True]
    assert not house.window.online(house.now)
    assert house.report().availability
    assert house.hear(Availability(online=False)) == Changes(availability=True)
    assert house.window.availability is False
    assert not house.window.online(house.now)
    house.report()
    assert not house.window.online(house.now)


def test_a_window_that_only_sends_readings_is_there_while_they_can_be_used() -> None:
    house = House(HubSettings(reading_valid_s=900))
    house.temperature(21.0)
    house.wait(899, alive=False)
    assert house.window.online(house.now)
    house.wait(1, alive=False)
    assert not house.window.online(house.now)


def test_messages_of_others_do_not_prove_that_a_window_is_there() -> None:
    house = House()
    for message in (Control(Source.ML, "c", position=3.0), OWN):
        house.hear(message)
        assert not house.window.online(house.now)
        assert house.window.last_seen is None


def test_only_live_messages_count_as_seen() -> None:
    house = House()
    house.report(retained=True)
    assert house.window.last_seen is None
    house.wait(5, alive=False)
    house.report()
    assert house.window.last_seen == house.wall


def test_a_window_that_only_sent_readings_has_no_cover_and_gets_no_guard_and_no_question() -> None:
    house = House()
    house.temperature(21.0)
    house.wait(3600)  # `wait` would report a state; this one never does
    fresh = House()
    fresh.temperature(21.0)
    fresh.wait(600, alive=False)
    assert not fresh.window.has_cover
    assert fresh.decision().guard is None
    assert fresh.asked == []
    assert fresh.why() is Why.NO_STATE
    assert house.window.has_cover


@pytest.mark.parametrize(("capabilities", "cover"), [(("position",), True), (("temperature",), False), ((), False)])
def test_an_announce_says_whether_there_is_a_cover(capabilities: tuple[str, ...], cover: bool) -> None:
    house = House()
    announce = Announce("Bedroom", capabilities=capabilities)
    assert house.hear(announce, retained=True).announce
    assert house.window.has_cover is cover
    assert not house.hear(announce)
    assert house.hear(replace(announce, sw_version="2")).announce


def test_nothing_is_asked_before_live_state_has_settled() -> None:
    house = House()
    house.report(retained=True)
    house.temperature(21.0)
    house.now += 45
    house.turn()
    assert house.asked == []
    assert house.why() is Why.SETTLING
    assert house.report().live
    house.wait(29.9, alive=False)
    assert house.asked == []
    house.wait(0.1, alive=False)
    assert len(house.asked) == 1


def test_after_a_disconnection_comfort_waits_for_a_new_reading_and_no_question_is_out() -> None:
    house = House().settle()
    house.temperature(25.0)
    house.window.disconnected()
    assert not house.is_asking()
    assert not house.window.online(house.now)
    house.report(retained=True)
    assert house.window.online(house.now)
    assert not house.hear(answer(house.asked[0], acted=True))
    house.wait(4000)
    assert len(house.asked) == 1
    house.temperature(25.0)
    assert len(house.asked) == 2


def test_a_kept_reading_is_shown_and_asks_nothing() -> None:
    house = House().settle()
    for message in (Temperature(30.0), Humidity(90.0), CLIP):
        house.hear(message, retained=True)
    house.wait(3000)
    assert house.asked == []
    assert house.window.temperature is not None
    assert house.window.temperature.value == 30.0
    assert house.window.level is None


def test_a_window_of_another_contract_is_left_alone() -> None:
    house = House().settle()
    house.temperature(25.0)
    assert house.hear(OtherContract(2)).contract
    assert house.window.contract_mismatch == 2
    assert not house.is_asking()
    assert house.decision().guard is None
    before = house.window.state
    assert house.report(replace(house.next, hand_id="h9")) == Changes()
    assert house.hear(ControlResult("c1", Result.ACCEPTED)) == Changes()
    assert not house.temperature(1.0)
    assert house.window.state is before
    assert not house.hear(OtherContract(2))
    assert house.hear(Announce("Bedroom")) == Changes(announce=True, contract=True)
    assert house.decision().guard is not None


def test_a_window_that_wants_to_be_forgotten_is() -> None:
    house = House().settle()
    house.temperature(25.0)
    assert house.hear(Forget()).forgotten
    assert (house.window.state, house.window.announce, house.window.question) == (None, None, None)
    assert not house.window.has_cover
    assert not house.window.online(house.now)


def test_another_hubs_guard_leaves_this_one_to_advise_until_its_owner_takes_over() -> None:
    house = House().settle()
    assert house.hear(FOREIGN) == Changes(foreign_guard=True)
    assert not house.hear(FOREIGN)
    assert house.decision().guard is None
    assert not house.decision().grant.act
    assert house.decision().ask
    assert house.why() is Why.FOREIGN_GUARD
    house.window.take_over()
    assert house.decision().guard is not None
    assert house.decision().grant.act
    house.hear(FOREIGN)
    assert house.hear(OWN) == Changes(foreign_guard=True)
    assert house.window.foreign_hub is None


def test_no_guard_leaves_while_another_hubs_may_still_arrive() -> None:
    house = House()
    house.report(retained=True)
    assert house.decision().guard is None
    house.wait(2, alive=False)
    assert house.decision().guard is not None
    early = House()
    early.report(retained=True)
    early.hear(OWN, retained=True)
    assert early.decision().guard is not None
    quick = House(HubSettings(settle_s=0))
    quick.report(retained=True)
    assert quick.decision().guard is not None


def test_a_command_on_its_way_is_told_whoever_sent_it() -> None:
    control = Control(Source.AUTOMATION, "c", position=3.0)
    assert House().hear(control) == Changes(control=control)


def test_a_result_is_told() -> None:
    told = ControlResult("c", Result.ACCEPTED)
    assert House().hear(told).result == told


def test_a_window_wakes_in_the_future_or_not_at_all() -> None:
    house = House()
    assert house.window.wake_at(house.now) is None
    house.settle()
    house.temperature(25.0)
    for _ in range(200):
        at = house.window.wake_at(house.now)
        assert at is not None
        assert at > house.now
        house.now = at
        house.window.tick(house.now, house.wall)
        house.report()


def test_new_settings_hold_at_once() -> None:
    house = House().settle()
    house.window.set_settings(HubSettings(band_max=40.0))
    assert house.decision().grant.max == 40.0
    assert house.guard().max == 40.0


def test_news_stay_news_while_the_surroundings_say_the_same() -> None:
    house = House()
    house.report()
    assert not house.window.snapshot(house.now, house.services).news
    around = Surroundings(outdoor_temperature=12.0)
    house.window.surround(around, house.now)
    assert not house.window.snapshot(house.now, house.services).news  # what was there from the start is none
    house.window.surround(replace(around, outdoor_temperature=13.0), house.now)
    assert house.window.snapshot(house.now, house.services).news
    house.window.surround(replace(around, outdoor_temperature=13.0), house.now)
    assert house.window.snapshot(house.now, house.services).news


def test_the_plain_rule_is_not_on_duty_before_the_model_failed() -> None:
    house = House().settle()
    assert not Window("bedroom", "home", HubSettings()).snapshot(house.now, house.services).on_duty
    assert not house.window.snapshot(house.now, house.services).on_duty
    house.temperature(25.0)
    house.wait(house.settings.question_timeout_s + 1)
    assert house.window.snapshot(house.now, house.services).on_duty


def test_the_end_of_advice_that_a_person_asked_for_is_told_and_answers_no_reading() -> None:
    house = House().settle()
    request = house.window.ask("advice", house.decision(), house.now, house.wall, house.context, owner=Wish.ADVICE)
    assert not request.grant.act
    changes = house.hear(answer(request))
    assert changes.ended is not None
    assert changes.ended.question.advice
    assert changes.prediction is not None
    assert house.asked == []


@pytest.mark.parametrize("what", ["mode", "house", "window", "release"])
def test_the_same_reading_is_worth_a_question_again_after_each_change_of_the_rules(what: str) -> None:
    house = House().settle()
    house.temperature(21.0)
    house.finish()
    house.wait(120)
    house.temperature(21.0)
    assert len(house.asked) == 1
    match what:
        case "mode":
            house.window.set_mode(Mode.PROTECT)
            house.window.set_mode(Mode.AUTOMATIC)
        case "house":
            house.window.set_settings(replace(house.window.settings, band_max=80.0))
        case "release":
            house.window.release()
        case _:
            house.window.set_own(replace(house.window.own, min_confidence=0.4))
    house.temperature(21.0)
    house.wait(30)
    assert len(house.asked) > 1


def test_a_question_counts_how_often_it_was_asked() -> None:
    house = House().settle()
    house.temperature(21.0)
    ended = house.hear(answer(house.asked[0])).ended
    assert ended is not None
    assert ended.question.times == 1
