"""What is kept of the windows: written as often as it must be, and no more often."""

import asyncio

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from custom_components.smart_window.store import Memory, Stored


def of(number: int) -> Stored:
    return Stored(windows={}, removed=[f"w{number}"])


async def test_what_is_asked_for_while_a_file_is_written_is_written_once_and_as_it_is_then(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Store.async_save

    async def takes_time(store: Store[Stored], data: Stored) -> None:
        await asyncio.sleep(0)  # the harness has no disk
        await write(store, data)

    monkeypatch.setattr(Store, "async_save", takes_time)
    collected: list[int] = []
    now = 0

    def collect() -> Stored:
        collected.append(now)
        return of(now)

    async def in_turns() -> Stored:
        return collect()

    memory = Memory(hass, "entry", collect, in_turns)
    tasks = []
    for number in range(50):
        now = number
        tasks.append(hass.async_create_task(memory.save_next()))
    await asyncio.gather(*tasks)
    assert collected == [0, 49]
    assert await Memory(hass, "entry", collect, in_turns).load() == of(49)


async def test_what_is_asked_for_later_is_written_again(hass: HomeAssistant) -> None:
    written: list[Stored] = []

    def collect() -> Stored:
        written.append(of(len(written)))
        return written[-1]

    async def in_turns() -> Stored:
        return collect()

    memory = Memory(hass, "entry", collect, in_turns)
    for _ in range(3):
        await memory.save_next()
    assert len(written) == 3


async def test_what_changes_while_it_is_collected_is_written_too(hass: HomeAssistant) -> None:
    now = 0

    async def in_turns() -> Stored:
        begun_with = now
        await asyncio.sleep(0)
        return of(begun_with)

    memory = Memory(hass, "entry", lambda: of(now), in_turns)
    first = hass.async_create_task(memory.save_next())  # begins at once, and looks at 0
    now = 1
    await asyncio.gather(first, memory.save_next())
    assert await Memory(hass, "entry", lambda: of(now), in_turns).load() == of(1)
