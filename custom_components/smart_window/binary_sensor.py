"""What is or is not at a window: a hold, rain, an obstacle, a fault, a connection."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .contract import State
from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .station import Facet, Station

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class WindowBinaryDescription(BinarySensorEntityDescription):
    """One yes or no: what a window must show to have it, and where it reads. None: not known."""

    facet: Facet | None
    """None: every window has it."""
    measured: bool = True
    value: Callable[[Station], bool | None]
    code: Callable[[Station], str | None] | None = None
    """A word that says more, as the attribute `code`."""


def _of_state(read: Callable[[State], bool]) -> Callable[[Station], bool | None]:
    return lambda station: None if station.window.state is None else read(station.window.state)


BINARY_SENSORS: tuple[WindowBinaryDescription, ...] = (
    # On also for a hold without an end of its own, for which `hold until` has no moment.
    WindowBinaryDescription(
        key="held",
        translation_key="held",
        facet=Facet.MOVES,
        measured=False,
        value=lambda station: station.window.hands.hold is not None,
    ),
    WindowBinaryDescription(
        key="rain",
        translation_key="rain",
        facet=Facet.RAIN,
        device_class=BinarySensorDeviceClass.MOISTURE,
        value=_of_state(lambda state: state.rain),
    ),
    WindowBinaryDescription(
        key="obstacle",
        translation_key="obstacle",
        facet=Facet.MOVES,
        device_class=BinarySensorDeviceClass.PROBLEM,
        value=_of_state(lambda state: state.obstacle),
    ),
    WindowBinaryDescription(
        key="fault",
        translation_key="fault",
        facet=Facet.MOVES,
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=_of_state(lambda state: state.fault is not None),
        code=lambda station: None if station.window.state is None else station.window.state.fault,
    ),
    WindowBinaryDescription(
        key="online",
        translation_key="online",
        facet=None,
        measured=False,
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda station: station.online,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each window's as it shows that it has them."""
    add_as_they_appear(entry, async_add_entities, _binary_sensors)


def _binary_sensors(hub: Hub, station: Station) -> Iterator[WindowBinarySensor]:
    for description in BINARY_SENSORS:
        if description.facet is None or description.facet in station.facets:
            yield WindowBinarySensor(hub, station, description)


class WindowBinarySensor(WindowEntity, BinarySensorEntity):
    """One yes or no of a window."""

    entity_description: WindowBinaryDescription  # type: ignore[mutable-override]  # as Home Assistant means it

    def __init__(self, hub: Hub, station: Station, description: WindowBinaryDescription) -> None:
        super().__init__(hub, station, description)
        self.measured = description.measured
        self._code: str | None = None

    @override
    def _read(self) -> None:
        self._attr_is_on = self.entity_description.value(self.station)
        if (code := self.entity_description.code) is not None:
            self._code = code(self.station)
            self._attr_extra_state_attributes = {"code": self._code}

    @override
    def _shows(self) -> Hashable:
        return (self._attr_is_on, self._code)
