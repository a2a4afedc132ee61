"""What a weather entity says, in the core's units. Unknown stays unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.components.weather import (
    ATTR_CONDITION_HAIL,
    ATTR_CONDITION_LIGHTNING_RAINY,
    ATTR_CONDITION_POURING,
    ATTR_CONDITION_RAINY,
    ATTR_CONDITION_SNOWY,
    ATTR_CONDITION_SNOWY_RAINY,
)
from homeassistant.components.weather.const import (
    ATTR_WEATHER_HUMIDITY,
    ATTR_WEATHER_TEMPERATURE,
    ATTR_WEATHER_TEMPERATURE_UNIT,
    ATTR_WEATHER_WIND_GUST_SPEED,
    ATTR_WEATHER_WIND_SPEED,
    ATTR_WEATHER_WIND_SPEED_UNIT,
)
from homeassistant.const import PERCENTAGE
from homeassistant.core import HomeAssistant

from .inputs import Absence, Input
from .sources import MEASURES, converted, find, is_stale

WET: Final = frozenset(
    {
        ATTR_CONDITION_HAIL,
        ATTR_CONDITION_LIGHTNING_RAINY,
        ATTR_CONDITION_POURING,
        ATTR_CONDITION_RAINY,
        ATTR_CONDITION_SNOWY,
        ATTR_CONDITION_SNOWY_RAINY,
    }
)
"""Conditions in which something falls: a roof window lets snow in as well."""


@dataclass(frozen=True, slots=True)
class Outdoors:
    """°C, %, m/s; an Absence where the weather entity does not say."""

    temperature: float | Absence = Absence.NOT_CHOSEN
    humidity: float | Absence = Absence.NOT_CHOSEN
    wind_speed: float | Absence = Absence.NOT_CHOSEN
    gust_speed: float | Absence = Absence.NOT_CHOSEN
    rain: bool | Absence = Absence.NOT_CHOSEN
    hail: bool | Absence = Absence.NOT_CHOSEN


def read_outdoors(hass: HomeAssistant, entity_id: str | None, wall: float) -> Outdoors:
    """What the weather entity says now. `wall`: Unix seconds."""
    if entity_id is None:
        return Outdoors()
    state = find(hass, entity_id)
    if not isinstance(state, Absence) and is_stale(state, wall):
        state = Absence.STALE
    if isinstance(state, Absence):
        return Outdoors(*[state] * 6)
    said = state.attributes
    return Outdoors(
        temperature=_said(said, Input.OUTDOOR_TEMPERATURE, ATTR_WEATHER_TEMPERATURE, ATTR_WEATHER_TEMPERATURE_UNIT),
        humidity=_said(said, Input.OUTDOOR_HUMIDITY, ATTR_WEATHER_HUMIDITY),
        wind_speed=_said(said, Input.WIND_SPEED, ATTR_WEATHER_WIND_SPEED, ATTR_WEATHER_WIND_SPEED_UNIT),
        gust_speed=_said(said, Input.GUST_SPEED, ATTR_WEATHER_WIND_GUST_SPEED, ATTR_WEATHER_WIND_SPEED_UNIT),
        rain=state.state in WET,
        hail=state.state == ATTR_CONDITION_HAIL,
    )


def _said(said: Mapping[str, object], source: Input, key: str, unit_key: str | None = None) -> float | Absence:
    if key not in said:
        # Many weather entities know no gusts: what an entity never says is not missing.
        return Absence.NOT_CHOSEN
    return converted(said[key], PERCENTAGE if unit_key is None else said.get(unit_key), MEASURES[source])
