"""What goes to the record, and that its failure disturbs nothing."""

import asyncio
import json
import socket
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.account import account
from custom_components.smart_window.decision import Snapshot, decide
from custom_components.smart_window.frozen_json import from_json
from custom_components.smart_window.recorder.loss import Loss, LossKind
from custom_components.smart_window.recorder.problem import Problem
from custom_components.smart_window.recorder.rows import (
    ActionKind,
    ActionRow,
    AudioRow,
    ConfigurationRow,
    CorrectionKind,
    CorrectionRow,
    DecisionRow,
    DeviceRow,
    HeardBy,
    HoldRow,
    HumidityRow,
    PredictionRow,
    Row,
    TemperatureRow,
)
from custom_components.smart_window.recorder.spool_file import entry_of
from custom_components.smart_window.recording import ISSUES

from .house import QUICK, House, PlayedWindow, set_up, with_settings
from .test_questions import chunks, tone

STATUS = {
    "contract": 1,
    "instance": "ml-1",
    "state": "ready",
    "model_version": "m1",
    "feature_schema": "smart-window-51.v1",
    "counters": {"answered": 3},
}


@pytest.fixture
def rows(quick_house: House, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """What is handed to the recorder; tests/recorder shows what becomes of it."""
    taken: list[Row] = []
    monkeypatch.setattr(quick_house.hub.recording, "put", taken.append)
    return taken


def of[R: Row](kind: type[R], rows: list[Row]) -> list[R]:
    return [row for row in rows if isinstance(row, kind)]


async def test_readings_and_sound_are_recorded_in_numbers(
    quick_house: House, quick_window: PlayedWindow, rows: list[Row]
) -> None:
    await quick_window.measure("temperature", 21.5)
    await quick_window.measure("humidity", 44)
    for chunk in chunks(tone(1)):
        await quick_house.hear("sensor/bedroom/audio", chunk)
    features = {"format": "features", "schema": "sw-1", "values": [1, 2.5], "levels": {"l10": 61}}
    await quick_house.hear("sensor/bedroom/audio", features)
    [temperature], [humidity] = of(TemperatureRow, rows), of(HumidityRow, rows)
    assert (temperature.device_id, temperature.value) == ("bedroom", 21.5)
    assert humidity.value == 44
    home, window = of(AudioRow, rows)
    assert (home.heard_by, home.duration_s, home.sample_rate) == (HeardBy.HOME, 1, 16000)
    assert home.level_dbfs == pytest.approx(-20.77, abs=0.01)
    assert (window.heard_by, window.features, window.levels) == (HeardBy.WINDOW, {"0": 1, "1": 2.5}, {"l10": 61})


async def test_the_chain_of_a_move_is_recorded(quick_house: House, quick_window: PlayedWindow, rows: list[Row]) -> None:
    await quick_window.measure("temperature", 25)
    question = quick_house.sent("/request/bedroom")[-1].json["correlation_id"]
    control = {"position": 70, "source": "ml", "command_id": question, "session": "s1", "rev": 2, "confidence": 0.9}
    await quick_house.hear("window/bedroom/control", control)
    await quick_window.result(question, "accepted")
    await quick_window.answer(question, acted=True, features={"rms": 0.25})
    await quick_window.report(rev=3, target=70, command_id=question, source="ml")
    actions = {row.kind: row for row in of(ActionRow, rows)}
    assert actions.keys() == {ActionKind.COMMAND, ActionKind.RESULT, ActionKind.MOVED}
    assert all(row.command_id == question for row in actions.values())
    assert actions[ActionKind.COMMAND].position_to == 70
    assert actions[ActionKind.RESULT].result == "accepted"
    assert actions[ActionKind.MOVED].position_from == 30
    [prediction] = of(PredictionRow, rows)
    assert (prediction.correlation_id, prediction.position) == (question, 70)
    assert (prediction.acted, prediction.grant_act) == (True, True)
    assert list(prediction.reasons) == [("street_noise", -20)]
    assert prediction.temperature == 25
    assert prediction.error is None
    [heard] = of(AudioRow, rows)
    assert (heard.heard_by, heard.features) == (HeardBy.SERVICE, {"rms": 0.25})


async def test_one_id_runs_from_the_question_to_every_row_of_what_came_of_it(
    quick_house: House, quick_window: PlayedWindow, rows: list[Row]
) -> None:
    await quick_house.hear("ml/status/ml-1", STATUS)
    await quick_window.measure("temperature", 25)
    await quick_window.answer(quick_house.sent("/request/bedroom")[-1].json["correlation_id"])
    [reading] = of(TemperatureRow, rows)
    rows.clear()
    for chunk in chunks(tone(1)):
        await quick_house.hear("sensor/bedroom/audio", chunk)
    question = quick_house.sent("/request/bedroom")[-1].json["correlation_id"]
    await quick_window.answer(question, features={"rms": 0.25, "zcr": 1.5}, acted=True)
    control = {"position": 70, "source": "ml", "command_id": question, "session": "s1", "rev": 2, "confidence": 0.9}
    await quick_house.hear("window/bedroom/control", control)
    await quick_window.result(question, "accepted")
    await quick_window.report(rev=3, target=70, command_id=question, source="ml")
    await quick_window.report(rev=3, position=70)
    [prediction], [clip, heard] = of(PredictionRow, rows), of(AudioRow, rows)
    asked = next(row for row in of(DecisionRow, rows) if row.correlation_id == question)
    assert {row.correlation_id for row in of(ActionRow, rows)} == {question}
    assert (heard.correlation_id, heard.feature_schema) == (question, "smart-window-51.v1")
    assert (prediction.correlation_id, prediction.cause) == (question, "clip")
    assert (prediction.temperature_ts, prediction.audio_ts, prediction.humidity_ts) == (reading.ts, clip.ts, None)
    # The question can be asked again, by its features; its sound is nowhere.
    request = json.loads(prediction.request)
    assert request["audio"] == {"format": "features", "schema": "smart-window-51.v1", "values": [0.25, 1.5]}
    assert request["temperature"] == 25
    # And what it rested on can be decided again.
    again = decide(from_json(Snapshot, json.loads(asked.snapshot)))
    assert (again.why, again.grant.act, again.grant.max) == (asked.why, asked.grant_act, asked.grant_max)
    assert prediction.decision == asked.why
    assert "smart_window" not in asked.snapshot
    recent = quick_house.hub.chronicle.recent("bedroom")
    assert [row for row in recent if getattr(row, "correlation_id", None) == question]
    assert not [row for row in of(DecisionRow, list(recent)) if row.snapshot]


async def test_each_new_decision_is_recorded_with_its_trace_and_what_was_shown(
    quick_house: House, quick_window: PlayedWindow, rows: list[Row]
) -> None:
    await quick_house.act("select.select_option", "mode", option="off")
    decision = of(DecisionRow, rows)[-1]
    assert (decision.why, decision.told, decision.mode) == ("mode_off", "mode_off", "off")
    assert (decision.ask, decision.grant_act, decision.machines, decision.position) == (False, False, False, 30)
    assert {step.rule: step.why for step in decision.trace}["mode"] == "mode_off"
    count = len(of(DecisionRow, rows))
    await quick_window.measure("temperature", 21.5)
    assert len(of(DecisionRow, rows)) == count


async def test_a_hold_is_recorded_from_its_begin_to_its_end(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow, rows: list[Row]
) -> None:
    await quick_window.press("h1", target=0)
    [began] = of(HoldRow, rows)
    assert (began.cause, began.ended) == ("window", None)
    assert began.ends == pytest.approx(began.ts + 3600)
    await quick_house.wait(freezer, 600)
    await quick_house.act("button.press", "release_hold")
    ended = of(HoldRow, rows)[-1]
    assert (ended.ts, ended.cause) == (began.ts, "window")
    assert ended.ended is not None
    assert ended.ended > began.ts


async def test_a_hand_after_the_models_move_is_recorded_as_a_correction_with_its_question(
    quick_house: House, quick_window: PlayedWindow, rows: list[Row]
) -> None:
    await quick_window.measure("temperature", 25)
    question = quick_house.sent("/request/bedroom")[-1].json["correlation_id"]
    await quick_window.answer(question, acted=True)
    await quick_window.result(question, "accepted")
    await quick_window.report(rev=3, target=70, position=70, command_id=question, source="ml")
    await quick_window.press("h1", target=10, operation="closing", command_id=None)
    assert of(CorrectionRow, rows) == []
    await quick_window.report(position=10, operation="idle")
    [correction] = of(CorrectionRow, rows)
    assert (correction.kind, correction.correlation_id) == (CorrectionKind.UNDONE, question)
    assert (correction.position_model, correction.position_owner, correction.confidence) == (70, 10, 0.9)
    assert json.loads(correction.request)["temperature"] == 25


@pytest.mark.parametrize(("rain", "told"), [(False, [CorrectionKind.REFUSED]), (True, [])])
async def test_a_hand_elsewhere_than_advised_refuses_the_advice_but_not_in_rain(
    quick_house: House, quick_window: PlayedWindow, rows: list[Row], *, rain: bool, told: list[CorrectionKind]
) -> None:
    await quick_house.act("select.select_option", "mode", option="advise")
    await quick_window.report(rev=3)
    await quick_window.measure("temperature", 25)
    question = quick_house.sent("/request/bedroom")[-1].json["correlation_id"]
    await quick_window.answer(question)
    if rain:
        await quick_window.report(rain=True, rev=4)
    await quick_window.press("h1", target=10, position=10)
    assert [row.kind for row in of(CorrectionRow, rows)] == told


async def test_a_change_of_a_windows_settings_is_recorded_with_what_was_before(
    quick_house: House, quick_window: PlayedWindow, rows: list[Row]
) -> None:
    await quick_house.act("select.select_option", "mode", option="protect")
    await with_settings(quick_house, limits={"band_max": 60})
    changed = {row.setting: (row.value_before, row.value) for row in of(ConfigurationRow, rows)}
    assert changed == {"mode": ('"automatic"', '"protect"'), "band_max": ("100.0", "60.0")}
    assert json.loads(of(DeviceRow, rows)[-1].configuration)["band_max"] == 60


async def test_a_hand_is_recorded_as_one(quick_house: House, quick_window: PlayedWindow, rows: list[Row]) -> None:
    await quick_window.press("h1", target=0)
    assert [row.kind for row in of(ActionRow, rows)] == [ActionKind.MOVED, ActionKind.HAND]
    assert [row.source for row in of(ActionRow, rows)] == ["user", "user"]


async def test_a_question_without_an_answer_is_recorded_as_that(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow, rows: list[Row]
) -> None:
    await quick_window.measure("temperature", 25)
    await quick_house.wait(freezer, 11)
    [prediction] = of(PredictionRow, rows)
    assert prediction.position is None
    assert prediction.error == "no_answer"


async def test_a_device_is_recorded_when_it_appears_and_when_it_is_set_otherwise(
    freezer: FrozenDateTimeFactory, quick_house: House, rows: list[Row]
) -> None:
    window = PlayedWindow(quick_house)
    await window.appear()
    [first] = of(DeviceRow, rows)
    assert (first.name, first.area, first.mode) == ("Bedroom window", "Bedroom", "advise")
    await quick_house.wait(freezer, 5)
    await quick_house.act("select.select_option", "mode", option="automatic")
    second = of(DeviceRow, rows)[-1]
    assert second.mode == "automatic"
    assert second.ts > first.ts
    await quick_house.wait(freezer, 60)
    assert of(DeviceRow, rows)[-1].ts == second.ts


async def test_a_window_that_is_given_another_name_is_recorded_anew(
    freezer: FrozenDateTimeFactory, quick_house: House, rows: list[Row]
) -> None:
    window = PlayedWindow(quick_house)
    await window.appear()
    await quick_house.wait(freezer, 5)
    window.announce["name"] = "Window to the yard"
    await window.appear()
    first, second = of(DeviceRow, rows)
    assert (first.name, second.name) == ("Bedroom window", "Window to the yard")


async def test_clickhouse_absent_is_a_repair_and_all_else_works(
    socket_enabled: None, hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options: dict[str, Any] = QUICK | {"recording": {"clickhouse_url": f"http://127.0.0.1:{port}"}}
    house = await set_up(hass, mqtt_mock, options)
    window = PlayedWindow(house)
    await window.appear()
    await window.measure("temperature", 25)
    async with asyncio.timeout(10):
        while house.issues() != {"recording_fails"}:  # noqa: ASYNC110 - repairs come without an event of ours
            await asyncio.sleep(0.01)
    assert house.shown("cover", "cover") == "open"
    recorder = house.hub.recording.recorder
    assert recorder is not None
    assert recorder.problem is Problem.UNREACHABLE
    house.hub.recording.problem(None)
    assert house.issues() == set()
    spool = house.hub.recording._folder
    assert await hass.config_entries.async_unload(house.entry.entry_id)
    assert {entry.table for file in spool.iterdir() if (entry := entry_of(file.name))} >= {
        "sensor_temperature",
        "device_registry",
    }
    assert await hass.config_entries.async_remove(house.entry.entry_id)
    assert not spool.exists()


@pytest.mark.parametrize("problem", Problem)
async def test_each_problem_has_a_repair_and_the_next_one_takes_its_place(
    house: House, problem: Problem, caplog: pytest.LogCaptureFixture
) -> None:
    house.hub.recording.problem(Problem.UNREACHABLE)
    house.hub.recording.problem(problem)
    assert house.issues() == {ISSUES[problem]}
    house.hub.recording.problem(None)
    assert house.issues() == set()


async def test_lost_rows_are_told_once_a_minute_with_their_causes(house: House, freezer: FrozenDateTimeFactory) -> None:
    recording = house.hub.recording
    recording._lose(Loss(LossKind.THINNED, "sensor_temperature", 40))
    recording._lose(Loss(LossKind.REFUSED, "", 2))
    assert house.issues() == set()
    await house.wait(freezer, 61)
    issue = ir.async_get(house.hass).async_get_issue("smart_window", "recording_loses")
    assert issue is not None
    assert issue.translation_placeholders == {
        "rows": "42",
        "causes": "40 thinned because the room on disk was full, 2 because memory was full",
    }


async def test_options_that_make_no_address_record_nothing_and_say_so(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, caplog: pytest.LogCaptureFixture
) -> None:
    house = await set_up(hass, mqtt_mock, {"recording": {"clickhouse_url": "nonsense"}})
    assert house.hub.recording.recorder is None
    assert "Nothing is recorded" in caplog.text
    await PlayedWindow(house).appear()
    assert house.shown("cover", "cover") == "open"


async def test_a_question_that_is_asked_again_has_one_id_and_a_row_for_each_time(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow, rows: list[Row]
) -> None:
    await quick_house.hear("ml/status/ml-1", STATUS)
    await quick_window.measure("temperature", 25)
    question = quick_house.sent("/request/bedroom")[-1].json["correlation_id"]
    await quick_house.wait(freezer, 11)
    await quick_house.wait(freezer, 31)
    asked = [message.json["correlation_id"] for message in quick_house.sent("/request/bedroom")]
    assert asked[-2:] == [question, question]
    await quick_window.answer(question, acted=False)
    first, second = (row for row in of(PredictionRow, rows) if row.correlation_id == question)
    assert (first.error, second.error, second.position) == ("no_answer", None, 70)
    assert first.ts < second.ts
    decided = [row for row in of(DecisionRow, rows) if row.correlation_id == question]
    assert [row.ts for row in decided] == [first.ts, second.ts]
    station = quick_house.hub.roster.get("bedroom")
    assert station is not None
    told = await account(quick_house.hub, station, None, question)
    chain = told["chain"]
    assert isinstance(chain, list)
    assert [step["what"] for step in chain if isinstance(step, dict)] == [
        "decision",
        "question",
        "decision",
        "question",
    ]
    assert told["correlation_id"] == question
