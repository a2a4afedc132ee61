"""Fixtures: a real ClickHouse server, and recorders that write to it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import aiohttp
import pytest

from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.schema import Place, migrate, read_migrations
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse import ClickHouse, ClickHouseSettings
from stack.clickhouse_users import DATABASE, WRITER, Passwords
from stack.ports import free_ports
from stack.process import interpreter

from .running import Recorders

ROOT = Path(__file__).parents[2]
PASSWORDS = Passwords(admin="of the admin", writer="of the <writer>", reader="of the reader")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP session."""
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that needs it leaves a database with all tables, for the others to copy."""
    return tmp_path_factory.mktemp("laid_out") / "data"


@pytest.fixture
async def clickhouse(
    tmp_path: Path, session: aiohttp.ClientSession, laid_out: Path, request: pytest.FixtureRequest
) -> AsyncIterator[ClickHouse]:
    """A ClickHouse server that runs; in modules that say EMPTY_DATABASE with an empty one, else with our tables."""
    http_port, tcp_port = free_ports(2, Random())
    python = interpreter(ROOT / ".venv-ch", "clickhouse")
    folder = tmp_path / "clickhouse"
    made = ClickHouse(ClickHouseSettings(folder, python, http_port, tcp_port, PASSWORDS), session)
    if not getattr(request.module, "EMPTY_DATABASE", False):
        if not laid_out.exists():
            await made.start()
            await lay_out(typed(made))
            await made.stop()
            shutil.copytree(folder / "data", laid_out, symlinks=True)
        else:
            shutil.copytree(laid_out, folder / "data", symlinks=True)
    await made.start()
    yield made
    if made.child.is_running:
        await made.kill()


async def lay_out(settings: ServerSettings) -> None:
    """Make the tables."""
    client = Client(settings)
    await client.open()
    await migrate(client, read_migrations(), Place(settings.database))
    await client.close()


def typed(clickhouse: ClickHouse) -> ServerSettings:
    return ServerSettings.of(url=clickhouse.url, user=WRITER, password=PASSWORDS.writer, database=DATABASE)


@pytest.fixture
def settings(clickhouse: ClickHouse) -> ServerSettings:
    """What a person would type to record there."""
    return typed(clickhouse)


@pytest.fixture
async def recorders() -> AsyncIterator[Recorders]:
    """Recorders that are stopped at the end."""
    made = Recorders()
    yield made
    await made.stop()
