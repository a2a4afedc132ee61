"""What concerns every window at once reaches each, however little time a turn of the event loop has."""

import asyncio
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window import hub, inbox
from custom_components.smart_window.station import Station

from .house import QUICK, House, PlayedWindow, set_up
from .test_recording import STATUS


async def test_a_status_that_says_nothing_new_concerns_no_window(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    """It comes each half minute: for a thousand windows a third of a second each time."""
    with patch.object(quick_house.hub.errands, "put", wraps=quick_house.hub.errands.put) as put:
        await quick_house.hear("ml/status/ml-1", STATUS)
        assert put.call_count == 1
        await quick_house.hear("ml/status/ml-1", STATUS | {"counters": {"answered": 5}})
        assert put.call_count == 1
        await quick_house.hear("ml/status/ml-1", STATUS | {"state": "stopping"})
        assert put.call_count == 2


async def test_rain_closes_every_window_where_a_turn_of_the_loop_has_time_for_one(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hass.states.async_set("weather.home", "sunny", {"temperature": 20, "temperature_unit": "°C"})
    house = await set_up(hass, mqtt_mock, QUICK | {"outdoors": {"weather_entity": "weather.home"}})
    windows = [PlayedWindow(house, f"w{number}") for number in range(6)]
    for window in windows:
        await window.appear()
        await house.act("select.select_option", "mode", window.device_id, option="automatic")
        await window.report(rev=2, position=50)
    monkeypatch.setattr(inbox, "ENOUGH_S", 1e-12)
    hass.states.async_set("weather.home", "rainy", {"temperature": 20, "temperature_unit": "°C"})
    for _ in windows:
        await asyncio.sleep(0)  # a turn of the loop for each
    await house.settle()
    closed = {sent.topic for sent in house.moves() if (sent.json["source"], sent.json["position"]) == ("safety", 0)}
    assert closed == {f"window/{window.device_id}/control" for window in windows}


async def test_a_hold_is_stored_at_once_and_the_windows_are_collected_in_many_turns(
    hass: HomeAssistant, hass_storage: dict[str, Any], mqtt_mock: MqttMockHAClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await set_up(hass, mqtt_mock, QUICK)
    windows = [PlayedWindow(house, f"w{number}") for number in range(5)]
    for window in windows:
        await window.appear()
        await window.report(rev=2, position=50)
    monkeypatch.setattr(hub, "KEPT_AT_A_TIME", 1)
    turn, turns = 0, []

    def next_turn() -> None:
        nonlocal turn
        turn += 1
        if turn < 200:
            hass.loop.call_soon(next_turn)

    keeper = house.hub.keeper
    keep = keeper.keep

    def kept(station: Station) -> None:
        turns.append(turn)
        keep(station)

    monkeypatch.setattr(keeper, "keep", kept)
    hass.loop.call_soon(next_turn)
    await windows[4].press("hand-1", position=20)
    for _ in windows:
        await asyncio.sleep(0)
    await house.settle()
    assert len(turns) >= len(windows)
    assert len(set(turns[: len(windows)])) == len(windows)
    stored = hass_storage[f"smart_window.{house.entry.entry_id}"]["data"]["windows"]
    assert set(stored) == {window.device_id for window in windows}
    assert stored["w4"]["hands"]["hold"] is not None
    assert stored["w0"]["hands"]["hold"] is None
