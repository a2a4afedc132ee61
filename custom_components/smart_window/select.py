"""How far a window may go by itself, and what it heeds most."""

from collections.abc import Callable, Coroutine, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .settings import Mode, Taste
from .station import Facet, Station
from .tune import tune
from .window_options import ROOM

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class WindowSelectDescription(SelectEntityDescription):
    """One choice: what is chosen, and what choosing does."""

    value: Callable[[Station], str]
    choose: Callable[[Hub, Station, str], Coroutine[Any, Any, None]]


async def _set_mode(hub: Hub, station: Station, option: str) -> None:
    await hub.owner.set_mode(station, Mode(option))


async def _set_taste(hub: Hub, station: Station, option: str) -> None:
    tune(hub, station, ROOM, taste=option)


SELECTS: tuple[WindowSelectDescription, ...] = (
    WindowSelectDescription(
        key="mode",
        translation_key="mode",
        options=list(Mode),
        value=lambda station: station.window.mode,
        choose=_set_mode,
    ),
    WindowSelectDescription(
        key="taste",
        translation_key="taste",
        options=list(Taste),
        value=lambda station: station.window.own.taste,
        choose=_set_taste,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the choices of each window that moves."""
    add_as_they_appear(entry, async_add_entities, _selects)


def _selects(hub: Hub, station: Station) -> Iterator[WindowSelect]:
    if Facet.MOVES in station.facets:
        for description in SELECTS:
            yield WindowSelect(hub, station, description)


class WindowSelect(WindowEntity, SelectEntity):
    """One of a few words."""

    entity_description: WindowSelectDescription  # type: ignore[mutable-override]  # as Home Assistant means it
    measured = False
    _attr_entity_category: EntityCategory | None = EntityCategory.CONFIG

    @override
    def _read(self) -> None:
        self._attr_current_option = self.entity_description.value(self.station)

    @override
    def _shows(self) -> Hashable:
        return self._attr_current_option

    @override
    async def async_select_option(self, option: str) -> None:
        await self.entity_description.choose(self.hub, self.station, option)
