"""The last decisions of each window, kept in a file of their own: "why" has an answer without a database."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .decision import Decision, Why
from .memory import REMEMBERED, DecisionMemory

STORAGE_VERSION: Final = 1
SAVE_DELAY_S: Final = 300.0
"""It is no loss when the last minutes are forgotten in a power cut."""
MOST: Final = 200_000
"""Decisions of all windows together, 200 of each of a thousand: some 60 MB. More windows remember fewer each."""
FEWEST: Final = 20
"""That each window remembers, however many there are."""

type Kept = dict[str, dict[str, object]]


class Decisions:
    """Of all windows. Written lazily, and when Home Assistant stops."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store = _file(hass, entry_id)
        self._memories: dict[str, DecisionMemory] = {}
        self._unsaved = False

    async def load(self) -> None:
        """What was kept."""
        kept = await self._store.async_load() or {}
        self._memories = {device_id: DecisionMemory.from_dict(data) for device_id, data in kept.items()}
        self._share()

    async def save(self) -> None:
        """On disk when this returns, if anything is new."""
        if self._unsaved:
            await self._store.async_save(self._collect())

    def of(self, device_id: str) -> DecisionMemory:
        """One window's, oldest first."""
        found = self._memories.get(device_id)
        if found is None:
            found = self._memories[device_id] = DecisionMemory()
            self._share()
        return found

    @callback
    def note(self, device_id: str, decision: Decision, told: Why, wall: float) -> bool:
        """After each decision; True when it differs from the last one in more than its numbers."""
        differs = self.of(device_id).note(decision, told, wall)
        if differs:
            self._save_soon()
        return differs

    @callback
    def forget(self, device_id: str) -> None:
        """The window is gone."""
        if self._memories.pop(device_id, None) is not None:
            self._save_soon()

    def _share(self) -> None:
        """Let all of them together stay within what there is room for."""
        if (windows := len(self._memories)) * REMEMBERED <= MOST:
            return
        for memory in self._memories.values():
            memory.limit(max(FEWEST, MOST // windows))

    def _save_soon(self) -> None:
        # Asking again would put the moment off, for ever where decisions come often.
        if not self._unsaved:
            self._unsaved = True
            self._store.async_delay_save(self._collect, SAVE_DELAY_S)

    def _collect(self) -> Kept:
        # In a thread of the store's, so that the house waits for no thousand windows: each look is one step.
        self._unsaved = False
        return {device_id: dict(memory.to_dict()) for device_id, memory in tuple(self._memories.items())}


async def remove_decisions(hass: HomeAssistant, entry_id: str) -> None:
    """The entry is removed, and what it remembers with it."""
    await _file(hass, entry_id).async_remove()


def _file(hass: HomeAssistant, entry_id: str) -> Store[Kept]:
    return Store[Kept](hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}.decisions", serialize_in_event_loop=False)
