"""How far machines may open a window, and how sure the model must be."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import override

from homeassistant.components.number import NumberEntity, NumberEntityDescription, NumberMode
from homeassistant.const import PERCENTAGE, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .station import Facet, Station
from .tune import tune
from .window_options import LIMITS

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class WindowNumberDescription(NumberEntityDescription):
    """One number in percent: which setting it is, what it shows, and what the setting is for what is shown."""

    setting: str
    value: Callable[[Station], float]
    setting_of: Callable[[float], float]


def _maximum_opening(station: Station) -> float:
    return round(station.window.own.band_max)


def _min_confidence(station: Station) -> float:
    """The house's, where the window has none of its own."""
    own, house = station.window.own, station.window.settings
    return round((house.min_confidence if own.min_confidence is None else own.min_confidence) * 100)


NUMBERS: tuple[WindowNumberDescription, ...] = (
    WindowNumberDescription(
        key="maximum_opening",
        translation_key="maximum_opening",
        setting="band_max",
        value=_maximum_opening,
        setting_of=float,
    ),
    WindowNumberDescription(
        key="min_confidence",
        translation_key="min_confidence",
        setting="min_confidence",
        value=_min_confidence,
        setting_of=lambda percent: round(percent / 100, 4),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the numbers of each window that moves."""
    add_as_they_appear(entry, async_add_entities, _numbers)


def _numbers(hub: Hub, station: Station) -> Iterator[WindowNumber]:
    if Facet.MOVES in station.facets:
        for description in NUMBERS:
            yield WindowNumber(hub, station, description)


class WindowNumber(WindowEntity, NumberEntity):
    """One of the window's own settings."""

    entity_description: WindowNumberDescription  # type: ignore[mutable-override]  # as Home Assistant means it
    measured = False
    _attr_entity_category: EntityCategory | None = EntityCategory.CONFIG
    _attr_mode = NumberMode.BOX
    _attr_native_min_value: float = 0
    _attr_native_max_value: float = 100
    _attr_native_step: float = 1
    _attr_native_unit_of_measurement: str | None = PERCENTAGE

    @override
    def _read(self) -> None:
        self._attr_native_value = self.entity_description.value(self.station)

    @override
    def _shows(self) -> Hashable:
        return self._attr_native_value

    @override
    async def async_set_native_value(self, value: float) -> None:
        said = self.entity_description
        tune(self.hub, self.station, LIMITS, **{said.setting: said.setting_of(value)})
