"""The life of an entry: its hub starts and stops, windows are removed, and nothing stays behind."""

from homeassistant.components import mqtt
from homeassistant.core import HassJob, HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady, HomeAssistantError
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .const import DOMAIN, PLATFORMS
from .decisions import remove_decisions
from .hub import Hub, SmartWindowConfigEntry
from .migration import migrate
from .recording import remove_spool
from .services import set_up_actions
from .store import remove_memory

__all__ = ["begin", "end", "erase", "migrate", "remove_window", "set_up_actions"]


async def begin(hass: HomeAssistant, entry: SmartWindowConfigEntry) -> None:
    """Make the hub, let the platforms listen to it, and only then let it listen to the broker: so nothing is missed."""
    if not await mqtt.async_wait_for_mqtt_client(hass):
        raise ConfigEntryNotReady(translation_domain=DOMAIN, translation_key="mqtt_missing")
    hub = Hub(hass, entry)
    await hub.load()
    entry.runtime_data = hub
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    try:
        await hub.start()
    except HomeAssistantError as error:
        await hub.stop()
        await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
        raise ConfigEntryNotReady(translation_domain=DOMAIN, translation_key="mqtt_missing") from error
    # Not at the event "stop": by then Home Assistant has cancelled the recorder's task, and its last rows with it.
    entry.async_on_unload(hass.async_add_shutdown_job(HassJob(hub.stop)))


async def end(hass: HomeAssistant, entry: SmartWindowConfigEntry) -> bool:
    """Let go of everything. Moves nothing."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded:
        await entry.runtime_data.stop()
    return unloaded


async def erase(hass: HomeAssistant, entry: SmartWindowConfigEntry) -> None:
    """Leave no files behind."""
    await remove_memory(hass, entry.entry_id)
    await remove_decisions(hass, entry.entry_id)
    await remove_spool(hass, entry.entry_id)


async def remove_window(entry: SmartWindowConfigEntry, device_entry: AnyDeviceEntry) -> bool:
    """Remove a window for good. The hub itself stays as long as its entry."""
    own = {name for domain, name in device_entry.identifiers if domain == DOMAIN} - {entry.entry_id}
    for device_id in own:
        await entry.runtime_data.remove(device_id)
    return bool(own)
