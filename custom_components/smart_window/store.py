"""What survives a restart: each window's mode, hands, hazards, lock and layers, the pause, and which were removed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, NotRequired, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .settings import Mode

STORAGE_VERSION: Final = 1
SAVE_DELAY_S: Final = 10.0


class StoredWindow(TypedDict):
    """One window. `hands` and `hazards` are what the pure core wrote."""

    mode: str
    hands: dict[str, object]
    hazards: NotRequired[dict[str, object]]
    child_lock: NotRequired[bool]
    last_move: NotRequired[dict[str, object] | None]
    layers: NotRequired[dict[str, object]]


class Stored(TypedDict):
    """The file."""

    windows: dict[str, StoredWindow]
    removed: list[str]
    paused: NotRequired[bool]


class Memory:
    """The file under .storage. Written at once where safety rests on it, else a little later."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        collect: Callable[[], Stored],
        collect_in_turns: Callable[[], Awaitable[Stored]],
    ) -> None:
        """`collect` gives what is to be kept, at the moment of writing; `collect_in_turns` keeps nobody waiting."""
        self._store = _file(hass, entry_id)
        self._collect = collect
        self._collect_in_turns = collect_in_turns
        self._writing = asyncio.Lock()
        self._is_next = False

    async def load(self) -> Stored:
        """What was kept; empty at first."""
        return await self._store.async_load() or Stored(windows={}, removed=[])

    async def save(self) -> None:
        """On disk when this returns."""
        await self._store.async_save(self._collect())

    async def save_next(self) -> None:
        """At once, or as soon as what is being written is on disk: asked for often meanwhile, it is written once.

        What changes while it is collected asks once more, and is written then.
        """
        if self._is_next:
            return
        self._is_next = True
        async with self._writing:
            self._is_next = False
            await self._store.async_save(await self._collect_in_turns())

    def save_soon(self) -> None:
        """On disk within ten seconds, or when Home Assistant stops."""
        self._store.async_delay_save(self._collect, SAVE_DELAY_S)


def stored_mode(stored: StoredWindow) -> Mode:
    """The mode that was kept. One that this version does not know, from a later one, becomes the mildest that asks."""
    try:
        return Mode(stored["mode"])
    except ValueError:
        return Mode.ADVISE


async def remove_memory(hass: HomeAssistant, entry_id: str) -> None:
    """The entry is removed, and its memory with it."""
    await _file(hass, entry_id).async_remove()


def _file(hass: HomeAssistant, entry_id: str) -> Store[Stored]:
    return Store[Stored](hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}")
