"""The owner's hand lets go of a window."""

from collections.abc import Hashable, Iterator
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .station import Facet, Station

PARALLEL_UPDATES = 0

RELEASE_HOLD = ButtonEntityDescription(key="release_hold", translation_key="release_hold")


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the button of each window that moves."""
    add_as_they_appear(entry, async_add_entities, _buttons)


def _buttons(hub: Hub, station: Station) -> Iterator[ReleaseHold]:
    if Facet.MOVES in station.facets:
        yield ReleaseHold(hub, station, RELEASE_HOLD)


class ReleaseHold(WindowEntity, ButtonEntity):
    """Ends the hold; without one it does nothing."""

    measured = False

    @override
    def _read(self) -> None:
        """A button shows nothing of the window."""

    @override
    def _shows(self) -> Hashable:
        return None

    @override
    async def async_press(self) -> None:
        await self.hub.owner.release(self.station)
