"""Plain devices that their owner adopted: they send readings and understand a number, and nothing else."""

from typing import Any

import probatio as vol
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.helpers import selector

from .const import CONF_DEVICE_ID, SUBENTRY_PLAIN


def adopted(entry: ConfigEntry) -> frozenset[str]:
    """Their ids."""
    plain = (one for one in entry.subentries.values() if one.subentry_type == SUBENTRY_PLAIN)
    return frozenset(one.data[CONF_DEVICE_ID] for one in plain)


class AdoptionFlow(ConfigSubentryFlow):
    """Which device is meant. The hub then loads the entry anew, so that the device gets its cover."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Choose the device."""
        entry = self._get_entry()
        names = self._plain(entry)
        if not names:
            return self.async_abort(reason="no_device")
        if user_input is not None:
            device_id = user_input[CONF_DEVICE_ID]
            return self.async_create_entry(
                title=names[device_id], data={CONF_DEVICE_ID: device_id}, unique_id=f"{SUBENTRY_PLAIN}.{device_id}"
            )
        options = [selector.SelectOptionDict(value=device_id, label=name) for device_id, name in names.items()]
        choice = selector.SelectSelector(selector.SelectSelectorConfig(options=options))
        return self.async_show_form(step_id="user", data_schema=vol.Schema({vol.Required(CONF_DEVICE_ID): choice}))

    def _plain(self, entry: ConfigEntry) -> dict[str, str]:
        """The devices that can be adopted, by id."""
        if entry.state is not ConfigEntryState.LOADED:
            return {}
        taken = adopted(entry)
        return {
            one.device_id: one.name
            for one in entry.runtime_data.roster.shown
            if one.plain and one.device_id not in taken
        }
