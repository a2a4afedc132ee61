"""Reasons and events as sentences, in the language of the house; and the decisions that are remembered."""

from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window import decisions
from custom_components.smart_window.const import DOMAIN
from custom_components.smart_window.decision import Why, decide
from custom_components.smart_window.logbook import async_describe_events

from ..pure.scenes import FREE, IN_THE_WAY
from .house import QUICK, House, PlayedWindow, set_up


def sentence(house: House, platform: str = "sensor", key: str = "reason") -> object:
    found = house.state(platform, key)
    return None if found is None else found.attributes.get("sentence")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Closed to 10 %: street noise, confidence 86 %."),
        ("de", "Auf 10 % geschlossen: Straßenlärm, Sicherheit 86 %."),
    ],
)
async def test_the_reason_is_a_sentence_with_its_numbers_in_the_houses_language(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, language: str, told: str
) -> None:
    hass.config.language = language
    house = await set_up(hass, mqtt_mock, QUICK)
    window = PlayedWindow(house)
    await window.appear()
    await house.act("select.select_option", "mode", option="automatic")
    await window.report(rev=2)
    await window.measure("temperature", 25)
    asked = house.sent("/request/bedroom")[-1].json["correlation_id"]
    await window.answer(asked, position=10, confidence=0.86, acted=True)
    await window.report(target=10, command_id=asked, source="ml", rev=3)
    assert house.shown("sensor", "reason") == "moved_by_model"
    assert sentence(house) == told
    assert sentence(house, "event", "decision") == told


async def test_the_sentence_is_told_anew_once_a_minute_and_not_with_each_reading(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.press("h1")
    first = sentence(quick_house)
    entity_id = quick_house.entity("sensor", "reason")
    assert entity_id is not None
    before = quick_house.hass.states.get(entity_id)
    for value in range(20, 25):
        await quick_window.measure("temperature", value)
    assert quick_house.hass.states.get(entity_id) is before
    await quick_house.wait(freezer, 600)
    await quick_window.report()
    assert sentence(quick_house) != first


async def test_an_event_reaches_the_bus_and_the_logbook_reads_it(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    heard: list[Event] = []
    quick_house.hass.bus.async_listen("smart_window_decision", heard.append)
    await quick_window.report(rain=True, obstacle=True, rev=3)
    [event] = heard
    assert event.data["event_type"] == "could_not_close"
    assert event.data["device_id"] == "bedroom"
    described: list[dict[str, str]] = []
    async_describe_events(
        quick_house.hass,
        lambda domain, kind, describe: described.append(describe(event) | {"domain": domain, "kind": kind}),
    )
    [told] = described
    assert (told["domain"], told["kind"]) == (DOMAIN, "smart_window_decision")
    assert told["name"] == "Bedroom window"
    assert told["message"] == "Could not close against rain from 30 %: something was in the way."
    assert told["entity_id"] == quick_house.entity("event", "decision")


async def test_decisions_are_remembered_over_a_restart_and_go_with_the_window(
    quick_house: House, quick_window: PlayedWindow, hass_storage: dict[str, Any]
) -> None:
    await quick_window.press("h1")
    told = [one.told for one in quick_house.hub.decisions.of("bedroom").entries]
    assert told[-1] == "held"
    assert await quick_house.hass.config_entries.async_reload(quick_house.entry.entry_id)
    await quick_house.settle()
    entries = quick_house.hub.decisions.of("bedroom").entries
    assert [one.told for one in entries] == told
    trace = entries[-1].content["trace"]
    assert isinstance(trace, list)
    assert next(one for one in trace if one["rule"] == "hold")["why"] == "held"
    key = f"smart_window.{quick_house.entry.entry_id}.decisions"
    assert len(hass_storage[key]["data"]["bedroom"]["decisions"]) == len(told)
    await quick_window.report(retain=True)
    await quick_house.hub.remove("bedroom")
    assert quick_house.hub.decisions.of("bedroom").entries == ()
    assert await quick_house.hass.config_entries.async_remove(quick_house.entry.entry_id)
    assert key not in hass_storage


async def test_decisions_are_written_lazily(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow, hass_storage: dict[str, Any]
) -> None:
    key = f"smart_window.{quick_house.entry.entry_id}.decisions"
    await quick_window.press("h1")
    assert key not in hass_storage
    await quick_house.wait(freezer, 301)
    assert hass_storage[key]["data"]["bedroom"]["decisions"]


async def test_what_was_remembered_and_fits_no_more_is_forgotten(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, hass_storage: dict[str, Any]
) -> None:
    house = await set_up(hass, mqtt_mock, QUICK)
    key = f"smart_window.{house.entry.entry_id}.decisions"
    assert await hass.config_entries.async_unload(house.entry.entry_id)
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": {"bedroom": {"decisions": [7]}}}
    assert await hass.config_entries.async_setup(house.entry.entry_id)
    assert house.hub.decisions.of("bedroom").entries == ()


async def test_more_windows_than_there_is_room_for_remember_fewer_decisions_each(
    quick_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "MOST", 90)
    monkeypatch.setattr(decisions, "FEWEST", 25)
    kept = quick_house.hub.decisions
    for window in ("bedroom", "hall"):
        memory = kept.of(window)
        for number in range(60):
            memory.note(decide(FREE if number % 2 else IN_THE_WAY["hold"]), Why.READY, float(number))
    assert [len(kept.of(window).entries) for window in ("bedroom", "hall")] == [45, 45]
    kept.of("attic")
    kept.of("cellar")
    assert [len(kept.of(window).entries) for window in ("bedroom", "hall")] == [25, 25]
