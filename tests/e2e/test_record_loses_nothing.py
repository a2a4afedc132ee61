"""Whatever is killed or cut, a reading that was sent is in the record, and no more than once: roll-ups included."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from custom_components.smart_window.recorder.spool_file import entry_of, unpack
from stack.home_assistant.flows import set_options
from stack.json_shape import JsonObject, number
from stack.waiting import until

from .cut_wire import CutWire
from .house import House

DEVICE = "under-load"
EACH_S = 0.02
MANY = 150
AT_ONCE = 10


class Load:
    """Readings of one device, each with a value of its own, as fast as is asked."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.sent = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send for as long as this is open; every reading that was begun is sent to its end."""
        stop = asyncio.Event()
        task = asyncio.create_task(self._send(stop))
        try:
            yield
        finally:
            stop.set()
            await task

    async def more(self, count: int = MANY) -> None:
        """Wait until so many more were sent."""
        target = self.sent + count

        async def there() -> bool:
            return self.sent >= target

        await until(f"{target} readings sent", there, 60)

    async def _send(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            async with asyncio.TaskGroup() as sending:
                for number in range(self.sent, self.sent + AT_ONCE):
                    value: JsonObject = {"value": round(-50 + number / 100, 2)}
                    sending.create_task(self._house.tap.publish(f"sensor/{DEVICE}/temperature", value))
            self.sent += AT_ONCE
            await asyncio.sleep(EACH_S)


async def listens_again(house: House) -> None:
    """Options load the integration anew, and while it is away it hears nothing: wait until it records again."""

    async def recorded() -> bool:
        await house.tap.publish("sensor/first-word/temperature", {"value": 20.5})
        query = "SELECT count() AS rows FROM sensor_temperature WHERE device_id = 'first-word'"
        (row,) = await house.stack.clickhouse.admin.rows(query)
        return number(row, "rows", "what is stored") > 0

    await until("a first reading stored", recorded, 60)


async def stored(house: House) -> tuple[int, ...]:
    """Rows, different values, and rows by the roll-up."""
    where = f"device_id = '{DEVICE}'"
    (row,) = await house.stack.clickhouse.admin.rows(
        f"SELECT count() AS rows, uniqExact(value) AS different, "  # noqa: S608  # our own names
        f"(SELECT sum(n) FROM sensor_temperature_minute WHERE {where}) AS minutes FROM sensor_temperature WHERE {where}"
    )
    return tuple(int(number(row, name, "what is stored")) for name in ("rows", "different", "minutes"))


async def stored_at_least(house: House, rows: int) -> None:
    async def there() -> bool:
        return (await stored(house))[0] >= rows

    await until(f"{rows} rows of {DEVICE} stored", there, 60)


def waiting(folder: Path) -> int:
    """Readings of the load that wait on Home Assistant's disk; other windows' wait beside them."""
    found = 0
    for path in folder.iterdir():
        entry = entry_of(path.name)
        if entry is None or entry.table != "sensor_temperature":
            continue
        with suppress(FileNotFoundError):  # it was sent meanwhile
            batch = unpack(entry, path.read_bytes())
            device = batch.columns.index("device_id")
            found += sum(row[device] == DEVICE for row in batch.rows)
    return found


async def test_what_was_sent_is_stored_once_through_kills_cuts_and_a_dead_home_assistant(house: House) -> None:
    stack, clickhouse = house.stack, house.stack.clickhouse
    folder = stack.home_assistant.settings.configuration / ".storage" / f"smart_window.{stack.entry_id}.spool"
    load = Load(house)
    async with CutWire(clickhouse.settings.http_port) as wire:
        await set_options(
            house.home.rest, stack.entry_id, {"recording": {"clickhouse_url": f"http://127.0.0.1:{wire.port}"}}
        )
        try:
            await listens_again(house)
            async with load.running():
                await load.more()
                for _ in range(3):
                    before = load.sent
                    await clickhouse.kill()
                    await load.more()
                    await clickhouse.start()
                    await stored_at_least(house, before)
                wire.to_cut = 2
                await load.more()

                async def cut() -> bool:
                    return wire.cut == 2

                await until("two inserts cut in their middle", cut, 60)
            await stored_at_least(house, load.sent)

            # What comes now waits on disk; a part of it gets through, and then Home Assistant dies.
            before = load.sent
            await clickhouse.kill()
            async with load.running():
                await load.more(5 * MANY)  # over several files: each holds what came within a second

            async def on_disk() -> bool:
                return waiting(folder) == load.sent - before

            await until("all that is not stored on disk", on_disk, 30)
            wire.to_pass = 1
            await clickhouse.start()

            async def in_the_middle() -> bool:
                return wire.held > 0

            await until("a part of the spool sent", in_the_middle, 90)
            left = waiting(folder)
            assert left > 0
            await stack.home.__aexit__()
            await stack.home_assistant.child.kill()
            wire.to_pass = None
            await stack.start_home_assistant_again()
            await stored_at_least(house, load.sent)

            async def nothing_waits() -> bool:
                return waiting(folder) == 0

            await until("the spool empty", nothing_waits, 60)
            found = await stored(house)
            print(f"sent {load.sent}, stored {found[0]}, lost {load.sent - found[1]}, twice {found[0] - found[1]}")  # noqa: T201  # the count is the proof
            assert found == (load.sent, load.sent, load.sent)
        finally:
            wire.to_pass = None
            await set_options(house.home.rest, stack.entry_id, {"recording": {"clickhouse_url": clickhouse.url}})
