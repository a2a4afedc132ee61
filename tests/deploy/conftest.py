"""Fixtures: the broker as people run it, with its certificates, users and ACLs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .locked_broker import LockedBroker

WINDOWS = ("bedroom", "kitchen")


@pytest.fixture(autouse=True, scope="session")
def without_the_harness(request: pytest.FixtureRequest) -> None:
    """Home Assistant's harness forbids sockets, and these tests start real programs."""
    if request.config.pluginmanager.has_plugin("homeassistant"):
        raise pytest.UsageError("run these tests by ./scripts/test deploy, or with pytest -p no:homeassistant")


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncIterator[LockedBroker]:
    """The shipped configuration on free ports, with two windows."""
    broker = LockedBroker(tmp_path, WINDOWS)
    await broker.start()
    yield broker
    await broker.stop()
