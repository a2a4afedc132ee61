"""Home Assistant's websocket: questions with one answer, and subscriptions with many."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from typing import Self

import aiohttp

from stack.json_shape import Json, JsonObject, as_object, flag, text

from .rest import HomeAssistantError

_ANSWER_S = 60


class WebSocket:
    """One connection. Use it as an async context manager; it is not opened again when it is lost."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session, self._url, self._token = session, url, token
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._subscriptions: dict[int, asyncio.Queue[JsonObject | None]] = {}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Connect and sign in."""
        socket = await self._session.ws_connect(f"{self._url}/api/websocket", max_msg_size=0)
        await socket.receive_json()  # it asks for the token
        await socket.send_json({"type": "auth", "access_token": self._token})
        answer = as_object(await socket.receive_json(), "the answer to the token")
        if answer.get("type") != "auth_ok":
            await socket.close()
            raise HomeAssistantError(f"Home Assistant at {self._url} refused the token: {answer.get('message')}")
        self._socket = socket
        self._reader = asyncio.create_task(self._read(socket), name="read Home Assistant's websocket")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect; open questions fail and subscriptions end."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader

    async def ask(self, kind: str, **arguments: Json) -> Json:
        """Send a command and return the result."""
        number = next(self._numbers)
        return await self._send(number, kind, arguments)

    @contextlib.asynccontextmanager
    async def subscription(self, kind: str, **arguments: Json) -> AsyncIterator[AsyncIterator[JsonObject]]:
        """Subscribe; the events come in order, and end with the connection."""
        number = next(self._numbers)
        queue = self._subscriptions[number] = asyncio.Queue()
        try:
            await self._send(number, kind, arguments)
            yield _events(queue)
        finally:
            del self._subscriptions[number]
            with contextlib.suppress(HomeAssistantError):  # the connection may be gone, and the subscription with it
                await self.ask("unsubscribe_events", subscription=number)

    async def _send(self, number: int, kind: str, arguments: JsonObject) -> Json:
        if self._socket is None or self._reader is None or self._reader.done():
            raise HomeAssistantError(f"{kind}: the websocket to {self._url} is not connected")
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            await self._socket.send_json({"id": number, "type": kind, **arguments})
            async with asyncio.timeout(_ANSWER_S):
                return await answer
        except TimeoutError as error:
            raise HomeAssistantError(f"{kind}: no answer within {_ANSWER_S} s") from error
        except aiohttp.ClientError as error:
            raise HomeAssistantError(f"{kind}: the websocket to {self._url} was lost: {error}") from error
        finally:
            del self._answers[number]

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                content: Json = message.json()
                # Home Assistant may put several messages into one frame.
                for part in content if isinstance(content, list) else [content]:
                    self._take(as_object(part, "a message of Home Assistant"))
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(HomeAssistantError(f"the websocket to {self._url} was closed"))
        for queue in self._subscriptions.values():
            queue.put_nowait(None)

    def _take(self, message: JsonObject) -> None:
        number = message.get("id")
        if not isinstance(number, int):
            return
        match message.get("type"):
            case "result":
                if (answer := self._answers.get(number)) is None or answer.done():
                    return
                if flag(message, "success", "a result"):
                    answer.set_result(message.get("result"))
                else:
                    error = as_object(message.get("error"), "an error of Home Assistant")
                    answer.set_exception(HomeAssistantError(f"refused: {text(error, 'message', 'an error')}"))
            case "event":
                if (queue := self._subscriptions.get(number)) is not None:
                    queue.put_nowait(as_object(message.get("event"), "an event"))
            case _:
                pass


async def _events(queue: asyncio.Queue[JsonObject | None]) -> AsyncIterator[JsonObject]:
    while (event := await queue.get()) is not None:
        yield event
