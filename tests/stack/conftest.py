"""Fixtures: real parts, each in a folder of its own."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import aiohttp
import pytest

from stack.broker import Broker, BrokerSettings
from stack.clickhouse import ClickHouse, ClickHouseSettings
from stack.clickhouse_users import Passwords
from stack.ports import free_ports
from stack.process import interpreter

ROOT = Path(__file__).parents[2]
PASSWORDS = Passwords(admin="of the admin", writer="of the <writer>", reader="of the reader")


@pytest.fixture(autouse=True, scope="session")
def without_the_harness(request: pytest.FixtureRequest) -> None:
    """Home Assistant's harness forbids sockets, and these tests start real programs."""
    if request.config.pluginmanager.has_plugin("homeassistant"):
        raise pytest.UsageError("run these tests by ./scripts/test stack, or with pytest -p no:homeassistant")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP session."""
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """A broker that runs."""
    (port,) = free_ports(1, Random())
    made = Broker(BrokerSettings(tmp_path / "broker", port))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def clickhouse(tmp_path: Path, session: aiohttp.ClientSession) -> AsyncIterator[ClickHouse]:
    """A ClickHouse server that runs."""
    http_port, tcp_port = free_ports(2, Random())
    python = interpreter(ROOT / ".venv-ch", "clickhouse")
    made = ClickHouse(ClickHouseSettings(tmp_path / "clickhouse", python, http_port, tcp_port, PASSWORDS), session)
    await made.start()
    yield made
    await made.stop()
