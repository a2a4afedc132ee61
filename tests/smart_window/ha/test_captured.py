"""What the real firmware keeps on the broker, on the oldest Home Assistant that is supported."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.burst.seen import expected, retained, seen, update

from .house import House


async def test_a_captured_window_is_seen_as_on_every_home_assistant(
    hass: HomeAssistant, house: House, hass_ws_client: WebSocketGenerator, hass_client: ClientSessionGenerator
) -> None:
    for component in ("config", "websocket_api", "diagnostics"):
        assert await async_setup_component(hass, component, {})
    for topic, payload in retained():
        await house.hear(topic, payload, retain=True)
    socket = await hass_ws_client(hass)

    async def ask(kind: str) -> Any:  # noqa: ANN401 - JSON
        await socket.send_json_auto_id({"type": kind})
        return (await socket.receive_json())["result"]

    devices, entities = await ask("config/device_registry/list"), await ask("config/entity_registry/list")
    states = await ask("get_states")
    diagnostics: Any = await get_diagnostics_for_config_entry(hass, hass_client, house.entry)
    found = seen(devices, entities, states, {"data": diagnostics})
    update(found)
    assert found == expected()
