"""What helps to find a fault, without names, addresses and passwords."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .const import CONF_CLICKHOUSE_PASSWORD, CONF_CLICKHOUSE_URL, CONF_CLICKHOUSE_USER, DOMAIN
from .decisions import Decisions
from .hub import Hub, SmartWindowConfigEntry
from .station import Station

DECISIONS_SHOWN = 10
TO_REDACT = {
    CONF_CLICKHOUSE_PASSWORD,
    CONF_CLICKHOUSE_URL,
    CONF_CLICKHOUSE_USER,
    "mac",
    "suggested_area",
    "alarms",
    "anybody_home",
}


async def async_get_config_entry_diagnostics(_hass: HomeAssistant, entry: SmartWindowConfigEntry) -> dict[str, Any]:
    """The hub and all its windows."""
    hub = entry.runtime_data
    recorder = hub.recording.recorder
    data = {
        "options": dict(entry.options),
        "settings": asdict(hub.settings),
        "connected": hub.outbox.connected,
        "messages": {kind.value: count for kind, count in sorted(hub.router.taken.items())},
        "dropped": {kind.value: count for kind, count in sorted(hub.router.dropped.items())},
        "turned_away": hub.roster.turned_away,
        "removed": sorted(hub.roster.removed),
        "issues": sorted(f"{issue}.{about}" if about else str(issue) for issue, about in hub.issues.raised),
        "services": {name: asdict(said) for name, said in hub.services.instances.items()},
        "recorder": None
        if recorder is None
        else {"problem": recorder.problem, "waiting": recorder.waiting, "rows": asdict(recorder.counts)},
        "windows": {station.device_id: _window(station, hub.decisions) for station in hub.roster},
    }
    return async_redact_data(data, TO_REDACT)


async def async_get_device_diagnostics(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """One window."""
    hub: Hub = entry.runtime_data
    ids = [name for domain, name in device.identifiers if domain == DOMAIN]
    stations = [station for device_id in ids if (station := hub.roster.get(device_id)) is not None]
    return async_redact_data({station.device_id: _window(station, hub.decisions) for station in stations}, TO_REDACT)


def _window(station: Station, decisions: Decisions) -> dict[str, Any]:
    window, decision = station.window, station.decision
    return {
        "visible": station.visible,
        "online": station.online,
        "facets": sorted(station.facets),
        "mode": window.mode,
        "announce": None if window.announce is None else asdict(window.announce),
        "state": None if window.state is None else asdict(window.state),
        "contract_mismatch": window.contract_mismatch,
        "foreign_guard": window.foreign_hub is not None,
        "temperature": None if window.temperature is None else window.temperature.value,
        "humidity": None if window.humidity is None else window.humidity.value,
        "level_dbfs": None if window.level is None else window.level.value,
        "reason": station.why,
        "hold_until": window.hold_until,
        "question": None if window.question is None else window.question.correlation_id,
        "prediction": None if window.prediction is None else asdict(window.prediction.response),
        "decision": None if decision is None else asdict(decision),
        "own": asdict(window.own),
        "layers": window.layers.to_dict(),
        "surroundings": asdict(window.surroundings),
        "hazards": [asdict(hazard) for hazard in window.hazards.reign],
        "decisions": [asdict(one) for one in decisions.of(window.device_id).entries[-DECISIONS_SHOWN:]],
    }
