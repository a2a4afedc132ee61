"""How far a window may go by itself."""

from collections.abc import Hashable, Iterator
from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .settings import Mode
from .station import Facet, Station

PARALLEL_UPDATES = 0

MODE = SelectEntityDescription(
    key="mode", translation_key="mode", entity_category=EntityCategory.CONFIG, options=list(Mode)
)


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the mode of each window that moves."""
    add_as_they_appear(entry, async_add_entities, _modes)


def _modes(hub: Hub, station: Station) -> Iterator[WindowMode]:
    if Facet.MOVES in station.facets:
        yield WindowMode(hub, station, MODE)


class WindowMode(WindowEntity, SelectEntity):
    """Automatic, advise or off."""

    measured = False

    @override
    def _read(self) -> None:
        self._attr_current_option = self.station.window.mode

    @override
    def _shows(self) -> Hashable:
        return self._attr_current_option

    @override
    async def async_select_option(self, option: str) -> None:
        await self.hub.owner.set_mode(self.station, Mode(option))
