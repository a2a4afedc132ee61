"""The real stack with twenty windows in a hurry."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from stack.clickhouse_users import Passwords
from stack.home_assistant.onboarding import Owner
from stack.ports import free_ports
from stack.settings import Environments, Ports, StackSettings
from stack.stack import Stack
from stack.tap import Tap

from .house import OPTIONS, ROOT, Soak, install_probe, profiles


@pytest.fixture
async def soak(tmp_path: Path) -> AsyncIterator[Soak]:
    settings = StackSettings(
        root=ROOT,
        run=tmp_path / "stack",
        environments=Environments.of(ROOT),
        ports=Ports(*free_ports(4, Random())),
        owner=Owner("owner", secrets.token_urlsafe(9)),
        passwords=Passwords(*(secrets.token_urlsafe(24) for _ in range(3))),
        profiles=profiles(),
        options=OPTIONS,
        log_level="warning",
    )
    async with Stack(settings, print) as stack:
        await stack.stop_home_assistant()
        install_probe(stack)
        await stack.start_home_assistant_again()
        async with Tap(stack.broker.host, stack.broker.port, keeps=False) as tap:
            made = Soak(stack, tap)
            await made.let_machines_move()
            yield made
