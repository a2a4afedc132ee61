"""All windows paused; a window whose buttons do nothing, that may listen, that keeps quiet hours."""

from collections.abc import Callable, Coroutine, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .contract import Lock
from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .settings import QuietRule
from .station import Facet, Station
from .tune import tune
from .window_options import LIMITS

PARALLEL_UPDATES = 0

PAUSE = SwitchEntityDescription(key="pause", translation_key="pause")


@dataclass(frozen=True, kw_only=True)
class WindowSwitchDescription(SwitchEntityDescription):
    """One switch: what a window must show to have it, what it shows, and what turning it does."""

    facets: frozenset[Facet]
    value: Callable[[Station], bool]
    turn: Callable[[Hub, Station, bool], Coroutine[Any, Any, None]]


async def _lock(hub: Hub, station: Station, on: bool) -> None:  # noqa: FBT001 - as the table has it
    await hub.owner.lock(station, locked=on)


async def _listen(hub: Hub, station: Station, on: bool) -> None:  # noqa: FBT001 - as the table has it
    if on and not station.window.settings.microphone:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="microphones_off")
    tune(hub, station, LIMITS, microphone=on)


async def _keep_quiet(hub: Hub, station: Station, on: bool) -> None:  # noqa: FBT001 - as the table has it
    tune(hub, station, LIMITS, quiet=QuietRule.KEEP if on else QuietRule.IGNORE)


def _keeps_quiet(station: Station) -> bool:
    own, house = station.window.own.quiet, station.window.settings.quiet
    return own is QuietRule.KEEP or (own is QuietRule.HOUSE and house)


SWITCHES: tuple[WindowSwitchDescription, ...] = (
    # While it is on the window's buttons do nothing.
    WindowSwitchDescription(
        key="child_lock",
        translation_key="child_lock",
        facets=frozenset({Facet.MOVES}),
        value=lambda station: station.window.own.lock is Lock.CHILD,
        turn=_lock,
    ),
    # The guard carries it, so that the window itself is deaf.
    WindowSwitchDescription(
        key="microphone",
        translation_key="microphone",
        facets=frozenset({Facet.MOVES, Facet.SOUND}),
        value=lambda station: station.window.own.microphone and station.window.settings.microphone,
        turn=_listen,
    ),
    WindowSwitchDescription(
        key="quiet_hours",
        translation_key="quiet_hours",
        facets=frozenset({Facet.MOVES}),
        value=_keeps_quiet,
        turn=_keep_quiet,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the pause of all windows, and the switches of each window."""
    async_add_entities([Pause(entry.runtime_data)])
    add_as_they_appear(entry, async_add_entities, _switches)


def _switches(hub: Hub, station: Station) -> Iterator[WindowSwitch]:
    for description in SWITCHES:
        if description.facets <= station.facets:
            yield WindowSwitch(hub, station, description)


class Pause(SwitchEntity):
    """While it is on no rule and no model moves any window; a person still may."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description = PAUSE

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._attr_unique_id = f"{hub.entry.entry_id}.{PAUSE.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, hub.entry.entry_id)})

    @property
    @override
    def is_on(self) -> bool:
        return self._hub.observer.paused

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._set(paused=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._set(paused=False)

    async def _set(self, *, paused: bool) -> None:
        await self._hub.pause(paused=paused)
        self.async_write_ha_state()


class WindowSwitch(WindowEntity, SwitchEntity):
    """Something at one window that is on or off."""

    entity_description: WindowSwitchDescription  # type: ignore[mutable-override]  # as Home Assistant means it
    measured = False
    _attr_entity_category: EntityCategory | None = EntityCategory.CONFIG

    @override
    def _read(self) -> None:
        self._attr_is_on = self.entity_description.value(self.station)

    @override
    def _shows(self) -> Hashable:
        return self._attr_is_on

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self.entity_description.turn(self.hub, self.station, True)  # noqa: FBT003 - as the table has it

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self.entity_description.turn(self.hub, self.station, False)  # noqa: FBT003 - as the table has it
