"""What an automation can ask of a window, where core has no condition of its own for it."""

from dataclasses import dataclass
from typing import Final

import probatio as vol
from homeassistant.const import CONF_CONDITION, CONF_DEVICE_ID, CONF_DOMAIN, CONF_TYPE, STATE_ON
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.condition import ConditionCheckerType
from homeassistant.helpers.config_validation import DEVICE_CONDITION_BASE_SCHEMA
from homeassistant.helpers.typing import ConfigType, TemplateVarsType

from .const import DOMAIN
from .device_entities import entity_id_of, window_id
from .happenings import Happening


@dataclass(frozen=True, slots=True)
class Asks:
    """Which entity answers, and with what: its state, or the last event that it told."""

    platform: str
    key: str
    answer: str
    attribute: str | None = None


CONDITIONS: Final = {
    "is_held": Asks("binary_sensor", "held", STATE_ON),
    "could_not_close": Asks("event", "decision", Happening.COULD_NOT_CLOSE, "event_type"),
    "has_suggestion": Asks("event", "decision", Happening.SUGGESTED, "event_type"),
}

CONDITION_SCHEMA = DEVICE_CONDITION_BASE_SCHEMA.extend({vol.Required(CONF_TYPE): vol.In(sorted(CONDITIONS))})


async def async_get_conditions(hass: HomeAssistant, device_id: str) -> list[dict[str, str]]:
    """Those of one window; the hub has none."""
    if window_id(hass, device_id) is None:
        return []
    base = {CONF_CONDITION: "device", CONF_DEVICE_ID: device_id, CONF_DOMAIN: DOMAIN}
    return [{**base, CONF_TYPE: kind} for kind in sorted(CONDITIONS)]


@callback
def async_condition_from_config(_hass: HomeAssistant, config: ConfigType) -> ConditionCheckerType:
    """The check. A window that is gone meets none."""
    asks, device_id = CONDITIONS[config[CONF_TYPE]], config[CONF_DEVICE_ID]

    @callback
    def holds(hass: HomeAssistant, _variables: TemplateVarsType = None) -> bool:
        window = window_id(hass, device_id)
        entity_id = None if window is None else entity_id_of(hass, window, asks.platform, asks.key)
        state = None if entity_id is None else hass.states.get(entity_id)
        if state is None:
            return False
        return (state.state if asks.attribute is None else state.attributes.get(asks.attribute)) == asks.answer

    return holds
