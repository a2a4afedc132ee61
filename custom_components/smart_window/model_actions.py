"""The actions on the services' models: models, shadow_model, promote_model, roll_back_model. They move no window."""

from typing import Final
from uuid import uuid4

import probatio as vol
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.helpers.typing import VolDictType
from homeassistant.util.json import JsonObjectType

from .const import DOMAIN
from .contract import ModelChange, ModelOrder, ModelsInUse, ServiceState, Status
from .hub import Hub
from .targets import loaded_hub

ATTR_INSTANCE: Final = "instance"
ATTR_VERSION: Final = "version"

_VERSION: Final = vol.All(cv.string, vol.Match(r"^[^\x00-\x1f\x7f]{1,100}$"))
_INSTANCE: Final[VolDictType] = {vol.Optional(ATTR_INSTANCE): cv.string}
_BOTH: Final[VolDictType] = _INSTANCE | {vol.Optional(ATTR_VERSION): _VERSION}
ACTIONS: Final[dict[str, VolDictType]] = {
    "models": _INSTANCE,
    "shadow_model": _BOTH,
    "promote_model": _INSTANCE,
    "roll_back_model": _BOTH,
}


@callback
def set_up_model_actions(hass: HomeAssistant) -> None:
    """Register them once, whether an entry is loaded or not."""

    async def tell(call: ServiceCall) -> ServiceResponse:
        return {"services": {name: _told(status) for name, status in _ready(loaded_hub(hass), call).items()}}

    async def change(call: ServiceCall) -> ServiceResponse:
        hub = loaded_hub(hass)
        answers: JsonObjectType = {}
        failed: list[str] = []
        for name in _ready(hub, call):
            found = await hub.outbox.order_models(name, _order(call, hub.clock.wall()))
            if found.error is not None:
                failed.append(f"{name}: {found.error.message}")
            answers[name] = _in_use(found)
        if failed:
            raise _error("models_unchanged", reasons="; ".join(failed))
        return {"services": answers} if call.return_response else None

    for name, fields in ACTIONS.items():
        schema = vol.Schema(fields)
        if name == "models":
            hass.services.async_register(DOMAIN, name, tell, schema, SupportsResponse.ONLY)
        else:
            # Which model answers is for all windows: not everybody's who may open one.
            async_register_admin_service(hass, DOMAIN, name, change, schema, SupportsResponse.OPTIONAL)


def _ready(hub: Hub, call: ServiceCall) -> dict[str, Status]:
    """The services that are meant. ServiceValidationError, translated, where there is none."""
    there = {
        name: status
        for name, status in hub.services.instances.items()
        if isinstance(status, Status) and status.state not in {ServiceState.OFFLINE, ServiceState.STOPPING}
    }
    wanted: str | None = call.data.get(ATTR_INSTANCE)
    found = {name: status for name, status in there.items() if wanted in {None, name}}
    if not found:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_service" if wanted is None else "no_such_service",
            translation_placeholders={"instance": wanted or "–", "there": ", ".join(there) or "–"},
        )
    return found


def _order(call: ServiceCall, wall: float) -> ModelOrder:
    version: str | None = call.data.get(ATTR_VERSION)
    match call.service:
        case "shadow_model":
            change = ModelChange.END_SHADOW if version is None else ModelChange.SHADOW
        case "roll_back_model":
            change = ModelChange.ROLL_BACK if version is None else ModelChange.SERVE
        case _:
            change = ModelChange.PROMOTE
    return ModelOrder(uuid4().hex, change, version, wall)


def _in_use(found: ModelsInUse) -> JsonObjectType:
    return {"model_version": found.model_version, "shadow": found.shadow}


def _told(status: Status) -> JsonObjectType:
    return {
        "state": str(status.state),
        "model_version": status.model_version,
        "models": list(status.models),
        "shadow": None if status.shadow is None else dict(status.shadow.to_json()),
    }


def _error(key: str, **placeholders: str) -> HomeAssistantError:
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)
