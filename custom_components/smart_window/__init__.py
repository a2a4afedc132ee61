"""Smart Window: windows that open and close themselves, and can say why.

Importing this loads next to nothing: all else comes in a thread, so that neither Home Assistant's start nor its event
loop waits for it.
"""

from types import ModuleType
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv

from .const import DOMAIN

if TYPE_CHECKING:
    from homeassistant.helpers.device_registry import AnyDeviceEntry
    from homeassistant.helpers.typing import ConfigType

    from .hub import SmartWindowConfigEntry

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """The actions are there from the start, with or without an entry."""
    await hass.async_add_import_executor_job(_load)
    from .lifetime import set_up_actions  # noqa: PLC0415 - loaded by now, here and below

    set_up_actions(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: SmartWindowConfigEntry) -> bool:
    """Set up the hub and its windows."""
    from .lifetime import begin  # noqa: PLC0415

    await begin(hass, entry)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: SmartWindowConfigEntry) -> bool:
    """Read an entry that another version of Smart Window wrote."""
    from .lifetime import migrate  # noqa: PLC0415

    return migrate(hass, entry)


async def async_unload_entry(hass: HomeAssistant, entry: SmartWindowConfigEntry) -> bool:
    """Let go of everything. Moves nothing."""
    from .lifetime import end  # noqa: PLC0415

    return await end(hass, entry)


async def async_remove_entry(hass: HomeAssistant, entry: SmartWindowConfigEntry) -> None:
    """Leave no files behind."""
    await hass.async_add_import_executor_job(_load)
    from .lifetime import erase  # noqa: PLC0415

    await erase(hass, entry)


async def async_remove_config_entry_device(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, device_entry: AnyDeviceEntry
) -> bool:
    """Remove a window for good."""
    from .lifetime import remove_window  # noqa: PLC0415

    return await remove_window(entry, device_entry)


def _load() -> ModuleType:
    from . import lifetime  # noqa: PLC0415 - in a thread

    return lifetime
