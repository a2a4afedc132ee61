"""Actions: what they do, what they answer, and what they say of targets and windows that do not fit."""

import asyncio
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from probatio import Invalid

from custom_components.smart_window.recorder.rows import CorrectionKind, CorrectionRow, Row

from .house import House, PlayedWindow


def act(house: House, action: str, target: dict[str, Any] | None = None, **data: object) -> asyncio.Task[Any]:
    """Call an action of ours on the bedroom's cover, else on this target; what it answers."""
    meant = {"entity_id": house.entity("cover", "cover")} if target is None else target
    call = house.hass.services.async_call(
        "smart_window", action, {**meant, **data}, blocking=True, return_response=True
    )
    return house.hass.async_create_background_task(call, action)


async def advise(house: House, window: PlayedWindow, position: float = 70, confidence: float = 0.9) -> None:
    """The model answers, and may not act: the window only takes advice."""
    await house.act("select.select_option", "mode", option="advise")
    now = window.now["rev"]
    assert isinstance(now, int)
    await window.report(rev=now + 1)
    house.forget_sent()
    await window.measure("temperature", 26 + position / 100)
    asked = house.sent("/request/bedroom")[-1].json["correlation_id"]
    await window.answer(asked, position=position, confidence=confidence)


async def test_the_actions_are_there_without_an_entry_and_say_what_is_missing(
    hass: HomeAssistant, mqtt_mock: object
) -> None:
    assert await async_setup_component(hass, "smart_window", {})
    assert {"hold", "release", "predict", "accept", "refuse", "home", "clear"} <= set(
        hass.services.async_services()["smart_window"]
    )
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call("smart_window", "hold", {"entity_id": "cover.x"}, blocking=True)
    assert refused.value.translation_key == "not_loaded"


@pytest.mark.parametrize("target", ["entity", "device", "area", "other entity of it"])
async def test_a_window_is_meant_by_any_of_its_names(
    quick_house: House, quick_window: PlayedWindow, target: str
) -> None:
    device = quick_house.device()
    assert device is not None
    targets: dict[str, dict[str, Any]] = {
        "entity": {"entity_id": quick_house.entity("cover", "cover")},
        "device": {"device_id": device.id},
        "area": {"area_id": "bedroom"},
        "other entity of it": {"entity_id": quick_house.entity("sensor", "reason")},
    }
    answer = await act(quick_house, "hold", targets[target], duration={"hours": 1})
    assert list(answer["windows"]) == ["bedroom"]
    assert quick_house.shown("binary_sensor", "held") == "on"


async def test_a_hold_lasts_as_long_as_said_and_moves_nothing(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    answer = await act(quick_house, "hold", duration="00:10:00")
    assert quick_house.moves() == []
    assert quick_house.sent("/guard")[-1].json["machines"] is False
    until = quick_house.state("sensor", "hold_until")
    assert until is not None
    assert answer["windows"]["bedroom"]["hold_until"][:19] == until.state[:19]
    await quick_house.wait(freezer, 601)
    await quick_window.report()
    assert quick_house.shown("binary_sensor", "held") == "off"


@pytest.mark.parametrize("duration", ["00:00:10", {"days": 8}, "soon", -5])
async def test_a_hold_of_a_length_that_does_not_fit_is_refused(
    quick_house: House, quick_window: PlayedWindow, duration: object
) -> None:
    with pytest.raises(Invalid):
        await act(quick_house, "hold", duration=duration)
    assert quick_house.shown("binary_sensor", "held") == "off"


async def test_release_ends_a_hold_and_says_whether_there_was_one(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    assert (await act(quick_house, "release"))["windows"]["bedroom"]["was_held"] is False
    await quick_window.press("h1")
    assert (await act(quick_house, "release"))["windows"]["bedroom"]["was_held"] is True
    assert quick_house.shown("binary_sensor", "held") == "off"


async def test_predict_asks_without_moving_and_answers_in_words_and_numbers(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.measure("temperature", 21)
    await quick_window.answer(quick_house.sent("/request/bedroom")[-1].json["correlation_id"])
    quick_house.forget_sent()
    task = act(quick_house, "predict")
    request = (await quick_house.until_sent("/request/bedroom")).json
    assert request["grant"]["act"] is False
    assert not task.done()
    await quick_window.answer(request["correlation_id"], position=15, confidence=0.8)
    answer = (await task)["windows"]["bedroom"]
    assert answer == {
        "name": "Bedroom window",
        "position": 15,
        "confidence": 0.8,
        "reasons": [{"code": "street_noise", "effect": -20}],
        "model_version": "m1",
        "sentence": "The model advises 15 %: street noise, confidence 80 %.",
    }
    assert quick_house.moves() == []


async def test_predict_swallows_no_change_that_waits_for_its_answer(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_house.act("select.select_option", "mode", option="off")
    await quick_window.report(rev=3)
    await quick_window.measure("temperature", 21)
    assert quick_house.sent("/request/bedroom") == []
    task = act(quick_house, "predict")
    asked = (await quick_house.until_sent("/request/bedroom")).json["correlation_id"]
    await quick_window.answer(asked)
    await task
    quick_house.forget_sent()
    await quick_house.act("select.select_option", "mode", option="automatic")
    await quick_window.report(rev=4)
    await quick_window.measure("temperature", 21)
    [request] = quick_house.sent("/request/bedroom")
    assert request.json["grant"]["act"] is True


async def test_predict_says_when_nobody_answers(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.measure("temperature", 21)
    await quick_window.answer(quick_house.sent("/request/bedroom")[-1].json["correlation_id"])
    quick_house.forget_sent()
    task = act(quick_house, "predict")
    await quick_house.until_sent("/request/bedroom")
    await quick_house.wait(freezer, 11)
    with pytest.raises(HomeAssistantError) as failed:
        await task
    assert failed.value.translation_key == "service_silent"


async def test_predict_tells_why_the_service_could_not(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.measure("temperature", 21)
    await quick_window.answer(quick_house.sent("/request/bedroom")[-1].json["correlation_id"])
    quick_house.forget_sent()
    task = act(quick_house, "predict")
    asked = (await quick_house.until_sent("/request/bedroom")).json["correlation_id"]
    error = {"code": "no_model", "message": "no model is loaded"}
    await quick_window.answer(asked, position=None, confidence=None, reasons=[], model_version=None, error=error)
    with pytest.raises(HomeAssistantError) as failed:
        await task
    assert failed.value.translation_placeholders == {"name": "Bedroom window", "reason": "no model is loaded"}


async def test_an_accepted_suggestion_is_a_hand(quick_house: House, quick_window: PlayedWindow) -> None:
    await advise(quick_house, quick_window, position=70)
    task = act(quick_house, "accept")
    sent = await quick_house.until_sent("/control")
    assert (sent.json["position"], sent.json["source"]) == (70, "user")
    await quick_window.result(sent.json["command_id"], "accepted")
    assert (await task)["windows"]["bedroom"]["position"] == 70
    assert quick_house.shown("binary_sensor", "held") == "on"


async def test_a_suggestion_is_told_once_and_a_refused_one_not_again(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    heard: list[Event] = []
    quick_house.hass.bus.async_listen("smart_window_decision", heard.append)
    await advise(quick_house, quick_window, position=70)
    await advise(quick_house, quick_window, position=72)
    assert [(one.data["event_type"], one.data["position"]) for one in heard] == [("suggested", 70)]
    assert heard[0].data["confidence"] == 90
    assert (await act(quick_house, "refuse"))["windows"]["bedroom"] == {
        "name": "Bedroom window",
        "position": 72,
        "kept": 30,
    }
    await advise(quick_house, quick_window, position=73)
    assert [one.data["event_type"] for one in heard] == ["suggested", "suggestion_refused"]
    assert quick_house.moves() == []
    await advise(quick_house, quick_window, position=5)
    assert heard[-1].data["position"] == 5


async def test_a_suggestion_of_the_position_that_is_is_none(quick_house: House, quick_window: PlayedWindow) -> None:
    heard: list[Event] = []
    quick_house.hass.bus.async_listen("smart_window_decision", heard.append)
    await advise(quick_house, quick_window, position=32)
    assert heard == []


async def test_what_was_never_suggested_can_be_neither_accepted_nor_refused(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    for action in ("accept", "refuse"):
        with pytest.raises(HomeAssistantError) as refused:
            await act(quick_house, action)
        assert refused.value.translation_key == "no_suggestion"


async def test_old_advice_opens_nothing(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await advise(quick_house, quick_window)
    freezer.tick(3700)
    await quick_window.report()
    with pytest.raises(HomeAssistantError) as refused:
        await act(quick_house, "accept")
    assert refused.value.translation_key == "suggestion_old"
    assert quick_house.moves() == []


async def test_advice_to_open_counts_for_nothing_once_it_rains(quick_house: House, quick_window: PlayedWindow) -> None:
    await advise(quick_house, quick_window)
    await quick_window.report(rain=True, rev=9)
    with pytest.raises(HomeAssistantError) as refused:
        await act(quick_house, "accept")
    assert refused.value.translation_key == "suggestion_in_hazard"
    assert [one for one in quick_house.moves() if one.json["source"] == "user"] == []


@pytest.mark.parametrize("action", ["home", "clear"])
async def test_home_and_clear_are_a_persons_commands(
    quick_house: House, quick_window: PlayedWindow, action: str
) -> None:
    task = act(quick_house, action)
    sent = await quick_house.until_sent("/control")
    assert (sent.json["action"], sent.json["source"]) == (action, "user")
    await quick_window.result(sent.json["command_id"], "accepted")
    assert (await task)["windows"]["bedroom"] == {"name": "Bedroom window", "accepted": True}


@pytest.mark.parametrize("action", ["predict", "accept", "home", "clear"])
async def test_of_several_windows_none_is_touched_when_one_is_away(
    quick_house: House, quick_window: PlayedWindow, action: str
) -> None:
    kitchen = PlayedWindow(quick_house, "kitchen")
    await kitchen.appear()
    await quick_house.hear("window/kitchen/availability", "offline")
    quick_house.forget_sent()
    both = {"entity_id": [quick_house.entity("cover", "cover", one) for one in ("bedroom", "kitchen")]}
    with pytest.raises(HomeAssistantError) as refused:
        await act(quick_house, action, both)
    assert refused.value.translation_key == "window_offline"
    assert quick_house.moves() == []
    assert quick_house.sent("/request/bedroom") == []


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ({"entity_id": "cover.ghost"}, "no_such_window"),
        ({"device_id": "ghost"}, "no_such_window"),
        ({"area_id": "cellar"}, "no_window_meant"),
        ({}, "no_window_meant"),
    ],
)
async def test_a_target_that_is_no_window_is_named(
    quick_house: House, quick_window: PlayedWindow, target: dict[str, str], key: str
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act(quick_house, "release", target)
    assert refused.value.translation_key == key


async def test_a_window_that_was_removed_is_none(quick_house: House, quick_window: PlayedWindow) -> None:
    device = quick_house.device()
    assert device is not None
    await quick_house.hub.remove("bedroom")
    with pytest.raises(ServiceValidationError) as refused:
        await act(quick_house, "hold", {"device_id": device.id})
    assert refused.value.translation_key == "no_window_meant"


async def explained(house: House, **when: Any) -> dict[str, Any]:  # noqa: ANN401  # as the action takes them
    answer = await act(house, "explain", **when)
    found: dict[str, Any] = answer["windows"]["bedroom"]
    return found


async def test_explain_tells_why_now_with_the_trace_and_the_chain_of_the_last_question(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await advise(quick_house, quick_window)
    asked = quick_house.sent("/request/bedroom")[-1].json["correlation_id"]
    found = await explained(quick_house)
    assert (found["reason"], found["decision"], found["correlation_id"]) == ("advised", "mode_advise", asked)
    assert found["sentence"] == quick_house.state("sensor", "reason").attributes["sentence"]  # type: ignore[union-attr]  # it is there
    mode = next(step for step in found["trace"] if step["rule"] == "mode")
    assert (mode["outcome"], mode["why"]) == ("advise", "mode_advise")
    assert mode["sentence"]
    assert [row["what"] for row in found["chain"]] == ["decision", "question"]
    assert found["chain"][1]["position"] == 70
    again = await explained(quick_house, correlation_id=asked)
    assert (again["decision"], again["chain"]) == ("mode_advise", found["chain"])


async def test_explain_tells_why_it_stood_so_at_a_time_past(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.press("h1", target=0, position=0)
    await quick_house.wait(freezer, 300)
    then = dt_util.now()
    await quick_house.wait(freezer, 300)
    await quick_house.act("button.press", "release_hold")
    await quick_house.act("select.select_option", "mode", option="off")
    assert (await explained(quick_house))["reason"] == "mode_off"
    past = await explained(quick_house, at=then.isoformat())
    assert (past["reason"], past["decision"]) == ("held", "held")
    assert past["sentence"]


@pytest.mark.parametrize("when", [{"at": "2001-01-01 00:00:00"}, {"correlation_id": "nobody-asked-this"}])
async def test_explain_says_when_nothing_is_known_any_more(
    quick_house: House, quick_window: PlayedWindow, when: dict[str, str]
) -> None:
    with pytest.raises(HomeAssistantError) as refused:
        await explained(quick_house, **when)
    assert refused.value.translation_key == "nothing_known"


@pytest.mark.parametrize(
    "when", [{"at": "yesterday"}, {"correlation_id": "a b"}, {"at": "2026-01-01 00:00:00", "correlation_id": "q"}]
)
async def test_explain_refuses_what_is_no_moment_and_no_id(
    quick_house: House, quick_window: PlayedWindow, when: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        await explained(quick_house, **when)


async def test_a_refusal_is_recorded_as_a_correction(
    quick_house: House, quick_window: PlayedWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await advise(quick_house, quick_window)
    taken: list[Row] = []
    monkeypatch.setattr(quick_house.hub.recording, "put", taken.append)
    await act(quick_house, "refuse")
    [correction] = [row for row in taken if isinstance(row, CorrectionRow)]
    assert (correction.kind, correction.position_model, correction.position_owner) == (CorrectionKind.REFUSED, 70, 30)
