"""Home Assistant's own recorder storing the house's readings as states: prints the bytes of its database.

`python -m benchmarks._record_states FOLDER READINGS`, in an environment with Home Assistant.
"""

import asyncio
import json
import sqlite3
import sys
from pathlib import Path

from homeassistant import loader
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry, device_registry, entity, entity_registry, issue_registry
from homeassistant.helpers.recorder import async_initialize_recorder, get_instance
from homeassistant.setup import async_setup_component

from benchmarks._readings import house

_AT_ONCE = 500
_ATTRIBUTES = {"state_class": "measurement", "unit_of_measurement": "°C", "device_class": "temperature"}


async def _store(folder: Path, readings: int) -> None:
    hass = HomeAssistant(str(folder))
    loader.async_setup(hass)
    entity.async_setup(hass)
    hass.config_entries = ConfigEntries(hass, {})
    device_registry.async_setup(hass)
    for registry in (area_registry, device_registry, entity_registry, issue_registry):
        await registry.async_load(hass)
    async_initialize_recorder(hass)
    settings = {"db_url": f"sqlite:///{folder / 'home.db'}", "commit_interval": 1}
    if not await async_setup_component(hass, "recorder", {"recorder": settings}):
        sys.exit("Home Assistant's recorder did not start")
    await hass.async_start()
    instance = get_instance(hass)
    await instance.async_recorder_ready.wait()
    for number, (ts, device_id, value) in enumerate(house(readings)):
        attributes = {**_ATTRIBUTES, "friendly_name": f"{device_id} temperature"}
        hass.states.async_set(f"sensor.{device_id}_temperature", str(value), attributes, timestamp=ts)
        if number % _AT_ONCE == 0:
            await instance.async_block_till_done()
    await instance.async_block_till_done()
    await hass.async_stop(force=True)


def main() -> None:
    """Store, and look at the file."""
    folder, readings = Path(sys.argv[1]), int(sys.argv[2])
    asyncio.run(_store(folder, readings))
    with sqlite3.connect(folder / "home.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (states,) = database.execute("SELECT count(*) FROM states WHERE last_updated_ts < 1.9e9").fetchone()
    print(json.dumps({"states": states, "bytes": (folder / "home.db").stat().st_size}))


if __name__ == "__main__":
    main()
