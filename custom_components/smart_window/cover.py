"""The window itself."""

from collections.abc import Hashable, Iterator
from typing import Any, override

from homeassistant.components.cover import (
    ATTR_CURRENT_POSITION,
    ATTR_POSITION,
    CoverDeviceClass,
    CoverEntity,
    CoverEntityDescription,
    CoverEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import RestoreEntity

from .contract import Action, Operation
from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .station import Facet, Station

PARALLEL_UPDATES = 0

PLAIN_COVER = CoverEntityDescription(key="plain_cover", name=None, device_class=CoverDeviceClass.WINDOW)
COVER = CoverEntityDescription(key="cover", name=None, device_class=CoverDeviceClass.WINDOW)


async def async_setup_entry(
    hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add a cover for each window that moves; that of a plain device goes when it is given up."""
    registry = er.async_get(hass)
    for one in er.async_entries_for_config_entry(registry, entry.entry_id):
        device_id, _, key = one.unique_id.partition(".")
        if key == PLAIN_COVER.key and device_id not in entry.runtime_data.adopted:
            registry.async_remove(one.entity_id)
    add_as_they_appear(entry, async_add_entities, _covers)


def _covers(hub: Hub, station: Station) -> Iterator[WindowEntity]:
    if Facet.MOVES in station.facets:
        yield WindowCover(hub, station, COVER)
    elif station.device_id in hub.adopted and station.plain:
        yield PlainCover(hub, station, PLAIN_COVER)


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


class PlainCover(WindowEntity, CoverEntity, RestoreEntity):
    """A device that understands a number and tells nothing: it is taken to stand where it was told to go."""

    _attr_supported_features: CoverEntityFeature | None = (
        CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE | CoverEntityFeature.SET_POSITION  # type: ignore[mutable-override]
    )
    _attr_assumed_state = True
    _attr_is_closed: bool | None = None

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        before = await self.async_get_last_state()
        position = None if before is None else before.attributes.get(ATTR_CURRENT_POSITION)
        if isinstance(position, int):
            self._stands(position)

    @override
    def _read(self) -> None:
        """It says nothing of itself."""

    @override
    def _shows(self) -> Hashable:
        return self._attr_current_cover_position

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        await self._go(100)

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        await self._go(0)

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        await self._go(kwargs[ATTR_POSITION])

    async def _go(self, position: int) -> None:
        await self.hub.owner.move_plain(self.station, self._context, position)
        self._stands(position)
        self.async_write_ha_state()

    def _stands(self, position: int) -> None:
        self._attr_current_cover_position = position
        self._attr_is_closed = position == 0


def _shown(position: float) -> int:
    """Whole percent. Only what is closed is shown as 0: a gap of half a percent lets the rain in."""
    return max(1, round(position)) if position > 0 else 0
