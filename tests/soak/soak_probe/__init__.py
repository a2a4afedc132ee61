"""Counts inside Home Assistant what could leak, for the soak: put into its configuration folder by the test."""

import asyncio
import gc
import tracemalloc
from collections import Counter
from pathlib import Path

from aiohttp import web
from homeassistant.components.mqtt import DATA_MQTT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from homeassistant.helpers.http import HomeAssistantView
from homeassistant.helpers.typing import ConfigType

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
        gc.collect()
        if "by_line" in request.query:
            return self.json(_by_line())
        hass = self._hass
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


def _by_line() -> dict[str, int]:
    """Traced bytes by the line that asked for them."""
    held: Counter[str] = Counter()
    for one in tracemalloc.take_snapshot().statistics("lineno"):
        held[f"{'/'.join(Path(one.traceback[0].filename).parts[-2:])}:{one.traceback[0].lineno}"] += one.size
    return dict(held)
