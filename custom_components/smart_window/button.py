"""What a person can do to a window beside moving it."""

from collections.abc import Callable, Coroutine, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .consult import ask
from .contract import Action
from .entity import WindowEntity, add_as_they_appear
from .hub import Hub, SmartWindowConfigEntry
from .question import Wish
from .station import Facet, Station

PARALLEL_UPDATES = 0

type Press = Callable[[Hub, Station, Context | None], Coroutine[Any, Any, None]]


@dataclass(frozen=True, kw_only=True)
class WindowButtonDescription(ButtonEntityDescription):
    """One button."""

    measured: bool = True
    """It needs the window to be there."""
    press: Press


async def _release(hub: Hub, station: Station, _: Context | None) -> None:
    await hub.owner.release(station)


async def _ask(hub: Hub, station: Station, _: Context | None) -> None:
    ask(hub, station, Wish.ACT)


async def _clear(hub: Hub, station: Station, context: Context | None) -> None:
    await hub.owner.move(station, context, action=Action.CLEAR)


async def _home(hub: Hub, station: Station, context: Context | None) -> None:
    await hub.owner.move(station, context, action=Action.HOME)


BUTTONS: tuple[WindowButtonDescription, ...] = (
    WindowButtonDescription(key="release_hold", translation_key="release_hold", measured=False, press=_release),
    WindowButtonDescription(key="ask_now", translation_key="ask_now", press=_ask),
    WindowButtonDescription(key="clear_obstacle", translation_key="clear_obstacle", press=_clear),
    # The sash runs to its end stop: nobody wants that by a slip of the finger.
    WindowButtonDescription(
        key="home",
        translation_key="home",
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        press=_home,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the buttons of each window that moves."""
    add_as_they_appear(entry, async_add_entities, _buttons)


def _buttons(hub: Hub, station: Station) -> Iterator[WindowButton]:
    if Facet.MOVES in station.facets:
        for description in BUTTONS:
            yield WindowButton(hub, station, description)


class WindowButton(WindowEntity, ButtonEntity):
    """Does one thing. It shows nothing of the window."""

    entity_description: WindowButtonDescription  # type: ignore[mutable-override]  # as Home Assistant means it

    def __init__(self, hub: Hub, station: Station, description: WindowButtonDescription) -> None:
        super().__init__(hub, station, description)
        self.measured = description.measured

    @override
    def _read(self) -> None:
        """A button shows nothing of the window."""

    @override
    def _shows(self) -> Hashable:
        return None

    @override
    async def async_press(self) -> None:
        await self.entity_description.press(self.hub, self.station, self._context)
