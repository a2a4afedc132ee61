"""A window's own settings: added for a window that was heard, and changed later. Nothing is reloaded by it."""

from collections.abc import Mapping
from typing import Any

import probatio as vol
from homeassistant.config_entries import ConfigEntryState, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.helpers import selector

from .const import CONF_DEVICE_ID, SUBENTRY_WINDOW
from .hub import SmartWindowConfigEntry
from .window_options import sections_of, window_errors, window_schema


class WindowSubentryFlow(ConfigSubentryFlow):
    """First which window, then what counts for it."""

    _device_id: str

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Choose the window."""
        names = self._without_settings()
        if not names:
            return self.async_abort(reason="no_window")
        if user_input is not None:
            self._device_id = user_input[CONF_DEVICE_ID]
            return await self.async_step_settings()
        options = [selector.SelectOptionDict(value=device_id, label=name) for device_id, name in names.items()]
        choice = selector.SelectSelector(selector.SelectSelectorConfig(options=options))
        return self.async_show_form(step_id="user", data_schema=vol.Schema({vol.Required(CONF_DEVICE_ID): choice}))

    async def async_step_settings(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """What counts for it."""
        errors = {} if user_input is None else window_errors(self.hass, user_input)
        if user_input is None or errors:
            return self._form("settings", user_input or {}, errors)
        return self.async_create_entry(
            title=self._name(self._device_id),
            data={CONF_DEVICE_ID: self._device_id, **user_input},
            unique_id=self._device_id,
        )

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change what counts for it."""
        subentry = self._get_reconfigure_subentry()
        self._device_id = subentry.data[CONF_DEVICE_ID]
        errors = {} if user_input is None else window_errors(self.hass, user_input)
        if user_input is None or errors:
            return self._form("reconfigure", user_input or sections_of(subentry.data), errors)
        return self.async_update_and_abort(
            self._get_entry(), subentry, data={CONF_DEVICE_ID: self._device_id, **user_input}
        )

    def _form(self, step_id: str, values: Mapping[str, Any], errors: dict[str, str]) -> SubentryFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(window_schema(), values),
            errors=errors,
            description_placeholders={"name": self._name(self._device_id)},
        )

    def _without_settings(self) -> dict[str, str]:
        """The windows that have none yet, by id."""
        entry: SmartWindowConfigEntry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return {}
        taken = {one.unique_id for one in entry.subentries.values() if one.subentry_type == SUBENTRY_WINDOW}
        return {one.device_id: one.name for one in entry.runtime_data.roster.shown if one.device_id not in taken}

    def _name(self, device_id: str) -> str:
        entry: SmartWindowConfigEntry = self._get_entry()
        station = entry.runtime_data.roster.get(device_id) if entry.state is ConfigEntryState.LOADED else None
        return device_id if station is None else station.name
