"""The few facts that a person compares first."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .hub import SmartWindowConfigEntry


@callback
def async_register(_hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Tell Home Assistant whom to ask."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    entries: list[SmartWindowConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    if not entries:
        return {"loaded": False}
    hub = entries[0].runtime_data
    service = hub.services.view
    return {
        "loaded": True,
        "connected": hub.outbox.connected,
        "windows": len(hub.roster.shown),
        "online": sum(station.online for station in hub.roster.shown),
        "service": "unknown" if service.state is None else str(service.state),
        "model_version": service.model_version or "unknown",
        "dropped_messages": sum(hub.router.dropped.values()),
        "recording": "off" if hub.recording.recorder is None else hub.recording.recorder.problem or "ok",
    }
