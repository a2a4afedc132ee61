"""Assist in two languages, with Home Assistant's own sentences, at the entity that the integration sets up."""

import asyncio

import pytest
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import intent
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from .house import ANNOUNCE, QUICK, House, PlayedWindow, set_up

NAMES = {"en": "Bedroom window", "de": "Schlafzimmerfenster"}


async def spoken_to(hass: HomeAssistant, mqtt: MqttMockHAClient, language: str) -> tuple[House, PlayedWindow]:
    hass.config.language = language
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    house = await set_up(hass, mqtt, QUICK)
    window = PlayedWindow(house, announce=ANNOUNCE | {"name": NAMES[language]})
    await window.appear()
    entity_id = house.entity("cover", "cover")
    assert entity_id is not None
    async_expose_entity(hass, "conversation", entity_id, True)
    house.forget_sent()
    return house, window


def say(house: House, text: str, language: str) -> asyncio.Task[conversation.ConversationResult]:
    talk = conversation.async_converse(house.hass, text, None, Context(), language)
    return house.hass.async_create_background_task(talk, text)


@pytest.mark.parametrize(
    ("language", "text", "position"),
    [
        ("en", "open the bedroom window", 100),
        ("en", "close the bedroom window", 0),
        ("en", "set the bedroom window to 70 percent", 70),
        ("en", "set bedroom window to 35%", 35),
        ("de", "öffne das Schlafzimmerfenster", 100),
        ("de", "schließe das Schlafzimmerfenster", 0),
        ("de", "stelle Schlafzimmerfenster auf 70 Prozent", 70),
    ],
)
async def test_a_sentence_moves_the_window_and_is_a_hand(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, language: str, text: str, position: int
) -> None:
    house, window = await spoken_to(hass, mqtt_mock, language)
    task = say(house, text, language)
    sent = await house.until_sent("/control")
    assert (sent.json["position"], sent.json["source"]) == (position, "user")
    await window.result(sent.json["command_id"], "accepted")
    result = await task
    assert result.response.response_type is intent.IntentResponseType.ACTION_DONE
    assert house.shown("binary_sensor", "held") == "on"


@pytest.mark.parametrize(
    ("language", "text", "position", "told"),
    [
        ("en", "is the bedroom window open?", 30, "Yes"),
        ("en", "is the bedroom window open?", 0, "No"),
        ("en", "is the bedroom window closed?", 0, "Yes"),
        ("de", "ist das Schlafzimmerfenster offen?", 30, "Ja"),
        ("de", "ist das Schlafzimmerfenster offen?", 0, "Nein"),
    ],
)
async def test_the_question_of_its_state_is_answered(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, language: str, text: str, position: int, told: str
) -> None:
    house, window = await spoken_to(hass, mqtt_mock, language)
    await window.report(position=position, target=position, rev=2)
    response = (await say(house, text, language)).response
    assert response.response_type is intent.IntentResponseType.QUERY_ANSWER
    assert response.speech["plain"]["speech"].startswith(told)


async def test_stop_has_no_sentence_and_works_as_an_intent(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    house, window = await spoken_to(hass, mqtt_mock, "en")
    await window.report(operation="opening", target=90, rev=2)
    slots = {"name": {"value": NAMES["en"]}}
    stopping = intent.async_handle(hass, "test", "HassStopMoving", slots, assistant="conversation")
    task = hass.async_create_background_task(stopping, "stop")
    sent = await house.until_sent("/control")
    assert (sent.json["action"], sent.json["source"]) == ("stop", "user")
    await window.result(sent.json["command_id"], "accepted")
    assert (await task).response_type is intent.IntentResponseType.ACTION_DONE


async def test_a_window_that_is_not_exposed_is_not_heard_of(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    house, _ = await spoken_to(hass, mqtt_mock, "en")
    entity_id = house.entity("cover", "cover")
    assert entity_id is not None
    async_expose_entity(hass, "conversation", entity_id, False)
    result = await say(house, "open the bedroom window", "en")
    assert result.response.response_type is intent.IntentResponseType.ERROR
    assert house.moves() == []
