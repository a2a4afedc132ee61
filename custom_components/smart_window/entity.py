"""What all entities of a window share: they read the window, and write only what looks different from before."""

from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterable
from typing import Final, override

from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription

from .hub import Hub, SmartWindowConfigEntry
from .station import Station

type Make = Callable[[Hub, Station], Iterable[WindowEntity]]

ESSENTIAL: Final = frozenset(
    {"cover", "plain_cover", "mode", "reason", "held", "online", "decision", "temperature", "humidity"}
)
"""What every window shows at first. In a crowded house its owner enables the rest where it is wanted: Home Assistant
takes no more than 10,000 enabled entities of one entry (2026.11), and a thousand windows have 28,000."""


class WindowEntity(Entity):
    """One entity of one window."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    measured = True
    """It is worth nothing while the window is away. False: it is Home Assistant's own knowledge."""

    def __init__(self, hub: Hub, station: Station, description: EntityDescription) -> None:
        self.entity_description = description
        self.hub = hub
        self.station = station
        # No id holds a dot, so no two windows can meet in one name.
        self._attr_unique_id = f"{station.device_id}.{description.key}"
        self._attr_device_info = hub.roster.device_info(station)
        if hub.roster.crowded and description.key not in ESSENTIAL:
            self._attr_entity_registry_enabled_default = False
        self._written: Hashable = None

    @override
    async def async_added_to_hass(self) -> None:
        self._read()
        self._written = (self.available, self._shows())
        self.async_on_remove(self.station.listen(self._changed, self.made_key))

    @property
    def made_key(self) -> str:
        """Its name among all that one window has."""
        return self.entity_description.key

    @property
    @override
    def available(self) -> bool:
        return self.station.online if self.measured else True

    @abstractmethod
    def _read(self) -> None:
        """Take over what the window says."""

    @abstractmethod
    def _shows(self) -> Hashable:
        """All that a state would show; equal values need not be written again."""

    @callback
    def _changed(self) -> None:
        self._read()
        shows = (self.available, self._shows())
        if shows != self._written:
            self._written = shows
            self.async_write_ha_state()


@callback
def add_as_they_appear(
    entry: SmartWindowConfigEntry, add: Callable[[Iterable[WindowEntity]], None], make: Make
) -> None:
    """Add each window's entities as soon as the window shows what they need."""
    hub = entry.runtime_data

    @callback
    def appeared(station: Station) -> None:
        new = [one for one in make(hub, station) if one.made_key not in station.given_out]
        station.given_out.update(one.made_key for one in new)
        if new:
            add(new)

    entry.async_on_unload(hub.roster.listen(appeared))
