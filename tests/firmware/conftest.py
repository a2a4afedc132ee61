"""What the tests of the firmware share: programs that are built once, and how long the long tests are."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from firmware.host.program import linux_program
from stack.broker import Broker, BrokerSettings
from stack.ports import free_ports
from tests.firmware.build import NATIVE, ROOT, build
from tests.firmware.house import House, running

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
HISTORIES, FUZZ_SECONDS = (100_000, 60) if NIGHTLY else (5_000, 5)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--histories", type=int, default=HISTORIES, help="random histories to play on both cores")
    parser.addoption("--fuzz-seconds", type=int, default=FUZZ_SECONDS, help="how long the fuzz target runs")


@pytest.fixture(scope="session")
def runner() -> Path:
    return build(NATIVE / "runner.cpp")


@pytest.fixture(scope="session")
def histories(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--histories", default=HISTORIES))


@pytest.fixture(scope="session")
def fuzz_seconds(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--fuzz-seconds", default=FUZZ_SECONDS))


@pytest.fixture(scope="session")
def program() -> Path:
    return linux_program(ROOT)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    (port,) = free_ports(1, Random())
    made = Broker(BrokerSettings(tmp_path / "broker", port, keeps_state=True))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def house(tmp_path: Path, program: Path, broker: Broker) -> AsyncIterator[House]:
    async with running(program, tmp_path, broker, sends_sound=True) as made:
        yield made
