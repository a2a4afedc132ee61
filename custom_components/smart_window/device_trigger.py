"""What an automation can begin with at a window, where core has no trigger of its own for it."""

from typing import Final

import probatio as vol
from homeassistant.components.device_automation import DEVICE_TRIGGER_BASE_SCHEMA
from homeassistant.components.homeassistant.triggers import event as event_trigger
from homeassistant.const import CONF_DEVICE_ID, CONF_DOMAIN, CONF_EVENT_DATA, CONF_PLATFORM, CONF_TYPE
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.helpers.trigger import TriggerActionType, TriggerInfo
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN, EVENT_DECISION
from .device_entities import window_id
from .happenings import Happening

TYPES: Final = frozenset({Happening.SUGGESTED, Happening.HOLD_BEGAN, Happening.HOLD_ENDED, Happening.COULD_NOT_CLOSE})

TRIGGER_SCHEMA = DEVICE_TRIGGER_BASE_SCHEMA.extend({vol.Required(CONF_TYPE): vol.In(sorted(TYPES))})


async def async_get_triggers(hass: HomeAssistant, device_id: str) -> list[dict[str, str]]:
    """Those of one window; the hub has none."""
    if window_id(hass, device_id) is None:
        return []
    base = {CONF_PLATFORM: "device", CONF_DEVICE_ID: device_id, CONF_DOMAIN: DOMAIN}
    return [{**base, CONF_TYPE: str(kind)} for kind in sorted(TYPES)]


async def async_attach_trigger(
    hass: HomeAssistant, config: ConfigType, action: TriggerActionType, trigger_info: TriggerInfo
) -> CALLBACK_TYPE:
    """Listen for it."""
    heard = {
        CONF_PLATFORM: "event",
        event_trigger.CONF_EVENT_TYPE: EVENT_DECISION,
        CONF_EVENT_DATA: {
            "device_id": window_id(hass, config[CONF_DEVICE_ID]),
            "event_type": config[CONF_TYPE],
        },
    }
    return await event_trigger.async_attach_trigger(
        hass, event_trigger.TRIGGER_SCHEMA(heard), action, trigger_info, platform_type="device"
    )
