"""A second Home Assistant on the same broker: it sees that somebody guards the window, and leaves it alone."""

from collections.abc import AsyncIterator
from random import Random

import pytest
import pytest_asyncio

from stack.home_assistant.configuration import HomeAssistantSettings
from stack.home_assistant.flows import add_mqtt, confirm_discovery, set_options
from stack.home_assistant.home import DOMAIN, Home
from stack.home_assistant.onboarding import onboard
from stack.home_assistant.server import HomeAssistantServer
from stack.json_shape import member
from stack.ports import free_ports
from stack.waiting import until

from .at_work import record, settle
from .house import House
from .wire import Wire, each


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def neighbour(house: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Another Home Assistant, set up by the same flows as the first; it records nothing."""
    stack = house.stack
    settings = HomeAssistantSettings(
        folder=tmp_path_factory.mktemp("neighbour"),
        python=stack.settings.environments.home_assistant,
        component=stack.home_assistant.settings.component,
        port=free_ports(1, Random())[0],
    )
    server = HomeAssistantServer(settings, stack.session)
    try:
        await server.start()
        account = await onboard(stack.session, settings.url, stack.settings.owner)
        async with Home(stack.session, settings.url, account.token) as home:
            await add_mqtt(home.rest, stack.broker.host, stack.broker.port)
            entry_id = await confirm_discovery(home.rest, home.socket, DOMAIN)
            await set_options(home.rest, entry_id, stack.settings.options)
            yield House(stack, house.tap, home)
    finally:
        await server.stop()


async def test_the_second_only_advises_and_says_so_and_the_window_moves_once(house: House, neighbour: House) -> None:
    started = house.tap.mark
    await until("the window in the second Home Assistant", lambda: has_pantry(neighbour), 30)
    await neighbour.cover_when("pantry", "available", lambda now: now.is_available, 60)
    entity_id = await house.entity_id("pantry", "cover")
    await house.home.rest.call("cover.set_cover_position", {"entity_id": entity_id, "position": 90})
    await house.stands("pantry", 90)
    await house.release("pantry")
    for one in (house, neighbour):
        # Both owners want their windows moved; the first guards, so the second must not.
        await one.set_mode("pantry", "automatic")
    await settle(house, "pantry")
    await neighbour.issue_when("foreign_guard.pantry", there=True)
    await neighbour.sensor_when("pantry", "reason", "foreign_guard")
    assert await house.issues() & {"foreign_guard.pantry"} == set()

    since = house.tap.mark
    await record(house, "pantry")
    asked = await both_answered(house, since)
    (moved,) = (answer for answer in asked.answers if answer["acted"])
    target = moved["position"]
    for one in (house, neighbour):
        await one.stands("pantry", float(str(target)))

    wire = Wire.of(house.tap, "pantry", since)
    grants = {question["correlation_id"]: member(question, "grant", "a question")["act"] for question in wire.questions}
    assert sorted(grants.values(), key=str) == [False, True]
    assert grants[moved["correlation_id"]] is True
    assert wire.commanded == [("ml", target)]
    assert each(wire.commands, "command_id") == [moved["correlation_id"]]
    assert each(wire.results, "result") == ["accepted"]
    assert [bound for bound in wire.targets if bound != 90] == [target]
    assert len(house.commands(since)) == 1
    hubs = {guard["hub"] for guard in Wire.of(house.tap, "pantry", started).guards}
    assert len(hubs) == 1
    await house.set_mode("pantry", "advise")


async def has_pantry(house: House) -> bool:
    window = await house.home.window("pantry")
    return window.has("cover") and window.has("select")


async def both_answered(house: House, since: int) -> Wire:
    """Wait for an answer to each of the two."""
    first = await house.response("pantry", since)
    await house.response("pantry", first.number + 1)
    return Wire.of(house.tap, "pantry", since)
