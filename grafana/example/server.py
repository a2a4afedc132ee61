"""A ClickHouse server with the simulated house in it, written by the real recorder."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import aiohttp

from custom_components.smart_window.recorder.limits import Limits
from custom_components.smart_window.recorder.recorder import Recorder
from custom_components.smart_window.recorder.rows import Row
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse import ClickHouse, ClickHouseSettings
from stack.clickhouse_users import DATABASE, READER, WRITER, Passwords
from stack.ports import free_ports
from stack.process import interpreter
from stack.waiting import until

from .reader import Reader

ROOT = Path(__file__).parents[2]
_STORED_S = 120.0
_LIMITS = Limits(batch_rows=20_000, batch_age_s=0.2, queue_rows=400_000, outbox_rows=400_000)
_AT_ONCE = 2_000


@asynccontextmanager
async def server(folder: Path, session: aiohttp.ClientSession) -> AsyncIterator[ClickHouse]:
    """Run a server whose data lies in the folder, with its three users."""
    http_port, tcp_port = free_ports(2, Random())
    passwords = Passwords(*(secrets.token_urlsafe() for _ in range(3)))
    python = interpreter(ROOT / ".venv-ch", "clickhouse")
    made = ClickHouse(ClickHouseSettings(folder, python, http_port, tcp_port, passwords), session)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


def reader(clickhouse: ClickHouse, session: aiohttp.ClientSession) -> Reader:
    """Grafana's user."""
    return Reader(session, clickhouse.url, READER, clickhouse.settings.passwords.reader, DATABASE)


def writer(clickhouse: ClickHouse) -> ServerSettings:
    """What the recorder's owner would type."""
    return ServerSettings.of(
        url=clickhouse.url, user=WRITER, password=clickhouse.settings.passwords.writer, database=DATABASE
    )


async def record(rows: Iterable[Row], settings: ServerSettings) -> int:
    """Write the rows as Home Assistant would, tables included; returns how many. Raises TooLateError."""
    recorder = Recorder(
        settings, on_problem=lambda _: None, clock=time.monotonic, random=Random(secrets.randbits(64)), limits=_LIMITS
    )
    task = asyncio.create_task(recorder.run())

    async def connected() -> bool:
        return recorder.is_connected

    async def stored() -> bool:
        if task.done():
            task.result()
        return recorder.waiting == 0

    try:
        taken = 0
        await until("a connection", connected, _STORED_S)
        for row in rows:
            while not recorder.put(row):  # noqa: ASYNC110  # the recorder tells nobody
                await asyncio.sleep(0.01)
            taken += 1
            if taken % _AT_ONCE == 0:
                await asyncio.sleep(0)
        await until(f"{taken} rows stored", stored, _STORED_S)
        if recorder.counts.nulled or recorder.counts.stored != taken:
            raise ValueError(f"{taken} rows: {recorder.counts}")
    finally:
        await recorder.stop()
        await task
    return taken
