"""What the real firmware keeps on the broker, on the newest Home Assistant that is supported."""

from collections.abc import AsyncIterator

import pytest_asyncio

from stack.home_assistant.registry import Window
from stack.json_shape import as_objects, text
from tests.burst.seen import DEVICE_ID, expected, retained, seen

from .house import House


@pytest_asyncio.fixture(loop_scope="session")
async def captured(house: House) -> AsyncIterator[Window]:
    """The window that was captured, shown by its entities; afterwards it is gone."""
    for topic, payload in retained():
        await house.tap.publish(topic, payload, retain=True)
    window = await house.home.window(DEVICE_ID)
    fault = window.entity("binary_sensor", "fault").entity_id
    await house.home.state_when("the captured state", fault, lambda now: now.state == "off", within_s=20)
    yield window
    for topic, _ in retained():
        await house.tap.publish(topic, b"", retain=True)


async def test_a_captured_window_is_seen_as_on_every_home_assistant(house: House, captured: Window) -> None:
    home = house.home
    [entry] = as_objects(await home.socket.ask("config_entries/get", domain="smart_window"), "entries")
    found = seen(
        await home.socket.ask("config/device_registry/list"),
        await home.socket.ask("config/entity_registry/list"),
        await home.rest.get("/api/states"),
        await home.rest.get_object(f"/api/diagnostics/config_entry/{text(entry, 'entry_id', 'the entry')}"),
    )
    assert found == expected()
