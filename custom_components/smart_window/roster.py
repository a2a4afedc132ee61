"""Which windows there are: they appear with their first message and vanish when they or their owner say so."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .const import DOMAIN, MANUFACTURER
from .contract import MessageKind
from .station import Facet, Station
from .window import Window

MAX_UNANNOUNCED: Final = 64
"""Devices that never announced themselves (the design's limit): a stranger must not fill the house with devices."""
ROOMY: Final = 64
"""More windows than these are a crowd: see entity.py."""
MAX_HIDDEN: Final = 1024
"""Ids of which only availability or a guard came so far: they wait for their announce, and cost little."""

_REPORTS: Final = frozenset(
    {
        MessageKind.STATE,
        MessageKind.TEMPERATURE,
        MessageKind.HUMIDITY,
        MessageKind.AUDIO,
    }
)
_MAKES: Final = _REPORTS | {MessageKind.ANNOUNCE, MessageKind.AVAILABILITY, MessageKind.GUARD}

type Appeared = Callable[[Station], None]


class Roster:
    """The windows by id. Platforms hear of each window that shows more than before."""

    def __init__(
        self, hass: HomeAssistant, entry_id: str, make: Callable[[str], Window], removed: Iterable[str] = ()
    ) -> None:
        """`make` gives the pure window for an id, with what was stored of it."""
        self._hass = hass
        self._entry_id = entry_id
        self._make = make
        self._stations: dict[str, Station] = {}
        self._facets: dict[str, frozenset[Facet]] = {}
        self._appeared: list[Appeared] = []
        self._hub_device_id: str | None = None
        self._turned_away = 0
        self.removed: set[str] = set(removed)

    def __iter__(self) -> Iterator[Station]:
        return iter(tuple(self._stations.values()))

    @property
    def turned_away(self) -> int:
        """Messages of devices for which there was no room."""
        return self._turned_away

    @property
    def strangers(self) -> frozenset[str]:
        """Those who reported something and never said who they are."""
        return frozenset(one.device_id for one in self._stations.values() if one.reported and not one.announced)

    @property
    def crowded(self) -> bool:
        """There are more windows than have all their entities at first."""
        return len(self._facets) > ROOMY

    @property
    def shown(self) -> list[Station]:
        """The windows that are devices."""
        return [station for station in self if station.visible]

    def get(self, device_id: str) -> Station | None:
        """The window with this id."""
        return self._stations.get(device_id)

    @callback
    def register_hub(self, title: str) -> None:
        """The device that all windows hang on."""
        hub = dr.async_get(self._hass).async_get_or_create(
            config_entry_id=self._entry_id,
            identifiers={(DOMAIN, self._entry_id)},
            entry_type=dr.DeviceEntryType.SERVICE,
            manufacturer=MANUFACTURER,
            name=title,
        )
        self._hub_device_id = hub.id

    @callback
    def listen(self, appeared: Appeared) -> Callable[[], None]:
        """Hear of the windows there are and of each that shows something new."""
        self._appeared.append(appeared)
        for station in self.shown:
            appeared(station)
        return lambda: self._appeared.remove(appeared)

    @callback
    def admit(self, device_id: str, kind: MessageKind) -> Station | None:
        """The window that a message is for; a new one if this kind of message makes one and there is room."""
        station = self._stations.get(device_id)
        if station is None and kind not in _MAKES:
            return None
        if not self._has_room(station, kind):
            self._turned_away += 1
            return None
        if station is None:
            station = self._stations[device_id] = Station(self._make(device_id))
        station.reported = station.reported or kind in _REPORTS
        return station

    @callback
    def show(self, station: Station, *, announced: bool) -> None:
        """Bring registry and platforms up to what the window shows. `announced`: it said something new of itself."""
        if station.visible and not announced and station.facets_seen == station.proves:
            return
        station.facets_seen, facets = station.proves, station.facets
        if not facets and not station.announced:
            return
        more = self._facets.get(station.device_id) != facets
        if not (more or announced or not station.visible):
            return
        station.visible = True
        self._register(station)
        if more:
            self._facets[station.device_id] = facets
            for appeared in self._appeared:
                # Each in a turn of the event loop: together they make some thirty entities.
                self._hass.loop.call_soon(self._tell, appeared, station)

    def _tell(self, appeared: Appeared, station: Station) -> None:
        """Unless it went meanwhile, or nobody listens any more."""
        if self._stations.get(station.device_id) is station and appeared in self._appeared:
            appeared(station)

    @callback
    def drop(self, device_id: str) -> Station | None:
        """Forget a window, and let its device go."""
        station = self._stations.pop(device_id, None)
        self._facets.pop(device_id, None)
        if station is not None:
            station.cancel_timer()
        registry = dr.async_get(self._hass)
        device = registry.async_get_device_by_identifier((DOMAIN, device_id), self._entry_id)
        if device is not None:
            registry.async_remove_device(device.id)
        return station

    @callback
    def forget_without_registry(self, device_id: str) -> None:
        """The owner deletes the device: Home Assistant takes it from the registry itself."""
        station = self._stations.pop(device_id, None)
        self._facets.pop(device_id, None)
        if station is not None:
            station.cancel_timer()

    def device_info(self, station: Station) -> dr.DeviceInfo:
        """What the registry says of a window."""
        announce = station.window.announce
        info = dr.DeviceInfo(identifiers={(DOMAIN, station.device_id)}, manufacturer=MANUFACTURER, name=station.name)
        if self._hub_device_id is not None:
            info["via_device_id"] = self._hub_device_id
        if announce is None:
            return info
        info["model"] = announce.model
        info["sw_version"] = announce.sw_version
        info["hw_version"] = announce.hw
        if announce.suggested_area is not None:
            info["suggested_area"] = announce.suggested_area
        return info

    def _register(self, station: Station) -> None:
        dr.async_get(self._hass).async_get_or_create(config_entry_id=self._entry_id, **self.device_info(station))

    def _has_room(self, station: Station | None, kind: MessageKind) -> bool:
        if kind is MessageKind.ANNOUNCE or (station is not None and (station.reported or station.announced)):
            return True
        if kind in _REPORTS:
            strangers = (one.reported and not one.announced for one in self._stations.values())
            return sum(strangers) < MAX_UNANNOUNCED
        return station is not None or len(self._stations) < MAX_HIDDEN
