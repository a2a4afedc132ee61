"""Asks as Grafana's user does: one query, the answer with its columns, and how many rows the server read for it."""

import json
from dataclasses import dataclass

import aiohttp

_ANSWER_S = 60
_WELL = 200


class ReaderError(Exception):
    """The server refused a query, or did not answer. The message holds its words and the query."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`types` are ClickHouse's; times come as text, 64-bit integers as numbers."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    read_rows: int
    server_ms: float

    def column(self, name: str) -> list[object]:
        """All values of a column."""
        at = self.names.index(name)
        return [row[at] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Reader:
    """One user's way in."""

    session: aiohttp.ClientSession
    url: str
    user: str
    password: str
    database: str

    async def ask(self, sql: str) -> Answer:
        """Run a SELECT (without FORMAT). Raises ReaderError."""
        headers = {
            "X-ClickHouse-User": self.user,
            "X-ClickHouse-Key": self.password,
            "X-ClickHouse-Format": "JSONCompact",
        }
        query = {"database": self.database}
        timeout = aiohttp.ClientTimeout(total=_ANSWER_S)
        try:
            async with self.session.post(
                self.url, data=sql.encode(), headers=headers, params=query, timeout=timeout
            ) as reply:
                text = await reply.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ReaderError(f"{self.url} does not answer: {type(error).__name__} {error}") from error
        if reply.status != _WELL:
            raise ReaderError(f"{text.strip()}\nin the query\n{sql}")
        found = json.loads(text)
        return Answer(
            names=tuple(str(column["name"]) for column in found["meta"]),
            types=tuple(str(column["type"]) for column in found["meta"]),
            rows=tuple(tuple(row) for row in found["data"]),
            read_rows=int(found["statistics"]["rows_read"]),
            server_ms=1000 * float(found["statistics"]["elapsed"]),
        )
