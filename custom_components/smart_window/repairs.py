"""What can be put right by a click: a retained command is cleared, a window is taken over."""

import probatio as vol
from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .hub import SmartWindowConfigEntry
from .issues import Issue

type IssueData = dict[str, str | int | float | None]


class WindowRepair(RepairsFlow):
    """Asks the owner, then does it."""

    def __init__(self, issue: Issue, entry_id: str, device_id: str, name: str) -> None:
        self._issue = issue
        self._entry_id = entry_id
        self._device_id = device_id
        self._name = name

    async def async_step_init(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Go on to the question."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """The owner agrees."""
        if user_input is None:
            return self.async_show_form(
                step_id="confirm", data_schema=vol.Schema({}), description_placeholders={"name": self._name}
            )
        entry: SmartWindowConfigEntry | None = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None or entry.domain != DOMAIN or entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        match self._issue:
            case Issue.FOREIGN_GUARD:
                done = entry.runtime_data.owner.take_over(self._device_id)
            case _:
                done = entry.runtime_data.owner.clear_control(self._device_id)
        return self.async_create_entry(data={}) if done else self.async_abort(reason="mqtt_disconnected")


async def async_create_fix_flow(_hass: HomeAssistant, _issue_id: str, data: IssueData | None) -> RepairsFlow:
    """The flow for one issue."""
    if data is None:
        return ConfirmRepairFlow()
    return WindowRepair(Issue(str(data["issue"])), str(data["entry_id"]), str(data["device_id"]), str(data["name"]))
