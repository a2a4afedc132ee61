"""Fixtures: a real ClickHouse server in which the simulated house was recorded, once for the whole room."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from grafana.board import Board
from grafana.example.house import House
from grafana.example.reader import Reader
from grafana.example.server import reader, record, server, writer
from grafana.macros import Choice, View
from stack.clickhouse import ClickHouse


@dataclass(frozen=True, slots=True)
class Recorded:
    """The house in its database, and Grafana's way in."""

    clickhouse: ClickHouse
    reader: Reader
    house: House


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP session."""
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def recorded(tmp_path_factory: pytest.TempPathFactory, session: aiohttp.ClientSession) -> AsyncIterator[Recorded]:
    """Eight days of six windows."""
    folder: Path = tmp_path_factory.mktemp("recorded")
    house = House()
    async with server(folder, session) as clickhouse:
        await record(house.rows(), writer(clickhouse))
        yield Recorded(clickhouse, reader(clickhouse, session), house)
    shutil.rmtree(folder)


def view(board: Board, house: House, *, days: float | None = None, device: str | None = None) -> View:
    """What the dashboard shows at the house's end: over its own range or so many days, of all windows or one."""
    end = round(house.end * 1000)
    everyone = ("attic", "bathroom", "bedroom", "kitchen", "living_room", "study")
    chosen = (
        Choice((device,)) if device else Choice(("bedroom",)) if board.one_device else Choice(everyone, everything=True)
    )
    span = board.hours / 24 if days is None else days
    return View(end - round(span * 86_400_000), end, variables={"device": chosen, "question": Choice(("",))})
