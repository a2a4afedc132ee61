"""Setting up integrations through their own flows, as a person does in the front end."""

from dataclasses import dataclass

from stack.json_shape import Json, JsonObject, as_objects, member, optional_text, text
from stack.waiting import until

from .rest import HomeAssistantError, Rest
from .websocket import WebSocket

_FLOWS = "/api/config/config_entries/flow"
_OPTIONS = "/api/config/config_entries/options/flow"
_DISCOVERY_S = 30.0


@dataclass(frozen=True, slots=True)
class Recording:
    """Where the integration is told to record."""

    url: str
    user: str
    password: str
    database: str


async def add_mqtt(rest: Rest, host: str, port: int) -> str:
    """Connect Home Assistant to the broker; returns the id of the entry."""
    flow = await rest.post(_FLOWS, {"handler": "mqtt"})
    answer: JsonObject = {
        "broker": host,
        "port": port,
        "protocol": "5",
        "other_settings": {"set_client_cert": False, "set_ca_cert": "off"},
    }
    return _entry_id(await rest.post(_step(_FLOWS, flow), answer), "MQTT's flow")


async def confirm_discovery(rest: Rest, socket: WebSocket, domain: str, within_s: float = _DISCOVERY_S) -> str:
    """Wait until the integration was discovered, and agree; returns the id of the entry."""

    async def discovered() -> JsonObject | None:
        flows = as_objects(await socket.ask("config_entries/flow/progress"), "a flow in progress")
        return next((flow for flow in flows if flow.get("handler") == domain), None)

    flow = await until(f"{domain} discovered over MQTT", discovered, within_s)
    return _entry_id(await rest.post(_step(_FLOWS, flow), {}), f"the flow of {domain}")


async def add_by_hand(rest: Rest, domain: str, answer: JsonObject) -> str:
    """Add an integration from the list of all; returns the id of the entry."""
    flow = await rest.post(_FLOWS, {"handler": domain})
    if flow.get("type") == "abort":
        raise HomeAssistantError(f"the flow of {domain} ended: {optional_text(flow, 'reason')}")
    return _entry_id(await rest.post(_step(_FLOWS, flow), answer), f"the flow of {domain}")


async def set_options(rest: Rest, entry_id: str, changes: dict[str, JsonObject]) -> None:
    """Change some options of an entry; `changes` holds, by section of the form, the fields to fill in anew.

    All other fields are sent back as the form shows them, as the front end does.
    """
    result = await try_options(rest, entry_id, changes)
    if result.get("type") != "create_entry":
        raise HomeAssistantError(f"the options were refused: {result.get('errors') or result}")


async def try_options(rest: Rest, entry_id: str, changes: dict[str, JsonObject]) -> JsonObject:
    """The same, and return what comes of it: a form again, with its errors, is left without another answer."""
    flow = await rest.post(_OPTIONS, {"handler": entry_id})
    answer = filled_in(as_objects(flow.get("data_schema"), "a field of the options"), changes)
    result = await rest.post(_step(_OPTIONS, flow), answer)
    if result.get("type") == "form":
        await rest.delete(_step(_OPTIONS, flow))
    return result


def filled_in(schema: list[JsonObject], changes: dict[str, JsonObject]) -> JsonObject:
    """Return the answer to a form in sections: what it shows, with the changes."""
    answer: JsonObject = {}
    for section in schema:
        name = text(section, "name", "a section of the options")
        fields = as_objects(section.get("schema"), f"a field of the section {name}")
        shown = {text(field, "name", "a field"): _shown(field) for field in fields}
        kept: JsonObject = {key: value for key, value in shown.items() if value is not None}
        answer[name] = kept | changes.get(name, {})
    if unknown := changes.keys() - answer.keys():
        raise HomeAssistantError(
            f"the options have no section {', '.join(sorted(unknown))}; they have {', '.join(answer)}"
        )
    return answer


def _shown(field: JsonObject) -> Json:
    description = field.get("description")
    if isinstance(description, dict) and "suggested_value" in description:
        return description["suggested_value"]
    return field.get("default")


def _step(path: str, flow: JsonObject) -> str:
    return f"{path}/{text(flow, 'flow_id', 'a flow')}"


def _entry_id(result: JsonObject, what: str) -> str:
    if result.get("type") != "create_entry":
        raise HomeAssistantError(
            f"{what} ended without an entry: {result.get('errors') or result.get('reason') or result}"
        )
    return text(member(result, "result", what), "entry_id", what)
