"""The window itself."""

from collections.abc import Hashable, Iterator
from typing import Any, override

from homeassistant.components.cover import (
    ATTR_POSITION,
    CoverDeviceClass,
    CoverEntity,
    CoverEntityDescription,
    CoverEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .contract import Action, Operation
from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .station import Facet, Station

PARALLEL_UPDATES = 0

COVER = CoverEntityDescription(key="cover", name=None, device_class=CoverDeviceClass.WINDOW)


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add a cover for each window that moves."""
    add_as_they_appear(entry, async_add_entities, _covers)


def _covers(hub: Hub, station: Station) -> Iterator[WindowCover]:
    if Facet.MOVES in station.facets:
        yield WindowCover(hub, station, COVER)


class WindowCover(WindowEntity, CoverEntity):
    """0 is closed, 100 is open. A command of a person is a hand."""

    _attr_supported_features: CoverEntityFeature | None = (
        CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE | CoverEntityFeature.STOP | CoverEntityFeature.SET_POSITION
    )
    _attr_is_closed: bool | None = None

    @override
    def _read(self) -> None:
        state = self.station.window.state
        position, expected = self.station.shown_position, self.station.expected
        self._attr_current_cover_position = None if position is None else _shown(position)
        self._attr_is_closed = None if position is None else _shown(position) == 0
        operation = None if state is None else state.operation
        if expected is not None and state is not None and state.position is not None:
            operation = Operation.OPENING if expected.position > state.position else Operation.CLOSING
        self._attr_is_opening = operation is Operation.OPENING
        self._attr_is_closing = operation is Operation.CLOSING

    @override
    def _shows(self) -> Hashable:
        return (self._attr_current_cover_position, self._attr_is_opening, self._attr_is_closing)

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        await self.hub.owner.move(self.station, self._context, position=100)

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        await self.hub.owner.move(self.station, self._context, position=0)

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        await self.hub.owner.move(self.station, self._context, position=kwargs[ATTR_POSITION])

    @override
    async def async_stop_cover(self, **kwargs: Any) -> None:
        await self.hub.owner.move(self.station, self._context, action=Action.STOP)


def _shown(position: float) -> int:
    """Whole percent. Only what is closed is shown as 0: a gap of half a percent lets the rain in."""
    return max(1, round(position)) if position > 0 else 0
