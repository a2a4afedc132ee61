"""All windows paused; and a window whose buttons do nothing."""

from collections.abc import Hashable, Iterator
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .contract import Lock
from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .station import Facet, Station

PARALLEL_UPDATES = 0

PAUSE = SwitchEntityDescription(key="pause", translation_key="pause")
CHILD_LOCK = SwitchEntityDescription(
    key="child_lock", translation_key="child_lock", entity_category=EntityCategory.CONFIG
)


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the pause of all windows, and the lock of each window that moves."""
    async_add_entities([Pause(entry.runtime_data)])
    add_as_they_appear(entry, async_add_entities, _locks)


def _locks(hub: Hub, station: Station) -> Iterator[ChildLock]:
    if Facet.MOVES in station.facets:
        yield ChildLock(hub, station, CHILD_LOCK)


class Pause(SwitchEntity):
    """While it is on no rule and no model moves any window; a person still may."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description = PAUSE

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._attr_unique_id = f"{hub.entry.entry_id}.{PAUSE.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, hub.entry.entry_id)})

    @property
    @override
    def is_on(self) -> bool:
        return self._hub.observer.paused

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._set(paused=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._set(paused=False)

    async def _set(self, *, paused: bool) -> None:
        await self._hub.pause(paused=paused)
        self.async_write_ha_state()


class ChildLock(WindowEntity, SwitchEntity):
    """While it is on the window's buttons do nothing."""

    measured = False

    @override
    def _read(self) -> None:
        self._attr_is_on = self.station.window.own.lock is Lock.CHILD

    @override
    def _shows(self) -> Hashable:
        return self._attr_is_on

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self.hub.owner.lock(self.station, locked=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self.hub.owner.lock(self.station, locked=False)
