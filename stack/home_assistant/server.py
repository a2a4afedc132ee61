"""The process of Home Assistant."""

import asyncio

import aiohttp

from stack.process import Child, Program

from .configuration import HomeAssistantSettings, write_configuration
from .rest import HomeAssistantError, Rest, is_running

_START_S = 180.0
_STOP_S = 60.0  # it writes its registries and its database; half-written ones would be a false finding of a test


class HomeAssistantServer:
    """Home Assistant as a process; its configuration and its registries outlive a restart."""

    def __init__(self, settings: HomeAssistantSettings, session: aiohttp.ClientSession) -> None:
        self.settings = settings
        self._session = session
        self.child = Child(
            Program(
                name="Home Assistant",
                command=(
                    str(settings.python),
                    "-m",
                    "homeassistant",
                    "--config",
                    str(settings.configuration),
                    "--skip-pip",
                ),
                log=settings.folder / "home-assistant.log",
                folder=settings.folder,
                environment=settings.environment,
                grace_s=_STOP_S,
            )
        )

    async def start(self) -> None:
        """Write its configuration, start it, and wait until it can be onboarded."""
        await asyncio.to_thread(write_configuration, self.settings)
        await self.child.start()
        await self.child.ready(self._welcomes, _START_S)

    async def start_again(self, token: str) -> None:
        """Start it with the configuration that is there, and wait until its start is over."""
        rest = Rest(self._session, self.settings.url, token)

        async def runs() -> bool:
            try:
                return await is_running(rest)
            except HomeAssistantError:
                return False

        await self.child.start()
        await self.child.ready(runs, _START_S)

    async def stop(self) -> None:
        """End it in order."""
        await self.child.stop()

    async def _welcomes(self) -> bool:
        try:
            async with self._session.get(f"{self.settings.url}/api/onboarding") as reply:
                return reply.ok
        except aiohttp.ClientError:
            return False
