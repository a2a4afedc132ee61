"""The blueprints: valid by Home Assistant's own schema, and run with a window that answers."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint, DomainBlueprints
from homeassistant.core import ServiceCall
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed, async_mock_service

from .house import House, PlayedWindow
from .test_actions import advise

FOLDER = Path(__file__).parents[3] / "blueprints" / "automation"
BLUEPRINTS = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.yaml"))


def load(path: str) -> Blueprint:
    data = load_yaml_dict(FOLDER / path)
    return Blueprint(data, path=path, expected_domain="automation", schema=AUTOMATION_BLUEPRINT_SCHEMA)


@pytest.fixture(autouse=True)
def blueprints() -> Iterator[None]:
    """As if they had been imported into this Home Assistant."""
    with (
        patch.object(DomainBlueprints, "_load_blueprint", lambda _, path: load(path)),
        patch.object(House, "settle", breathe),
    ):
        yield


async def breathe(_: House) -> None:
    """Let what is ready run. To settle would wait for an automation that waits for an answer."""
    for _turn in range(100):
        await asyncio.sleep(0)


async def automate(house: House, name: str, **inputs: object) -> None:
    config = {"alias": name, "use_blueprint": {"path": f"smart_window/{name}.yaml", "input": inputs}}
    assert await async_setup_component(house.hass, "automation", {"automation": config})
    await house.settle()
    state = house.hass.states.get(f"automation.{name}")
    assert state is not None
    assert state.state == "on"


def phone(house: House) -> tuple[str, list[ServiceCall]]:
    """A phone with the app, and what is sent to it."""
    entry = MockConfigEntry(domain="mobile_app")
    entry.add_to_hass(house.hass)
    device = dr.async_get(house.hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("mobile_app", "1")}, name="My phone"
    )
    return device.id, async_mock_service(house.hass, "notify", "mobile_app_my_phone")


async def tap(house: House, told: ServiceCall, button: int) -> None:
    action = told.data["data"]["actions"][button]["action"]
    house.hass.bus.async_fire("mobile_app_notification_action", {"action": action})


def ran(house: House, name: str) -> bool:
    state = house.hass.states.get(f"automation.{name}")
    assert state is not None
    return state.attributes["last_triggered"] is not None


def test_there_is_one_for_each_wish() -> None:
    assert [Path(one).stem for one in BLUEPRINTS] == [
        "advice",
        "air_after_shower",
        "close_when_everybody_left",
        "could_not_close",
    ]


@pytest.mark.parametrize("path", BLUEPRINTS)
def test_each_is_valid_and_explains_itself(path: str) -> None:
    blueprint = load(path)
    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"].endswith(f"/blueprints/automation/{path}")
    assert len(blueprint.metadata["description"]) > 100
    for name, said in blueprint.inputs.items():
        assert said["name"], name
        assert said["selector"], name


async def test_advice_that_is_accepted_moves_the_window_as_a_hand(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    device_id, sent = phone(quick_house)
    await automate(quick_house, "advice", decisions=[quick_house.entity("event", "decision")], phone=device_id)
    await advise(quick_house, quick_window)
    [told] = sent
    assert told.data["title"] == "Bedroom window"
    assert told.data["message"] == "The model advises 70 %: street noise, confidence 90 %."
    assert [one["title"] for one in told.data["data"]["actions"]] == ["Do it", "No"]
    await tap(quick_house, told, 0)
    control = (await quick_house.until_sent("/control")).json
    assert (control["position"], control["source"]) == (70, "user")
    await quick_window.result(control["command_id"], "accepted")
    await quick_house.settle()
    assert quick_house.shown("binary_sensor", "held") == "on"


async def test_advice_that_is_refused_moves_nothing_and_is_told_to_the_model(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    device_id, sent = phone(quick_house)
    await automate(quick_house, "advice", decisions=[quick_house.entity("event", "decision")], phone=device_id)
    await advise(quick_house, quick_window)
    await tap(quick_house, sent[0], 1)
    await quick_house.settle()
    decision = quick_house.state("event", "decision")
    assert decision is not None
    assert decision.attributes["event_type"] == "suggestion_refused"
    assert quick_house.moves() == []
    assert len(sent) == 1


async def test_advice_that_nobody_answers_moves_nothing(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    device_id, sent = phone(quick_house)
    decisions = [quick_house.entity("event", "decision")]
    await automate(quick_house, "advice", decisions=decisions, phone=device_id, patience=5)
    await advise(quick_house, quick_window)
    await quick_house.wait(freezer, 301)
    await tap(quick_house, sent[0], 0)
    await quick_house.settle()
    assert quick_house.moves() == []


async def test_a_reload_sends_no_old_advice_again(quick_house: House, quick_window: PlayedWindow) -> None:
    device_id, sent = phone(quick_house)
    await automate(quick_house, "advice", decisions=[quick_house.entity("event", "decision")], phone=device_id)
    await advise(quick_house, quick_window)
    assert await quick_house.hass.config_entries.async_reload(quick_house.entry.entry_id)
    await quick_house.settle()
    await quick_window.report(retain=True)
    assert len(sent) == 1


async def test_what_could_not_close_is_told_and_taken_back(quick_house: House, quick_window: PlayedWindow) -> None:
    device_id, sent = phone(quick_house)
    lamp = async_mock_service(quick_house.hass, "light", "turn_on")
    await automate(
        quick_house,
        "could_not_close",
        decisions=[quick_house.entity("event", "decision")],
        phone=device_id,
        more=[{"action": "light.turn_on", "target": {"entity_id": "light.hall"}}],
    )
    await quick_window.report(rain=True, obstacle=True, rev=5)
    await quick_house.settle()
    assert sent[0].data["message"] == "Could not close against rain from 30 %: something was in the way."
    assert len(lamp) == 1
    await quick_window.report(obstacle=False, position=0, target=0, rev=6)
    await quick_house.settle()
    assert sent[-1].data["message"] == "clear_notification"
    assert sent[-1].data["data"]["tag"] == sent[0].data["data"]["tag"]
    assert len(lamp) == 1


async def test_windows_close_when_the_last_one_has_left(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    states = quick_house.hass.states
    for person in ("person.ann", "person.bob"):
        states.async_set(person, "home")
    await automate(
        quick_house,
        "close_when_everybody_left",
        people=["person.ann", "person.bob"],
        windows={"entity_id": quick_house.entity("cover", "cover")},
        minutes=2,
    )
    states.async_set("person.ann", "not_home")
    await quick_house.wait(freezer, 130)
    await quick_window.report()
    assert quick_house.moves() == []
    states.async_set("person.bob", "work")
    await quick_house.settle()
    freezer.tick(125)
    async_fire_time_changed(quick_house.hass)
    control = (await quick_house.until_sent("/control")).json
    # An automation is no hand: what the owner holds would stay.
    assert (control["position"], control["source"]) == (0, "automation")
    await quick_window.result(control["command_id"], "accepted")
    await quick_house.settle()
    assert quick_house.shown("binary_sensor", "held") == "off"


async def test_a_shower_airs_the_bathroom_and_dry_air_closes_it(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.report(position=0, target=0, rev=3)
    quick_house.hass.states.async_set("sensor.damp", "50")
    cover = quick_house.entity("cover", "cover")
    await automate(quick_house, "air_after_shower", window=cover, humidity="sensor.damp")
    quick_house.hass.states.async_set("sensor.damp", "82")
    await quick_house.settle()
    freezer.tick(61)
    async_fire_time_changed(quick_house.hass)
    opened = (await quick_house.until_sent("/control")).json
    assert (opened["position"], opened["source"]) == (60, "automation")
    await quick_window.result(opened["command_id"], "accepted")
    await quick_window.report(position=60, target=60, rev=4, command_id=opened["command_id"], source="automation")
    quick_house.forget_sent()
    quick_house.hass.states.async_set("sensor.damp", "55")
    closed = (await quick_house.until_sent("/control")).json
    assert closed["position"] == 0
    await quick_window.result(closed["command_id"], "accepted")
    await quick_house.settle()


async def test_a_window_that_is_open_already_is_left_alone_after_a_shower(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.report(position=80, target=80, rev=3)
    quick_house.hass.states.async_set("sensor.damp", "50")
    cover: Any = quick_house.entity("cover", "cover")
    await automate(quick_house, "air_after_shower", window=cover, humidity="sensor.damp")
    quick_house.hass.states.async_set("sensor.damp", "82")
    await quick_house.settle()
    await quick_house.wait(freezer, 61)
    assert not ran(quick_house, "air_after_shower")
    assert quick_house.moves() == []
