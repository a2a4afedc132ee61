"""A correction teaches the model; what it learnt is kept, sent with each question, and the owner can take it back."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.contract.feedback import Feedback, decode_feedback

from .house import QUICK, House, PlayedWindow, set_up
from .test_actions import act, advise

LAYER: dict[str, Any] = {"schema": "layer.v1", "version": 1, "evidence": 1.0, "values": [0.25, -0.5]}
READY = {"contract": 1, "instance": "ml-1", "state": "ready", "model_version": "m1", "feature_schema": "two.v1"}


async def question(house: House, window: PlayedWindow, temperature: float) -> dict[str, Any]:
    house.forget_sent()
    await window.measure("temperature", temperature)
    return house.sent("/request/bedroom")[-1].json


async def undone(house: House, window: PlayedWindow) -> str:
    """The model moves the window, and its owner undoes it; the question's id."""
    asked = (await question(house, window, 25))["correlation_id"]
    await window.answer(asked, acted=True, features={"first": 1.5, "second": -2.0})
    await window.result(asked, "accepted")
    await window.report(rev=3, target=70, position=70, command_id=asked, source="ml")
    await window.press("h1", target=10, position=10, operation="idle", command_id=None)
    return str(asked)


async def corrected(house: House, window: PlayedWindow) -> str:
    """The model only advises, and the owner moves the window elsewhere; the question's id."""
    await advise(house, window)
    asked = house.sent("/request/bedroom")[-1].json["correlation_id"]
    await window.press("h1", target=10, position=10)
    return str(asked)


async def taught(house: House, correlation_id: str, layer: dict[str, Any] | None = LAYER, **changes: object) -> None:
    """The model answers a correction."""
    answer = {"contract": 1, "correlation_id": correlation_id, "layer": layer, "model_version": "m1", "error": None}
    await house.hear("ml/feedback/bedroom/result", answer | changes)


async def released(house: House) -> None:
    await house.act("button.press", "release")


def feedback_of(house: House) -> list[Feedback]:
    found = [decode_feedback(sent.payload) for sent in house.sent("ml/feedback/bedroom")]
    assert all(isinstance(one, Feedback) for one in found)
    return [one for one in found if isinstance(one, Feedback)]


async def test_a_hand_after_the_models_move_teaches_it_with_all_that_it_knew(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_house.hear("ml/status/ml-1", READY)
    asked = await undone(quick_house, quick_window)
    [feedback] = feedback_of(quick_house)
    assert (feedback.correlation_id, feedback.position, feedback.layer) == (asked, 10, None)
    assert feedback.asked.temperature == 25
    assert feedback.asked.context.position == 30
    heard = feedback.asked.audio
    assert heard is not None
    assert (getattr(heard, "schema", None), getattr(heard, "values", None)) == ("two.v1", (1.5, -2.0))


async def test_what_was_learnt_goes_with_the_next_question_and_into_the_next_lesson(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await taught(quick_house, await corrected(quick_house, quick_window))
    await released(quick_house)
    assert (await question(quick_house, quick_window, 29))["layer"] == LAYER
    asked = quick_house.sent("/request/bedroom")[-1].json["correlation_id"]
    await quick_window.answer(asked, position=70)
    await act(quick_house, "refuse")
    assert [one.layer is not None for one in feedback_of(quick_house)] == [True]


async def test_a_refused_suggestion_teaches_where_the_window_stands(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await advise(quick_house, quick_window)
    await act(quick_house, "refuse")
    [feedback] = feedback_of(quick_house)
    assert feedback.position == 30


@pytest.mark.parametrize("why", ["rain", "lock", "away"])
async def test_a_hand_in_rain_at_a_locked_window_or_from_afar_teaches_nothing(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, why: str
) -> None:
    hass.states.async_set("person.a", "home")
    house = await set_up(hass, mqtt_mock, QUICK | {"outdoors": {"anybody_home": ["person.a"]}})
    window = PlayedWindow(house)
    await window.appear()
    await advise(house, window)
    match why:
        case "rain":
            await window.report(rain=True, rev=9)
        case "lock":
            await window.report(lock="child", rev=9)
        case _:
            hass.states.async_set("person.a", "not_home")
            await house.settle()
    await act(house, "refuse")
    await window.press("h1", target=10, position=10)
    assert feedback_of(house) == []


async def test_a_hand_that_agrees_teaches_nothing(quick_house: House, quick_window: PlayedWindow) -> None:
    await advise(quick_house, quick_window, position=70)
    await quick_window.press("h1", target=72, position=72)
    assert feedback_of(quick_house) == []


async def test_answers_that_nobody_waits_for_change_nothing(quick_house: House, quick_window: PlayedWindow) -> None:
    await taught(quick_house, "never-asked")
    asked = await corrected(quick_house, quick_window)
    await taught(quick_house, "another")
    failed = {"code": "no_model", "message": "still loading"}
    await taught(quick_house, asked, None, model_version=None, error=failed)
    await taught(quick_house, asked)  # it was answered already
    await quick_house.hear("ml/feedback/stranger/result", {"contract": 1, "correlation_id": asked, "layer": LAYER})
    await released(quick_house)
    assert "layer" not in await question(quick_house, quick_window, 29)
    assert quick_house.hub.roster.get("stranger") is None


async def test_the_owner_sees_resets_and_takes_back_what_was_learnt(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await taught(quick_house, await corrected(quick_house, quick_window))
    seen = (await act(quick_house, "learning"))["windows"]["bedroom"]
    assert seen["version"] == 1
    assert [(one["version"], one["origin"], one["corrections"]) for one in seen["versions"]] == [(1, "learnt", 1.0)]
    reset = (await act(quick_house, "reset_learning"))["windows"]["bedroom"]
    assert reset["version"] == 2
    await released(quick_house)
    assert "layer" not in await question(quick_house, quick_window, 29)
    back = (await act(quick_house, "roll_back_learning", version=1))["windows"]["bedroom"]
    assert [one["origin"] for one in back["versions"]] == ["rolled_back", "reset", "learnt"]
    station = quick_house.hub.roster.get("bedroom")
    assert station is not None
    assert station.window.layers.present is not None
    with pytest.raises(HomeAssistantError) as refused:
        await act(quick_house, "roll_back_learning", version=77)
    assert refused.value.translation_key == "no_such_version"


async def test_a_reset_also_ends_the_lesson_that_is_out(quick_house: House, quick_window: PlayedWindow) -> None:
    asked = await corrected(quick_house, quick_window)
    await act(quick_house, "reset_learning")
    await taught(quick_house, asked)
    station = quick_house.hub.roster.get("bedroom")
    assert station is not None
    assert station.window.layers.present is None


async def test_what_was_learnt_survives_a_restart(
    hass: HomeAssistant, quick_house: House, quick_window: PlayedWindow
) -> None:
    await taught(quick_house, await corrected(quick_house, quick_window))
    assert await hass.config_entries.async_reload(quick_house.entry.entry_id)
    await quick_house.settle()
    await quick_window.appear()
    station = quick_house.hub.roster.get("bedroom")
    assert station is not None
    present = station.window.layers.present
    assert present is not None
    assert present.values == (0.25, -0.5)
