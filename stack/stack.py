"""All the real parts together: started side by side, set up, and taken down again."""

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Self

import aiohttp

from .broker import Broker, BrokerSettings
from .clickhouse import ClickHouse, ClickHouseSettings
from .endpoints import Endpoints, write_endpoints
from .errors import StackError
from .firmware_windows import FirmwareWindows
from .home_assistant.configuration import HomeAssistantSettings
from .home_assistant.flows import add_mqtt, confirm_discovery, set_options
from .home_assistant.home import DOMAIN, Home
from .home_assistant.onboarding import Account, onboard, remove_online_services
from .home_assistant.registry import Window, put_into_area
from .home_assistant.server import HomeAssistantServer
from .json_shape import JsonObject
from .service import InferenceService, ServiceSettings
from .settings import ENDPOINTS, StackSettings
from .tap import Tap
from .waiting import until
from .windows import VirtualWindows, WindowsSettings

type Say = Callable[[str], None]

_WINDOWS_APPEAR_S = 30.0
_LIFE_SIGNS = ("ml/status/#", "window/+/state")


class Stack:
    """Use it as an async context manager: inside, everything is up; afterwards nothing of it is left."""

    def __init__(self, settings: StackSettings, say: Say) -> None:
        self.settings = settings
        self._say = say
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start and set up all parts. If one fails, all are ended, and its error is raised."""
        try:
            await self._start()
        except BaseException:
            await self._open.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """End all parts."""
        await self._open.aclose()

    async def _start(self) -> None:
        settings = self.settings
        self._open.callback(self._say, "everything is down")
        self.session = await self._open.enter_async_context(aiohttp.ClientSession())
        self._make_parts()
        self._open.push_async_callback(self._stop_parts)
        endpoints = settings.run / ENDPOINTS
        self._open.callback(endpoints.unlink, missing_ok=True)

        await self.broker.start()
        self._say(f"mosquitto listens on port {self.broker.port}")
        self.tap = await self._open.enter_async_context(Tap(self.broker.host, self.broker.port, _LIFE_SIGNS))
        async with asyncio.TaskGroup() as starts:
            starts.create_task(self._start_clickhouse())
            starts.create_task(self._start_service())
            starts.create_task(self._start_windows())
            home = starts.create_task(self._start_home_assistant())
        self.account = home.result()
        self.home = await self._open.enter_async_context(self._home())
        await self._set_up()
        write_endpoints(endpoints, self.endpoints)

    def _make_parts(self) -> None:
        settings, run, root = self.settings, self.settings.run, self.settings.root
        environments, ports = settings.environments, settings.ports
        self.broker = Broker(BrokerSettings(run / "broker", ports.mqtt))
        self.clickhouse = ClickHouse(
            ClickHouseSettings(
                run / "clickhouse",
                environments.clickhouse,
                ports.clickhouse_http,
                ports.clickhouse_tcp,
                settings.passwords,
            ),
            self.session,
        )
        service = ServiceSettings(root, run / "service", environments.service, self.broker.host, ports.mqtt)
        self.service = InferenceService(service)
        others = (InferenceService(service.another(number)) for number in range(2, settings.instances + 1))
        self.services = (self.service, *others)
        played = tuple(profile for profile in settings.profiles if profile.id not in settings.firmware)
        real = tuple(profile for profile in settings.profiles if profile.id in settings.firmware)
        windows = WindowsSettings(root, run / "windows", environments.windows, self.broker.host, ports.mqtt, played)
        self.windows = VirtualWindows(windows)
        self.firmware = FirmwareWindows(replace(windows, folder=run / "firmware", profiles=real))
        component = root / "custom_components" / DOMAIN
        self.home_assistant = HomeAssistantServer(
            HomeAssistantSettings(
                run / "home_assistant",
                environments.home_assistant,
                component,
                ports.home_assistant,
                settings.log_level,
                settings.home_environment,
            ),
            self.session,
        )

    async def _stop_parts(self) -> None:
        # Those that talk first, then those that they talk to: so nobody's log fills with lost connections.
        services = (service.stop() for service in self.services)
        await asyncio.gather(self.home_assistant.stop(), self.windows.stop(), self.firmware.stop(), *services)
        await asyncio.gather(self.broker.stop(), self.clickhouse.stop())

    async def _start_clickhouse(self) -> None:
        await self.clickhouse.start()
        self._say(f"ClickHouse answers at {self.clickhouse.url}")

    async def _start_service(self) -> None:
        for service in self.services:
            await service.start()
        for service in self.services:
            await service.ready(self.tap)
        count = len(self.services)
        self._say("the inference service is ready" if count == 1 else f"{count} inference services are ready")

    async def _start_windows(self) -> None:
        await self.windows.start()
        await self.firmware.start()
        await self.windows.ready(self.tap)
        await self.firmware.ready(self.tap)
        real = len(self.settings.firmware)
        virtual = f"{len(self.settings.profiles) - real} virtual windows"
        self._say(f"{virtual} and {real} with the real firmware report" if real else f"{virtual} report")

    async def _start_home_assistant(self) -> Account:
        server = self.home_assistant
        await server.start()
        account = await onboard(self.session, server.settings.url, self.settings.owner)
        self._say(f"Home Assistant runs at {server.settings.url}")
        return account

    def _home(self) -> Home:
        return Home(self.session, self.home_assistant.settings.url, self.account.token)

    async def _set_up(self) -> None:
        rest, socket = self.home.rest, self.home.socket
        # Where there is no internet it takes some seconds until they can be removed: nobody waits for that.
        self._open.push_async_callback(_give_up, asyncio.create_task(remove_online_services(rest, socket)))
        await add_mqtt(rest, self.broker.host, self.broker.port)
        self.entry_id = await confirm_discovery(rest, socket, DOMAIN)
        await set_options(rest, self.entry_id, self._options())
        found = await self._windows_appear()
        for profile in self.settings.profiles:
            await put_into_area(socket, found[profile.id].device, profile.area)
        self._say("the integration is set up by its own flows, and records")

    def _options(self) -> dict[str, JsonObject]:
        recording: JsonObject = {
            "clickhouse_url": self.clickhouse.url,
            "clickhouse_user": self.clickhouse.writer.user,
            "clickhouse_password": self.clickhouse.writer.password,
            "clickhouse_database": self.clickhouse.database,
        }
        return {"recording": recording} | self.settings.options

    async def _windows_appear(self) -> dict[str, Window]:
        wanted = {profile.id for profile in self.settings.profiles}

        async def all_there() -> dict[str, Window] | None:
            found = await self.home.windows()
            complete = {
                device_id for device_id, window in found.items() if window.has("cover") and window.has("select")
            }
            return found if wanted <= complete else None

        return await until(f"the windows {', '.join(sorted(wanted))} in Home Assistant", all_there, _WINDOWS_APPEAR_S)

    async def restart_home_assistant(self) -> None:
        """Stop Home Assistant and start it again, as an update does."""
        await self.stop_home_assistant()
        await self.start_home_assistant_again()

    async def stop_home_assistant(self) -> None:
        """End Home Assistant in order; until it is started again, `home` does not answer."""
        await self.home.__aexit__()
        await self.home_assistant.stop()

    async def start_home_assistant_again(self) -> None:
        """Start it with what it kept."""
        await self.home_assistant.start_again(self.account.token)
        self.home = await self._open.enter_async_context(self._home())

    @property
    def endpoints(self) -> Endpoints:
        """Where all of it can be reached."""
        account, reader, writer = self.account, self.clickhouse.reader, self.clickhouse.writer
        return Endpoints(
            mqtt_host=self.broker.host,
            mqtt_port=self.broker.port,
            home_assistant_url=self.home_assistant.settings.url,
            home_assistant_token=account.token,
            home_assistant_user=account.owner.user,
            home_assistant_password=account.owner.password,
            home_assistant_client_id=account.client_id,
            home_assistant_tokens=account.browser_tokens,
            clickhouse_url=reader.url,
            clickhouse_user=reader.user,
            clickhouse_password=reader.password,
            clickhouse_database=reader.database,
            clickhouse_writer=writer.user,
            clickhouse_writer_password=writer.password,
            ml_instance=self.service.settings.instance,
            ml_status_topic=self.service.settings.status_topic,
            ml_log=str(self.service.child.program.log),
        )


async def _give_up(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, StackError):
        await task
