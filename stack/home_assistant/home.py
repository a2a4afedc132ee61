"""A running Home Assistant with the owner signed in."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self

import aiohttp

from stack.json_shape import JsonObject, member, optional_number, optional_text, text
from stack.waiting import until

from .registry import Window, windows
from .rest import HomeAssistantError, Rest
from .websocket import WebSocket

DOMAIN = "smart_window"
_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class EntityState:
    """The state of one entity."""

    entity_id: str
    state: str
    attributes: JsonObject

    @property
    def position(self) -> float | None:
        """A cover's current position."""
        return optional_number(self.attributes, "current_position")

    @property
    def is_available(self) -> bool:
        """Whether it has a value, or could have one."""
        return self.state != "unavailable"


class Home:
    """What a person does in the front end: look, press, say. Use it as an async context manager."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self.rest = Rest(session, url, token)
        self.socket = WebSocket(session, url, token)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Connect the websocket."""
        await self._open.enter_async_context(self.socket)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        await self._open.aclose()

    async def windows(self) -> dict[str, Window]:
        """Return the windows by their device id."""
        return await windows(self.socket, DOMAIN)

    async def window(self, device_id: str, within_s: float = 10.0) -> Window:
        """Return a window; wait until it is there."""

        async def there() -> Window | None:
            return (await self.windows()).get(device_id)

        return await until(f"window {device_id} in Home Assistant", there, within_s)

    async def state(self, entity_id: str) -> EntityState:
        """Return the state of an entity."""
        found = await self.rest.get_object(f"/api/states/{entity_id}")
        return EntityState(entity_id, text(found, "state", entity_id), member(found, "attributes", entity_id))

    async def state_when(
        self, what: str, entity_id: str, holds: Callable[[EntityState], bool], within_s: float
    ) -> EntityState:
        """Wait until an entity's state fits, and return it."""

        async def fitting() -> EntityState | None:
            try:
                now = await self.state(entity_id)
            except HomeAssistantError:
                return None
            return now if holds(now) else None

        return await until(what, fitting, within_s)

    async def choose(self, entity_id: str, option: str) -> None:
        """Choose an option of a select, once it is there, and see that it was taken."""
        # Home Assistant takes an action on an entity that is not loaded yet, and does nothing.
        await self.state_when(f"{entity_id} is there", entity_id, lambda now: now.is_available, _PATIENCE_S)
        await self.rest.call("select.select_option", {"entity_id": entity_id, "option": option})
        await self.state_when(f"{entity_id} is {option}", entity_id, lambda now: now.state == option, _PATIENCE_S)

    async def say(self, sentence: str) -> str:
        """Say a sentence to the voice assistant; returns the answer. A refusal is an error."""
        answer = await self.rest.post("/api/conversation/process", {"text": sentence, "language": "en"})
        response = member(answer, "response", "the assistant's answer")
        speech = member(member(response, "speech", "the answer"), "plain", "the answer")
        if response.get("response_type") != "action_done":
            raise HomeAssistantError(f"{sentence!r} was not done: {optional_text(speech, 'speech')}")
        return text(speech, "speech", "the answer")
