"""Whether the owner's hand is in force."""

from collections.abc import Hashable, Iterator
from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .station import Facet, Station

PARALLEL_UPDATES = 0

HELD = BinarySensorEntityDescription(key="held", translation_key="held")


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the hold of each window that moves."""
    add_as_they_appear(entry, async_add_entities, _holds)


def _holds(hub: Hub, station: Station) -> Iterator[Held]:
    if Facet.MOVES in station.facets:
        yield Held(hub, station, HELD)


class Held(WindowEntity, BinarySensorEntity):
    """On while a hold stands, also one without an end of its own, for which `hold until` has no moment."""

    measured = False

    @override
    def _read(self) -> None:
        self._attr_is_on = self.station.window.hands.hold is not None

    @override
    def _shows(self) -> Hashable:
        return self._attr_is_on
