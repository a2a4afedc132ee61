"""Home Assistant's REST interface."""

from dataclasses import dataclass

import aiohttp

from stack.errors import StackError
from stack.json_shape import Json, JsonObject, as_object

_ANSWER_S = 60


class HomeAssistantError(StackError):
    """Home Assistant refused something, or did not answer."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Requests to one Home Assistant, with a token once there is one."""

    session: aiohttp.ClientSession
    url: str
    token: str | None = None

    async def get(self, path: str) -> Json:
        """GET and return the answer."""
        return await self._request("GET", path)

    async def get_object(self, path: str) -> JsonObject:
        """GET what must be an object."""
        return as_object(await self.get(path), f"GET {path}")

    async def post(self, path: str, body: JsonObject | None = None) -> JsonObject:
        """POST JSON; the answer must be an object."""
        return as_object(await self._request("POST", path, json=body or {}), f"POST {path}")

    async def call(self, service: str, data: JsonObject) -> None:
        """Call an action such as `cover.open_cover`; its answer is of no interest."""
        domain, _, name = service.partition(".")
        await self._request("POST", f"/api/services/{domain}/{name}", json=data)

    async def post_form(self, path: str, form: dict[str, str]) -> JsonObject:
        """POST a form; the answer must be an object."""
        return as_object(await self._request("POST", path, form=form), f"POST {path}")

    async def delete(self, path: str) -> None:
        """DELETE; the answer is of no interest."""
        await self._request("DELETE", path)

    async def _request(self, method: str, path: str, json: Json = None, form: dict[str, str] | None = None) -> Json:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        timeout = aiohttp.ClientTimeout(total=_ANSWER_S)
        try:
            async with self.session.request(
                method, self.url + path, headers=headers, json=json, data=form, timeout=timeout
            ) as reply:
                if not reply.ok:
                    msg = f"Home Assistant refused {method} {path}: {reply.status} {await reply.text()}"
                    raise HomeAssistantError(msg)
                answer: Json = await reply.json()
                return answer
        except (aiohttp.ClientError, TimeoutError) as error:
            msg = f"Home Assistant does not answer {method} {path}: {type(error).__name__} {error}"
            raise HomeAssistantError(msg) from error


async def is_running(rest: Rest) -> bool:
    """Say whether the start is over."""
    return (await rest.get_object("/api/config")).get("state") == "RUNNING"
