"""From a device in Home Assistant's registry to the window that it is, and to its entities."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import DOMAIN


@callback
def window_id(hass: HomeAssistant, device_id: str) -> str | None:
    """The window's own id; None: this device is no window that moves, or the hub."""
    device = dr.async_get(hass).async_get(device_id)
    own = [] if device is None else [name for domain, name in device.identifiers if domain == DOMAIN]
    return next((name for name in own if entity_id_of(hass, name, "event", "decision") is not None), None)


@callback
def entity_id_of(hass: HomeAssistant, window: str, platform: str, key: str) -> str | None:
    """The entity of a window by its key, whatever its owner called it."""
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{window}.{key}")
