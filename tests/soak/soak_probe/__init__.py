"""Counts inside Home Assistant what could leak, for the soak: put into its configuration folder by the test."""

import asyncio
import gc
import tracemalloc
from collections import Counter
from pathlib import Path

from aiohttp import web
from homeassistant.components.mqtt import DATA_MQTT
from homeassistant.components.recorder.tasks import StatisticsTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from homeassistant.helpers.http import HomeAssistantView
from homeassistant.helpers.recorder import get_instance
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util

_WAITING = "homeassistant_final_write"
"""A listener for each file of Home Assistant's that waits to be written: it comes and goes by the clock."""
CONFIG_SCHEMA = cv.empty_config_schema("soak_probe")


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Trace memory from now on, and answer at /api/soak_probe."""
    tracemalloc.start(1)
    hass.http.register_view(ProbeView(hass))
    return True


class ProbeView(HomeAssistantView):
    """What there is now. A pass of the collector comes first, so that only what is held counts."""

    url: str | None = "/api/soak_probe"
    name = "api:soak_probe"

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass

    async def get(self, request: web.Request) -> web.Response:
        """Answer with the counts."""
        hass = self._hass
        if "by_the_clock" in request.query:
            await _by_the_clock(hass)
            return self.json({})
        gc.collect()
        if "by_line" in request.query:
            return self.json(_by_line())
        signals = hass.data.get(DATA_DISPATCHER, {})
        client = hass.data[DATA_MQTT].client
        return self.json(
            {
                "traced": tracemalloc.get_traced_memory()[0],
                "tasks": len(asyncio.all_tasks()),
                "listeners": sum(many for event, many in hass.bus.async_listeners().items() if event != _WAITING),
                "signals": sum(len(targets) for targets in signals.values()),
                "subscriptions": len(client.subscriptions),
                "mqtt_connected": client.connected,
            }
        )


async def _by_the_clock(hass: HomeAssistant) -> None:
    """Have done now what Home Assistant does each quarter of an hour and each hour.

    It writes its states, each of which keeps its text until it changes; it sums up the hour, and keeps the statements
    that it needed for that.
    """
    await hass.services.async_call("homeassistant", "save_persistent_states", blocking=True)
    recorder = get_instance(hass)
    last_of_hour = dt_util.utcnow().replace(minute=55, second=0, microsecond=0)
    recorder.queue_task(StatisticsTask(last_of_hour, fire_events=False))
    await recorder.async_block_till_done()


def _by_line() -> dict[str, int]:
    """Traced bytes by the line that asked for them."""
    held: Counter[str] = Counter()
    for one in tracemalloc.take_snapshot().statistics("lineno"):
        held[f"{'/'.join(Path(one.traceback[0].filename).parts[-2:])}:{one.traceback[0].lineno}"] += one.size
    return dict(held)
