"""Google, Alexa and HomeKit, by Home Assistant's own code, at the cover that the integration sets up."""

import asyncio
from collections.abc import Awaitable
from typing import Any, override

import pytest
from homeassistant.components.alexa.config import AbstractConfig as AlexaConfig
from homeassistant.components.alexa.smart_home import async_handle_message as tell_alexa
from homeassistant.components.google_assistant import GOOGLE_ASSISTANT_SCHEMA
from homeassistant.components.google_assistant.helpers import GoogleEntity, RequestData
from homeassistant.components.google_assistant.http import GoogleConfig
from homeassistant.components.google_assistant.trait import COMMAND_OPEN_CLOSE, OpenCloseTrait
from homeassistant.components.homekit.accessories import HomeDriver, get_accessory
from homeassistant.components.homekit.iidmanager import AccessoryIIDStorage
from homeassistant.core import Context, State
from pytest_homeassistant_custom_component.common import MockUser

from .house import House, PlayedWindow

# The first import of these bridges takes seconds; it is paid once.


def cover(house: House) -> State:
    found = house.state("cover", "cover")
    assert found is not None
    return found


async def moved(house: House, window: PlayedWindow, work: Awaitable[Any]) -> dict[str, Any]:
    """What left for the window while a bridge did its work, and how the window took it."""
    task = asyncio.ensure_future(work)
    sent = await house.until_sent("/control")
    await window.result(sent.json["command_id"], "accepted")
    await task
    return sent.json


# --- Google


def google_config(house: House, said: dict[str, Any]) -> GoogleConfig:
    return GoogleConfig(house.hass, GOOGLE_ASSISTANT_SCHEMA(said))  # type: ignore[no-untyped-call]  # as Google's part is


@pytest.fixture
def google(quick_house: House) -> GoogleConfig:
    said = {"project_id": "p", "expose_by_default": True, "secure_devices_pin": "1234"}
    return google_config(quick_house, said)


async def open_percent(house: House, window: PlayedWindow, google: GoogleConfig, percent: int) -> dict[str, Any]:
    user = MockUser(id="someone", is_owner=True).add_to_hass(house.hass)
    request = RequestData(google, user.id, "cloud", "r1", None)
    trait: Any = OpenCloseTrait(house.hass, cover(house), google)
    return await moved(house, window, trait.execute(COMMAND_OPEN_CLOSE, request, {"openPercent": percent}, {}))


async def test_google_sees_a_window_with_positions(
    quick_house: House, quick_window: PlayedWindow, google: GoogleConfig
) -> None:
    entity: Any = GoogleEntity(quick_house.hass, google, cover(quick_house))
    synced = entity.sync_serialize("agent", "instance")
    assert synced["type"] == "action.devices.types.WINDOW"
    assert "action.devices.traits.OpenClose" in synced["traits"]
    assert "action.devices.traits.StartStop" in synced["traits"]
    assert not synced["attributes"].get("discreteOnlyOpenClose")
    assert entity.query_serialize()["openPercent"] == 30


@pytest.mark.parametrize("percent", [0, 40, 100])
async def test_google_moves_a_window_and_asks_no_pin(
    quick_house: House, quick_window: PlayedWindow, google: GoogleConfig, percent: int
) -> None:
    # A challenge would raise here: docs/HOME_ASSISTANT.md says that there is none, and how to keep a window back.
    assert not GoogleEntity(quick_house.hass, google, cover(quick_house)).might_2fa()
    sent = await open_percent(quick_house, quick_window, google, percent)
    assert (sent["position"], sent["source"]) == (percent, "user")


async def test_a_window_can_be_kept_from_google(quick_house: House, quick_window: PlayedWindow) -> None:
    said = {"project_id": "p", "entity_config": {cover(quick_house).entity_id: {"expose": False}}}
    config = google_config(quick_house, said)
    assert not config.should_expose(cover(quick_house).entity_id)


# --- Alexa


class Alexa(AlexaConfig):
    """The least that Home Assistant's part for Alexa wants to know."""

    @property
    @override
    def endpoint(self) -> None:
        return None

    @property
    @override
    def locale(self) -> str:
        return "en-US"

    @override
    def user_identifier(self) -> str:
        return "user"

    @override
    def should_expose(self, entity_id: str) -> bool:
        return entity_id.startswith("cover.")


@pytest.fixture
async def alexa(quick_house: House) -> Alexa:
    config = Alexa(quick_house.hass)
    await config.async_initialize()
    return config


def directive(house: House, namespace: str, name: str, payload: dict[str, Any], **more: str) -> dict[str, Any]:
    header = {"namespace": namespace, "name": name, "messageId": "m1", "payloadVersion": "3", **more}
    endpoint = {"endpointId": cover(house).entity_id.replace(".", "#"), "scope": {"type": "BearerToken", "token": "t"}}
    return {"directive": {"header": header, "payload": payload, "endpoint": endpoint}}


async def test_alexa_sees_an_exterior_blind_with_a_range_and_a_stop(
    quick_house: House, quick_window: PlayedWindow, alexa: Alexa
) -> None:
    request = directive(quick_house, "Alexa.Discovery", "Discover", {})
    del request["directive"]["endpoint"]
    answer = await tell_alexa(quick_house.hass, alexa, request)
    [endpoint] = answer["event"]["payload"]["endpoints"]
    assert endpoint["endpointId"] == cover(quick_house).entity_id.replace(".", "#")
    assert endpoint["displayCategories"] == ["EXTERIOR_BLIND"]
    ours = {(one["interface"], one.get("instance")) for one in endpoint["capabilities"]}
    assert ours >= {
        ("Alexa.PowerController", None),
        ("Alexa.RangeController", "cover.position"),
        ("Alexa.PlaybackController", "cover.stop"),
        ("Alexa.EndpointHealth", None),
    }


@pytest.mark.parametrize(
    ("namespace", "name", "payload", "more", "wanted"),
    [
        (
            "Alexa.RangeController",
            "SetRangeValue",
            {"rangeValue": 45},
            {"instance": "cover.position"},
            {"position": 45},
        ),
        ("Alexa.PowerController", "TurnOn", {}, {}, {"position": 100}),
        ("Alexa.PowerController", "TurnOff", {}, {}, {"position": 0}),
        ("Alexa.PlaybackController", "Stop", {}, {"instance": "cover.stop"}, {"action": "stop"}),
    ],
)
async def test_alexas_controllers_move_a_window(
    quick_house: House,
    quick_window: PlayedWindow,
    alexa: Alexa,
    namespace: str,
    name: str,
    payload: dict[str, Any],
    more: dict[str, str],
    wanted: dict[str, object],
) -> None:
    request = directive(quick_house, namespace, name, payload, **more)
    # Alexa waits for no answer of the window; so it goes on in the background here as well.
    task = asyncio.ensure_future(tell_alexa(quick_house.hass, alexa, request, Context()))
    sent = (await quick_house.until_sent("/control")).json
    await quick_window.result(sent["command_id"], "accepted")
    answer = await task
    assert answer["event"]["header"]["name"] == "Response"
    assert {key: sent[key] for key in wanted} == wanted
    assert sent["source"] == "user"


# --- HomeKit


@pytest.fixture
async def homekit(quick_house: House, tmp_path: Any) -> HomeDriver:  # noqa: ANN401 - as pytest gives it
    storage = AccessoryIIDStorage(quick_house.hass, "entry")
    await storage.async_initialize()
    return HomeDriver(
        quick_house.hass,
        entry_id="entry",
        bridge_name="bridge",
        entry_title="Home",
        iid_storage=storage,
        pincode=b"123-45-678",
        address="127.0.0.1",
        loop=quick_house.hass.loop,
        persist_file=str(tmp_path / "homekit.state"),
    )


async def test_homekit_sees_a_window_and_moves_it_without_a_user(
    quick_house: House, quick_window: PlayedWindow, homekit: HomeDriver
) -> None:
    accessory: Any = get_accessory(quick_house.hass, homekit, cover(quick_house), 2, {})
    assert type(accessory).__name__ == "Window"
    assert accessory.get_service("Window") is not None
    assert accessory.char_current_position.value == 30
    accessory.run()
    accessory.char_target_position.client_update_value(60)
    sent = (await quick_house.until_sent("/control")).json
    # HomeKit's calls have no user, and yet a person is behind them: it is a hand.
    assert (sent["position"], sent["source"]) == (60, "user")
    await quick_window.result(sent["command_id"], "accepted")
    await quick_window.report(position=55, target=60, operation="opening", rev=3, command_id=sent["command_id"])
    assert accessory.char_current_position.value == 55
    assert accessory.char_position_state.value == 1
    assert quick_house.shown("binary_sensor", "held") == "on"
    accessory.async_stop()
