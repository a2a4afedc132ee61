"""When rain is due by the hourly forecast. A forecast that fails is unknown, never dry."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import Final

from homeassistant.components.weather import (
    ATTR_FORECAST_CONDITION,
    ATTR_FORECAST_PRECIPITATION,
    ATTR_FORECAST_PRECIPITATION_PROBABILITY,
    ATTR_FORECAST_TIME,
)
from homeassistant.components.weather.const import DOMAIN as WEATHER_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceNotFound
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .outdoors import WET

_LOGGER = logging.getLogger(__name__)

FORECAST_EVERY: Final = timedelta(minutes=15)
PROBABLE_PERCENT: Final = 50.0
"""Rain that is less likely closes no window."""
HOUR_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of a forecast. `begins`: Unix seconds."""

    begins: float
    wet: bool


class Forecasts:
    """The hourly forecasts of some weather entities, fetched anew each quarter of an hour."""

    def __init__(self, hass: HomeAssistant, changed: Callable[[], None]) -> None:
        """`changed` is called when a forecast came or failed."""
        self._hass = hass
        self._changed = changed
        self._hours: dict[str, tuple[Hour, ...]] = {}
        self._wanted: Callable[[], frozenset[str]] = frozenset
        self._end: CALLBACK_TYPE | None = None

    @callback
    def start(self, wanted: Callable[[], frozenset[str]]) -> None:
        """Fetch from now on. `wanted`: the weather entities that somebody needs."""
        self._wanted = wanted
        self._end = async_track_time_interval(self._hass, self._fetch, FORECAST_EVERY, cancel_on_shutdown=True)

    @callback
    def stop(self) -> None:
        """Fetch no more."""
        if self._end is not None:
            self._end()
            self._end = None

    def rain_in_s(self, entity_id: str | None, wall: float) -> float | None:
        """Seconds until rain, inf when the forecast is dry, None when there is none for this moment."""
        hours = [hour for hour in self._hours.get(entity_id or "", ()) if hour.begins + HOUR_S > wall]
        if not hours or hours[0].begins > wall + HOUR_S:
            return None
        return next((max(0.0, hour.begins - wall) for hour in hours if hour.wet), inf)

    async def fetch(self) -> None:
        """Ask every weather entity that is wanted."""
        fetched = {entity_id: await self._of(entity_id) for entity_id in sorted(self._wanted())}
        if fetched != self._hours:
            self._hours = fetched
            self._changed()

    async def _fetch(self, _: datetime) -> None:
        await self.fetch()

    async def _of(self, entity_id: str) -> tuple[Hour, ...]:
        try:
            answer = await self._hass.services.async_call(
                WEATHER_DOMAIN,
                "get_forecasts",
                {ATTR_ENTITY_ID: entity_id, "type": "hourly"},
                blocking=True,
                return_response=True,
            )
        except (HomeAssistantError, ServiceNotFound) as error:
            _LOGGER.debug("No forecast of %s: %s", entity_id, error)
            return ()
        said = (answer or {}).get(entity_id)
        entries = said.get("forecast") if isinstance(said, Mapping) else None
        return _hours(entries) if isinstance(entries, Sequence) else ()


def _hours(entries: Sequence[object]) -> tuple[Hour, ...]:
    hours = [_hour(entry) for entry in entries if isinstance(entry, Mapping)]
    return tuple(sorted((hour for hour in hours if hour is not None), key=lambda hour: hour.begins))


def _hour(entry: Mapping[str, object]) -> Hour | None:
    begins = dt_util.parse_datetime(str(entry.get(ATTR_FORECAST_TIME)))
    if begins is None:
        return None
    fallen, chance = (entry.get(key) for key in (ATTR_FORECAST_PRECIPITATION, ATTR_FORECAST_PRECIPITATION_PROBABILITY))
    falls = entry.get(ATTR_FORECAST_CONDITION) in WET or (isinstance(fallen, int | float) and fallen > 0)
    likely = not isinstance(chance, int | float) or chance >= PROBABLE_PERCENT
    return Hour(dt_util.as_timestamp(begins), falls and likely)
