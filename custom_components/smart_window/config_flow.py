"""Set up by discovery, by an app of Home Assistant or by hand; options in sections; another prefix by reconfiguring."""

from typing import Any, override

import probatio as vol
from homeassistant.components import mqtt
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlowWithReload,
)
from homeassistant.core import callback
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo

from .adoption import AdoptionFlow
from .app_found import RecordingApp, ServiceApp, read_app
from .const import (
    CONF_ALLOW_AGAIN,
    CONF_CLICKHOUSE_URL,
    CONF_PREFIX,
    DOMAIN,
    SECTION_RECORDING,
    SECTION_REMOVED,
    SUBENTRY_PLAIN,
    SUBENTRY_WINDOW,
)
from .contract import Announce, ContractError, MessageKind, Topics, decode
from .contract.topics import check_prefix
from .hub import SmartWindowConfigEntry
from .migration import MINOR_VERSION, VERSION
from .options import options_errors, options_schema
from .recording_options import recording_error, recording_options
from .window_flow import WindowSubentryFlow

PREFIX_SCHEMA = vol.Schema({vol.Optional(CONF_PREFIX, default=""): str})


class SmartWindowConfigFlow(ConfigFlow, domain=DOMAIN):
    """One entry holds all windows; each of them appears as a device by itself."""

    VERSION = VERSION
    MINOR_VERSION = MINOR_VERSION

    _found: str
    _prefix: str = ""
    _recording: RecordingApp

    @override
    async def async_step_mqtt(self, discovery_info: MqttServiceInfo) -> ConfigFlowResult:
        """A window announced itself."""
        payload = discovery_info.payload
        try:
            Topics().parse(discovery_info.topic)
            announce = decode(MessageKind.ANNOUNCE, payload.encode() if isinstance(payload, str) else bytes(payload))
        except ContractError:
            return self.async_abort(reason="invalid_announce")
        if not isinstance(announce, Announce):
            # Forget me, or a contract that this version does not read.
            return self.async_abort(reason="invalid_announce")
        await self.async_set_unique_id(DOMAIN)
        self._abort_if_unique_id_configured()
        self._found = announce.name
        self.context["title_placeholders"] = {"name": self._found}
        return await self.async_step_confirm()

    @override
    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """An app of ours runs: the inference service, or a ClickHouse to record into."""
        match read_app(discovery_info.config):
            case None:
                return self.async_abort(reason="invalid_app")
            case ServiceApp(prefix):
                await self.async_set_unique_id(DOMAIN)
                self._abort_if_unique_id_configured()
                self._found, self._prefix = discovery_info.name, prefix
                self.context["title_placeholders"] = {"name": self._found}
                return await self.async_step_app()
            case RecordingApp() as app:
                return await self._offer_recording(app, discovery_info.name)

    async def async_step_app(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The owner agrees that the app's windows are added."""
        if user_input is None:
            self._set_confirm_only()
            return self.async_show_form(step_id="app", description_placeholders={"name": self._found})
        return self.async_create_entry(title="Smart Window", data={CONF_PREFIX: self._prefix})

    async def _offer_recording(self, app: RecordingApp, name: str) -> ConfigFlowResult:
        await self.async_set_unique_id(f"{DOMAIN}_recording")
        entry = self.hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, DOMAIN)
        if entry is not None and entry.options.get(SECTION_RECORDING, {}).get(CONF_CLICKHOUSE_URL):
            return self.async_abort(reason="already_recording")
        self._recording = app
        self.context["title_placeholders"] = {"name": name}
        return await self.async_step_recording()

    async def async_step_recording(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The owner agrees that everything is recorded there."""
        if user_input is None:
            self._set_confirm_only()
            return self.async_show_form(
                step_id="recording", description_placeholders={"url": self._recording.options[CONF_CLICKHOUSE_URL]}
            )
        recording = {SECTION_RECORDING: dict(self._recording.options)}
        entry = self.hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, DOMAIN)
        if entry is None:
            await self.async_set_unique_id(DOMAIN)
            return self.async_create_entry(title="Smart Window", data={CONF_PREFIX: ""}, options=recording)
        kept = entry.options.get(SECTION_RECORDING, {})
        options = {**entry.options, SECTION_RECORDING: {**kept, **self._recording.options}}
        self.hass.config_entries.async_update_entry(entry, options=options)
        self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_abort(reason="recording_on")

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The owner agrees; this window and all others are then added."""
        if user_input is None:
            self._set_confirm_only()
            return self.async_show_form(step_id="confirm", description_placeholders={"name": self._found})
        return self.async_create_entry(title="Smart Window", data={CONF_PREFIX: ""})

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Set up by hand, with a prefix in front of every topic if wanted."""
        if not await mqtt.async_wait_for_mqtt_client(self.hass):
            return self.async_abort(reason="mqtt_missing")
        await self.async_set_unique_id(DOMAIN, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                prefix = check_prefix(user_input[CONF_PREFIX])
            except ContractError:
                errors[CONF_PREFIX] = "invalid_prefix"
            else:
                return self.async_create_entry(title="Smart Window", data={CONF_PREFIX: prefix})
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(PREFIX_SCHEMA, user_input),
            errors=errors,
        )

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Change the prefix."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                prefix = check_prefix(user_input[CONF_PREFIX])
            except ContractError:
                errors[CONF_PREFIX] = "invalid_prefix"
            else:
                return self.async_update_reload_and_abort(entry, data_updates={CONF_PREFIX: prefix})
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(PREFIX_SCHEMA, user_input or entry.data),
            errors=errors,
        )

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: SmartWindowConfigEntry) -> SmartWindowOptionsFlow:
        return SmartWindowOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: SmartWindowConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        return {SUBENTRY_WINDOW: WindowSubentryFlow, SUBENTRY_PLAIN: AdoptionFlow}


class SmartWindowOptionsFlow(OptionsFlowWithReload):
    """One form in sections."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the options and keep what fits."""
        errors: dict[str, str] = {}
        detail = ""
        if user_input is not None:
            errors = options_errors(self.hass, user_input)
            now = recording_options(self.config_entry.options)
            if not errors and (wrong := await recording_error(recording_options(user_input), now)) is not None:
                errors[SECTION_RECORDING], detail = wrong
            if not errors:
                again: list[str] = user_input.pop(SECTION_REMOVED, {}).get(CONF_ALLOW_AGAIN, [])
                if again:
                    await self._allow_again(again)
                return self.async_create_entry(data=user_input)
        schema = options_schema(self._removed())
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(schema, user_input or self.config_entry.options),
            errors=errors,
            description_placeholders={"detail": detail},
        )

    def _removed(self) -> list[str]:
        """The windows that their owner removed; none while the entry is not loaded."""
        entry: SmartWindowConfigEntry = self.config_entry
        if entry.state is not ConfigEntryState.LOADED:
            return []
        return sorted(entry.runtime_data.roster.removed)

    async def _allow_again(self, device_ids: list[str]) -> None:
        entry: SmartWindowConfigEntry = self.config_entry
        if entry.state is ConfigEntryState.LOADED:
            await entry.runtime_data.owner.allow_again(device_ids)
