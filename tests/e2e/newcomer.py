"""A house on its first evening: a broker, one window, and a Home Assistant that was told of nothing but the broker."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import aiohttp

from stack.broker import Broker, BrokerSettings
from stack.home_assistant.configuration import HomeAssistantSettings
from stack.home_assistant.flows import add_mqtt
from stack.home_assistant.home import DOMAIN, Home
from stack.home_assistant.onboarding import Account, Owner, onboard
from stack.home_assistant.server import HomeAssistantServer
from stack.ports import LOOPBACK, free_ports
from stack.settings import Environments
from stack.tap import Tap
from stack.windows import VirtualWindows, WindowProfile, WindowsSettings

ROOT = Path(__file__).parents[2]
WINDOW = WindowProfile(
    "bedroom", "Bedroom window", "Bedroom",
    {"steady": True, "travel_s": 3, "interval": 0, "clip_interval": 0, "position": 30},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is there before the integration is added."""

    home: Home
    account: Account
    url: str
    broker: Broker


@asynccontextmanager
async def first_evening(folder: Path) -> AsyncIterator[Newcomer]:
    """All of it, up; the window waits in Home Assistant to be added."""
    environments, (mqtt, http) = Environments.of(ROOT), free_ports(2, Random())
    broker = Broker(BrokerSettings(folder / "broker", mqtt))
    windows = VirtualWindows(WindowsSettings(ROOT, folder / "windows", environments.windows, LOOPBACK, mqtt, (WINDOW,)))
    component = ROOT / "custom_components" / DOMAIN
    async with AsyncExitStack() as up:
        session = await up.enter_async_context(aiohttp.ClientSession())
        settings = HomeAssistantSettings(folder / "home_assistant", environments.home_assistant, component, http)
        server = HomeAssistantServer(settings, session)
        for part in (broker, windows, server):
            up.push_async_callback(part.stop)
        await broker.start()
        tap = await up.enter_async_context(Tap(broker.host, broker.port, ("window/+/state",)))
        await windows.start()
        await server.start()
        await windows.ready(tap)
        account = await onboard(session, settings.url, Owner("owner", "a newcomer's password"))
        home = await up.enter_async_context(Home(session, settings.url, account.token))
        await add_mqtt(home.rest, broker.host, broker.port)
        yield Newcomer(home, account, settings.url, broker)
