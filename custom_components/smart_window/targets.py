"""Which windows an action means, each once; all are checked before any is touched."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from .const import DOMAIN
from .hub import Hub, SmartWindowConfigEntry
from .station import Station


def loaded_hub(hass: HomeAssistant) -> Hub:
    """The hub that runs. ServiceValidationError, translated, when none does."""
    entries: list[SmartWindowConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    if not entries:
        raise _error("not_loaded")
    return entries[0].runtime_data


def stations_of(hass: HomeAssistant, hub: Hub, target: Mapping[str, Any]) -> list[Station]:
    """The windows that a target names, in the order of their ids.

    ServiceValidationError, translated, for an entity or device that is no window of ours, and when nothing is meant. In
    an area, other devices are passed over.
    """
    selected = async_extract_referenced_entity_ids(hass, TargetSelection(dict(target)))
    entities, devices = er.async_get(hass), dr.async_get(hass)
    if unknown := selected.missing_devices:
        raise _error("no_such_window", name=min(unknown))
    found: dict[str, Station] = {}
    for device_id in selected.referenced_devices:
        found |= _of_device(hub, devices.async_get(device_id))
    for entity_id in selected.referenced | selected.indirectly_referenced:
        entry = entities.async_get(entity_id)
        of_window = {} if entry is None else _of_device(hub, _device(devices, entry))
        if not of_window and entity_id in selected.referenced:
            raise _error("no_such_window", name=entity_id)
        found |= of_window
    moving = {device_id: station for device_id, station in found.items() if station.window.has_cover}
    if not moving:
        raise _error("no_window_meant")
    return [moving[device_id] for device_id in sorted(moving)]


def check_online(stations: list[Station]) -> None:
    """HomeAssistant's person hears of the first window that is not there, before anything is done to any."""
    for station in stations:
        if not station.online:
            raise _error("window_offline", name=station.name)


def _device(devices: dr.DeviceRegistry, entry: er.RegistryEntry) -> dr.AnyDeviceEntry | None:
    return None if entry.device_id is None else devices.async_get(entry.device_id)


def _of_device(hub: Hub, device: dr.AnyDeviceEntry | None) -> dict[str, Station]:
    return {} if device is None else dict(_stations(hub, device))


def _stations(hub: Hub, device: dr.AnyDeviceEntry) -> Iterator[tuple[str, Station]]:
    for domain, name in device.identifiers:
        station = hub.roster.get(name) if domain == DOMAIN else None
        if station is not None:
            yield name, station


def _error(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)
