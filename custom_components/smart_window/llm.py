"""What an assistant with a language model can do with windows: say why, say what the model would do, hold, release."""

from abc import abstractmethod
from datetime import timedelta
from typing import Final, override

import probatio as vol
from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.components.llm import LLMTools
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, intent
from homeassistant.helpers.llm import LLM_API_ASSIST, LLMContext, Tool, ToolAnnotations, ToolInput, ToolResult
from homeassistant.util.json import JsonObjectType

from .const import DOMAIN
from .consult import advice
from .hub import Hub
from .services import LONGEST_HOLD, SHORTEST_HOLD, advice_as_json
from .station import Station
from .targets import check_online, loaded_hub, stations_of

_NAME: Final = {vol.Required("name", description="The window's name, or the name of its room"): str}
_MINUTES: Final = vol.All(
    int, vol.Range(min=SHORTEST_HOLD // timedelta(minutes=1), max=LONGEST_HOLD // timedelta(minutes=1))
)
PROMPT: Final = (
    "Smart windows open and close by themselves. To say why one stands where it stands, use smart_window__why and "
    "repeat its sentence. To leave one as it is for a while, use smart_window__hold. "
    "Open, close, set and stop them as covers."
)


@callback
def async_get_tools(hass: HomeAssistant, llm_context: LLMContext, api_id: str) -> LLMTools | None:
    """The tools, where at least one window is exposed to the assistant."""
    if api_id != LLM_API_ASSIST or not llm_context.assistant:
        return None
    if not any(async_should_expose(hass, llm_context.assistant, entity_id) for entity_id in _covers(hass)):
        return None
    return LLMTools(tools=[Why(), Predict(), Hold(), Release()], prompt=PROMPT)


class WindowTool(Tool):
    """A tool for one window that is exposed to the assistant."""

    integration: str | None = DOMAIN
    parameters = vol.Schema(_NAME)
    annotations = ToolAnnotations(destructive=False, idempotent=True, open_world=False)

    @override
    async def async_call(self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext) -> ToolResult:
        """Do it. What cannot be done is told as an error, in the words that a person would read."""
        try:
            said = self.parameters(tool_input.tool_args)
            hub = loaded_hub(hass)
            station = _window(hass, hub, said["name"], llm_context)
            answer = await self.use(hub, station, said, llm_context)
        except vol.Invalid as error:
            return ToolResult(data={"error": f"The arguments do not fit: {error}"}, error=True)
        except HomeAssistantError as error:
            return ToolResult(data={"error": str(error)}, error=True)
        return ToolResult(data={"window": station.name, **answer})

    @abstractmethod
    async def use(self, hub: Hub, station: Station, said: JsonObjectType, context: LLMContext) -> JsonObjectType:
        """What came of it."""


class Why(WindowTool):
    """Why it stands where it stands."""

    name = f"{DOMAIN}__why"
    title: str | None = "Why a window stands where it stands"
    description: str | None = "Tells why a smart window is open or closed, where it stands, and who moved it last."
    annotations = ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=False)

    @override
    async def use(self, hub: Hub, station: Station, said: JsonObjectType, context: LLMContext) -> JsonObjectType:
        window, last = station.window, station.window.last_move
        prediction = window.prediction
        return {
            "sentence": hub.wording.explain(station),
            "position": station.position,
            "mode": window.mode,
            "online": station.online,
            "held": window.hands.hold is not None,
            "moved_by": None if last is None else last.source,
            "suggested_position": None if prediction is None else prediction.response.position,
        }


class Predict(WindowTool):
    """What the model would do now."""

    name = f"{DOMAIN}__predict"
    title: str | None = "What the model would do with a window"
    description: str | None = "Asks the model how far a smart window should be open now, and why. Moves nothing."
    annotations = ToolAnnotations(read_only=True, destructive=False, idempotent=False, open_world=False)

    @override
    async def use(self, hub: Hub, station: Station, said: JsonObjectType, context: LLMContext) -> JsonObjectType:
        check_online([station])
        return advice_as_json(hub, station, await advice(hub, station))


class Hold(WindowTool):
    """Nothing but a hazard moves it for a while."""

    name = f"{DOMAIN}__hold"
    title: str | None = "Hold a window as it is"
    description: str | None = (
        "Keeps a smart window where it stands. Only rain, wind, frost or an alarm move it meanwhile."
    )
    parameters = vol.Schema(
        {**_NAME, vol.Optional("minutes", description="For how long; left out: as the owner set it"): _MINUTES}
    )

    @override
    async def use(self, hub: Hub, station: Station, said: JsonObjectType, context: LLMContext) -> JsonObjectType:
        minutes = said.get("minutes")
        await hub.owner.hold(station, context.context, minutes * 60.0 if isinstance(minutes, int) else None)
        return {"held": True, "sentence": hub.wording.explain(station)}


class Release(WindowTool):
    """It may be moved again."""

    name = f"{DOMAIN}__release"
    title: str | None = "Release a window that is held"
    description: str | None = "Ends the hold of a smart window, so that it may move by itself again. Moves nothing."

    @override
    async def use(self, hub: Hub, station: Station, said: JsonObjectType, context: LLMContext) -> JsonObjectType:
        await hub.owner.release(station)
        return {"held": False, "sentence": hub.wording.explain(station)}


def _covers(hass: HomeAssistant) -> list[str]:
    registry = er.async_get(hass)
    entries = hass.config_entries.async_loaded_entries(DOMAIN)
    return [
        entity.entity_id
        for entry in entries
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id)
        if entity.domain == "cover"
    ]


def _window(hass: HomeAssistant, hub: Hub, name: str, context: LLMContext) -> Station:
    """The one window with this name, or in the room with this name. Said of no other integration's covers."""
    states = [state for entity_id in _covers(hass) if (state := hass.states.get(entity_id)) is not None]
    for wanted in (
        intent.MatchTargetsConstraints(name=name, assistant=context.assistant),
        intent.MatchTargetsConstraints(area_name=name, assistant=context.assistant),
    ):
        found = intent.async_match_targets(hass, wanted, states=states)
        if len(found.states) > 1:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="several_windows", translation_placeholders={"name": name}
            )
        if found.is_match and found.states:
            [station] = stations_of(hass, hub, {"entity_id": [found.states[0].entity_id]})
            return station
    raise HomeAssistantError(
        translation_domain=DOMAIN, translation_key="no_such_window", translation_placeholders={"name": name}
    )
