"""What happened to a window, one event after the other: for automations, notifications and the logbook."""

from collections.abc import Hashable, Iterator
from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import EVENT_DECISION
from .entity import WindowEntity, add_as_they_appear
from .happenings import Happening, Told
from .hub import Hub, SmartWindowConfigEntry
from .station import Facet, Station

PARALLEL_UPDATES = 0

DECISION = EventEntityDescription(key="decision", translation_key="decision", event_types=list(Happening))


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the event of each window that moves."""
    add_as_they_appear(entry, async_add_entities, _events)


def _events(hub: Hub, station: Station) -> Iterator[DecisionEvent]:
    if Facet.MOVES in station.facets:
        yield DecisionEvent(hub, station, DECISION)


class DecisionEvent(WindowEntity, EventEntity):
    """Fires when the window moved, was refused, was held, or could not be closed."""

    measured = False

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.station.hear_of(self._happened))

    @override
    def _read(self) -> None:
        """It shows what happened, and nothing of how the window is."""

    @override
    def _shows(self) -> Hashable:
        return None

    @callback
    def _happened(self, told: Told) -> None:
        sentence = self.hub.wording.tell(self.station, told)
        said = {"why": told.why, "sentence": sentence, **told.details}
        self._trigger_event(told.what, said)
        self.async_write_ha_state()
        about = {"device_id": self.station.device_id, "entity_id": self.entity_id, "name": self.station.name}
        self.hass.bus.async_fire(EVENT_DECISION, {**about, "event_type": told.what, **said})
