import json
import struct
import zlib

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from .house import QUICK, House, PlayedWindow, set_up

REQUEST = "ml/inference/request/bedroom"


def chunks(pcm: bytes, size: int = 2048, clip_id: int = 7) -> list[bytes]:
    pieces = [pcm[start : start + size] for start in range(0, len(pcm), size)]
    return [
        struct.pack("<4sIHHIIQI", b"SWA1", clip_id, seq, len(pieces), len(pcm), seq * size, 0, zlib.crc32(piece))
        + piece
        for seq, piece in enumerate(pieces)
    ]


def tone(seconds: float) -> bytes:
    frames = int(16000 * seconds)
    return struct.pack(f"<{frames}h", *(3000 if index % 40 < 20 else -3000 for index in range(frames)))


async def test_a_change_asks_a_question_that_carries_all_that_is_needed(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.measure("humidity", 45)
    [sent] = quick_house.sent(REQUEST)
    assert (sent.qos, sent.retain) == (1, False)
    asked = sent.json
    assert asked["contract"] == 1
    assert (asked["session"], asked["rev"]) == ("s1", 2)
    assert asked["humidity"] == 45
    assert asked["grant"] == {"act": True, "min": 0, "max": 100, "min_confidence": 0.6, "ttl_s": 8}
    assert asked["context"]["position"] == 30
    assert 0 <= asked["context"]["hour"] < 24


async def test_the_weather_entity_is_asked_along(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    hass.states.async_set("weather.home", "sunny", {"temperature": 12, "temperature_unit": "°C", "humidity": 81})
    house = await set_up(hass, mqtt_mock, QUICK | {"outdoors": {"weather_entity": "weather.home"}})
    window = PlayedWindow(house)
    await window.appear()
    await window.report(rev=2)
    await window.measure("temperature", 21)
    context = house.sent(REQUEST)[-1].json["context"]
    assert context["outdoor_temperature"] == 12
    assert context["outdoor_humidity"] == 81
    assert "wind_speed" not in context


@pytest.mark.freeze_time("2026-11-23 15:30:00+00:00")
async def test_the_hour_is_the_homes(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_house.hass.config.async_set_time_zone("Asia/Kathmandu")
    await quick_window.measure("temperature", 21)
    assert quick_house.sent(REQUEST)[-1].json["context"]["hour"] == 21.25


async def test_the_guard_is_there_before_any_question(quick_house: House) -> None:
    window = PlayedWindow(quick_house, "kitchen")
    await window.appear()
    await window.measure("temperature", 21)
    await window.report(rev=2)
    topics = [one.topic for one in quick_house.sent("/kitchen", "kitchen/guard")]
    assert topics[0] == "window/kitchen/guard"
    assert "ml/inference/request/kitchen" in topics


async def test_after_a_new_guard_the_question_waits_for_the_state_that_follows(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_house.act("select.select_option", "mode", option="advise")
    await quick_window.measure("temperature", 25)
    assert quick_house.sent(REQUEST) == []
    await quick_window.report(rev=3)
    assert quick_house.sent(REQUEST)[-1].json["rev"] == 3


async def test_an_answer_shows_and_says_why(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_house.act("select.select_option", "mode", option="advise")
    await quick_window.report(rev=3)
    await quick_window.measure("temperature", 25)
    asked = quick_house.sent(REQUEST)[-1].json
    assert asked["grant"]["act"] is False
    await quick_window.answer(asked["correlation_id"])
    assert quick_house.shown("sensor", "prediction") == "70.0"
    assert quick_house.shown("sensor", "confidence") == "90.0"
    assert quick_house.shown("sensor", "reason") == "advised"


async def test_a_move_by_the_model_ends_the_question(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.measure("temperature", 25)
    correlation_id = quick_house.sent(REQUEST)[-1].json["correlation_id"]
    control = {
        "position": 70,
        "source": "ml",
        "command_id": correlation_id,
        "session": "s1",
        "rev": 2,
        "confidence": 0.9,
    }
    await quick_house.hear("window/bedroom/control", control)
    await quick_window.result(correlation_id, "accepted")
    await quick_window.answer(correlation_id, acted=True)
    await quick_window.report(rev=3, target=70, operation="opening", command_id=correlation_id, source="ml")
    assert quick_house.shown("cover", "cover") == "opening"
    assert quick_house.shown("sensor", "reason") == "moved_by_model"
    assert quick_house.moves() == []


async def test_one_question_is_out_at_a_time(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.measure("temperature", 25)
    await quick_window.measure("temperature", 30)
    await quick_window.measure("humidity", 90)
    assert len(quick_house.sent(REQUEST)) == 1
    await quick_window.answer(quick_house.sent(REQUEST)[-1].json["correlation_id"])
    assert len(quick_house.sent(REQUEST)) == 2


async def test_an_answer_to_a_forgotten_question_changes_nothing(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    before = {state.entity_id: state.state for state in quick_house.hass.states.async_all()}
    await quick_window.answer("never-asked", acted=True)
    assert {state.entity_id: state.state for state in quick_house.hass.states.async_all()} == before
    assert quick_house.sent() == []


async def test_a_silent_service_is_the_reason_and_after_three_times_a_repair(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.measure("temperature", 25)
    for count in range(1, 4):
        assert len(quick_house.sent(REQUEST)) == count
        assert "service_missing" not in quick_house.issues()
        await quick_house.wait(freezer, 11)
        assert quick_house.shown("sensor", "reason") == "no_answer"
        await quick_window.report()
        await quick_house.wait(freezer, 45)
        await quick_window.report()
    assert "service_missing" in quick_house.issues()
    assert quick_house.moves() == []
    await quick_window.answer(quick_house.sent(REQUEST)[-1].json["correlation_id"])
    assert "service_missing" not in quick_house.issues()


async def test_a_service_that_comes_back_is_asked_without_waiting_out_the_pause(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.measure("temperature", 25)
    await quick_house.wait(freezer, 11)
    assert len(quick_house.sent(REQUEST)) == 1
    await quick_house.hear("ml/status/ml-1", {"contract": 1, "instance": "ml-1", "state": "ready"})
    assert len(quick_house.sent(REQUEST)) == 2


async def test_a_service_that_is_offline_for_two_minutes_is_a_repair_until_it_is_ready(
    freezer: FrozenDateTimeFactory, house: House
) -> None:
    status = {"contract": 1, "instance": "ml-1", "state": "offline"}
    await house.hear("ml/status/ml-1", status, retain=True)
    await house.wait(freezer, 119)
    assert house.issues() == set()
    await house.wait(freezer, 2)
    assert house.issues() == {"service_missing"}
    await house.hear("ml/status/ml-1", status | {"state": "ready"})
    assert house.issues() == set()


async def test_a_service_of_another_contract_is_asked_nothing_and_told_to_the_owner(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_house.hear("ml/status/ml-1", {"contract": 2, "instance": "ml-1", "state": "ready"}, retain=True)
    await quick_window.measure("temperature", 25)
    assert quick_house.sent(REQUEST) == []
    assert quick_house.issues() == {"service_contract"}
    assert quick_house.shown("sensor", "reason") == "service_contract"
    await quick_house.hear("ml/status/ml-1", "")
    assert quick_house.issues() == set()
    await quick_window.measure("temperature", 26)
    assert len(quick_house.sent(REQUEST)) == 1


async def test_mode_off_asks_nothing(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_house.act("select.select_option", "mode", option="off")
    await quick_window.report(rev=3)
    await quick_window.measure("temperature", 25)
    assert quick_house.sent(REQUEST) == []
    assert quick_house.shown("sensor", "reason") == "mode_off"


async def test_a_clip_in_chunks_becomes_one_question_with_its_sound(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    pcm = tone(1)
    for chunk in reversed(chunks(pcm)):
        await quick_house.hear("sensor/bedroom/audio", chunk)
    [sent] = quick_house.sent(REQUEST)
    audio = sent.json["audio"]
    assert (audio["format"], audio["sample_rate"], audio["channels"]) == ("pcm_s16le", 16000, 1)
    assert len(audio["data"]) == 4 * ((len(pcm) + 2) // 3)
    assert quick_house.shown("sensor", "sound_level") == "-20.8"


async def test_the_last_chunk_lets_the_question_leave_at_once(quick_house: House, quick_window: PlayedWindow) -> None:
    *most, last = chunks(tone(5))
    for chunk in most:
        await quick_house.hear("sensor/bedroom/audio", chunk, settle=False)
    await quick_house.settle()
    assert quick_house.sent(REQUEST) == []
    await quick_house.hear("sensor/bedroom/audio", last, settle=False)
    sent = await quick_house.until_sent(REQUEST)
    assert json.loads(sent.payload)["audio"]["format"] == "pcm_s16le"


async def test_nothing_is_asked_while_settling(
    freezer: FrozenDateTimeFactory, hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await set_up(hass, mqtt_mock, {"questions": {"min_interval_s": 0}, "advanced": {"settle_s": 30}})
    window = PlayedWindow(house)
    await window.appear()
    await house.act("select.select_option", "mode", option="automatic")
    await window.measure("temperature", 25)
    await house.wait(freezer, 29)
    await window.report(rev=2)
    assert house.sent(REQUEST) == []
    assert house.shown("sensor", "reason") == "settling"
    await house.wait(freezer, 2)
    await window.measure("temperature", 26)
    assert len(house.sent(REQUEST)) == 1
