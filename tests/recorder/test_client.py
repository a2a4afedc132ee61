"""The connection to ClickHouse, where the library alone would not do."""

import asyncio
from dataclasses import replace

import aiohttp
import pytest

from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.server import ServerSettings

NOBODY_LISTENS = 9


async def test_a_cancellation_while_a_failed_connection_is_tidied_up_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    close = aiohttp.ClientSession.close

    async def cancelled_meanwhile(session: aiohttp.ClientSession) -> None:
        opening.cancel()
        await close(session)

    monkeypatch.setattr(aiohttp.ClientSession, "close", cancelled_meanwhile)
    settings = ServerSettings.of(url="http://127.0.0.1", user="u", password="p", database="d")
    opening = asyncio.create_task(Client(replace(settings, port=NOBODY_LISTENS)).open())
    with pytest.raises(asyncio.CancelledError):
        await opening
