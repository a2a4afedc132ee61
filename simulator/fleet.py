"""Many virtual windows in one process: a task each, no threads."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from random import Random

from .broker import Endpoint, check_reachable
from .profile import WindowProfile
from .window import Window, World


async def run_fleet(profiles: Sequence[WindowProfile], endpoint: Endpoint) -> None:
    """Play all windows until cancelled. Raises SimulatorError when there is no broker at the start."""
    await check_reachable(endpoint)
    clock = asyncio.get_running_loop().time
    async with asyncio.TaskGroup() as group:
        for profile in profiles:
            # Sessions and hand ids never come from the seed: a second run would repeat those of the first.
            world = World(clock, time.time, lambda: secrets.token_hex(8), Random())
            group.create_task(Window(profile, endpoint, world).run())
        names = ", ".join(profile.id for profile in profiles[:8]) + (", …" if len(profiles) > 8 else "")  # noqa: PLR2004
        count = "1 virtual window" if len(profiles) == 1 else f"{len(profiles)} virtual windows"
        print(f"{count} on {endpoint}: {names}. Ctrl-C to end.", flush=True)
