"""What the tests of the firmware share: programs that are built once, and how many histories are played."""

from pathlib import Path

import pytest

from tests.firmware.build import NATIVE, build


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--histories", type=int, default=20_000, help="random histories to play on both cores")
    parser.addoption("--fuzz-seconds", type=int, default=5, help="how long the fuzz target runs")


@pytest.fixture(scope="session")
def runner() -> Path:
    return build(NATIVE / "runner.cpp")


@pytest.fixture(scope="session")
def histories(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--histories", default=20_000))
