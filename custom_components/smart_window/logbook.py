"""What happened to a window, told in the logbook."""

from collections.abc import Callable

from homeassistant.components.logbook.const import LOGBOOK_ENTRY_ENTITY_ID, LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.core import Event, HomeAssistant, callback

from .const import DOMAIN, EVENT_DECISION

type Describe = Callable[[Event], dict[str, str]]


@callback
def async_describe_events(_hass: HomeAssistant, async_describe_event: Callable[[str, str, Describe], None]) -> None:
    """Tell the logbook how to read our events."""
    async_describe_event(DOMAIN, EVENT_DECISION, _describe)


@callback
def _describe(event: Event) -> dict[str, str]:
    said = event.data
    told = {LOGBOOK_ENTRY_NAME: str(said["name"]), LOGBOOK_ENTRY_MESSAGE: str(said["sentence"])}
    return told | ({LOGBOOK_ENTRY_ENTITY_ID: said["entity_id"]} if said.get("entity_id") else {})
