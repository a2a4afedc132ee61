"""A few statements to ClickHouse over HTTP: enough for setting up, tests and the scene."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from .errors import StackError
from .json_shape import JsonObject, as_object

_ANSWER_S = 10


class ClickHouseError(StackError):
    """The server refused a statement, or did not answer."""


@dataclass(frozen=True, slots=True)
class ClickHouseClient:
    """One user's way in."""

    session: aiohttp.ClientSession
    url: str
    user: str
    password: str
    database: str

    async def answers(self) -> bool:
        """Say whether the server is up."""
        try:
            async with self.session.get(f"{self.url}/ping", headers={"Connection": "close"}) as reply:
                return await reply.text() == "Ok.\n"
        except aiohttp.ClientError:
            return False

    async def execute(
        self,
        statement: str,
        parameters: Mapping[str, str] | None = None,
        *,
        database: str | None = None,
        within_s: float = _ANSWER_S,
    ) -> str:
        """Run one statement; `{name:Type}` in it takes its value from `parameters`. Returns the answer's text."""
        settings = {} if database is None else {"database": database}
        return await self._ask(statement, parameters or {}, settings, within_s)

    async def rows(self, query: str, parameters: Mapping[str, str] | None = None) -> tuple[JsonObject, ...]:
        """Run a SELECT (without FORMAT) in the project's database and return its rows by column name."""
        text = await self._ask(f"{query} FORMAT JSONEachRow", parameters or {}, {"database": self.database})
        return tuple(as_object(json.loads(line), "a row of ClickHouse") for line in text.splitlines())

    async def _ask(
        self, statement: str, parameters: Mapping[str, str], settings: Mapping[str, str], within_s: float = _ANSWER_S
    ) -> str:
        headers = {
            "X-ClickHouse-User": self.user,
            "X-ClickHouse-Key": self.password,
            "Connection": "close",  # the server waits 5 s for open connections before it stops
        }
        query = dict(settings) | {f"param_{name}": value for name, value in parameters.items()}
        timeout = aiohttp.ClientTimeout(total=within_s)
        try:
            async with self.session.post(
                self.url, data=statement.encode(), headers=headers, params=query, timeout=timeout
            ) as reply:
                text = await reply.text()
                if reply.status == 200:  # noqa: PLR2004  # the one good answer of ClickHouse's HTTP interface
                    return text
                msg = f"ClickHouse at {self.url} refused {self.user}'s statement {statement!r}: {text.strip()}"
                raise ClickHouseError(msg)
        except (aiohttp.ClientError, TimeoutError) as error:
            msg = f"ClickHouse at {self.url} does not answer: {type(error).__name__} {error}"
            raise ClickHouseError(msg) from error
