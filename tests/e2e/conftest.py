"""One real stack for all tests here. They run one after the other, and each leaves it as it found it."""

import inspect
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from stack.clickhouse_users import Passwords
from stack.home_assistant.onboarding import Owner
from stack.json_shape import JsonObject
from stack.ports import free_ports
from stack.profiles import LIVELY, SCENE
from stack.settings import Environments, Ports, StackSettings
from stack.stack import Stack
from stack.tap import Tap
from stack.windows import WindowProfile

from .house import House

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]

# They speak only when a test makes them, so that nothing moves but what a test moved.
CALM: JsonObject = {"steady": True, "travel_s": 3, "interval": 0, "clip_interval": 0, "position": 30}
BEDROOM = WindowProfile("bedroom", "Bedroom window", "Bedroom", CALM | {"sound": "street-quiet"})
HALL = WindowProfile("hall", "Hall window", "Hall", CALM | {"sound": "street-loud"})
ATTIC = WindowProfile("attic", "Attic window", "Attic", CALM | {"sound": "street-quiet"})
# Wide open on a loud street: whoever is asked about them wants them nearly closed.
PANTRY = WindowProfile("pantry", "Pantry window", "Pantry", CALM | {"sound": "street-loud", "position": 90})
STAIR = WindowProfile("stair", "Stair window", "Stair", CALM | {"sound": "street-loud", "position": 90, "travel_s": 8})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests in the loop that the stack runs in."""
    for item in items:
        if item.path.is_relative_to(HERE) and inspect.iscoroutinefunction(getattr(item, "function", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(autouse=True, scope="session")
def without_the_harness(request: pytest.FixtureRequest) -> None:
    """Home Assistant's harness forbids sockets, and these tests start real programs."""
    if request.config.pluginmanager.has_plugin("homeassistant"):
        raise pytest.UsageError("run these tests by ./scripts/test e2e, or with pytest -p no:homeassistant")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """All real parts, up."""
    settings = StackSettings(
        root=ROOT,
        run=tmp_path_factory.mktemp("stack"),
        environments=Environments.of(ROOT),
        ports=Ports(*free_ports(4, Random())),
        owner=Owner("owner", secrets.token_urlsafe(9)),
        passwords=Passwords(*(secrets.token_urlsafe(24) for _ in range(3))),
        profiles=(*SCENE, BEDROOM, HALL, ATTIC, PANTRY, STAIR),
        options=LIVELY,
    )
    async with Stack(settings, print) as stack, Tap(stack.broker.host, stack.broker.port) as tap:
        yield House(stack, tap)
