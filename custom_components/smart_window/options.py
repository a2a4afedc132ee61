"""The options of the house: the form in sections, its checks, and what the pure core makes of it."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import probatio as vol
from homeassistant.const import PERCENTAGE, UnitOfTemperature, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import SectionConfig, section
from homeassistant.helpers import selector

from .chosen import WEATHER, Chosen
from .const import (
    CONF_ALLOW_AGAIN,
    CONF_PREFIX,
    CONF_WEATHER_ENTITY,
    SECTION_ADVANCED,
    SECTION_HAND,
    SECTION_LIMITS,
    SECTION_OUTDOORS,
    SECTION_QUESTIONS,
    SECTION_RECORDING,
    SECTION_REMOVED,
    SECTION_TIMES,
)
from .form import Sections, Slider, choice, clock_time, flat, minutes_of, number, place_of, unknown_entities
from .inputs import Input
from .recording_options import recording_schema
from .settings import BOUNDS, HoldRule, HubSettings, SettingsError

QUESTIONS: Final = {
    "temperature_change": Slider(0.1, UnitOfTemperature.CELSIUS),
    "humidity_change": Slider(0.5, PERCENTAGE),
    "sound_change": Slider(0.5, "dB"),
    "heartbeat_s": Slider(1, UnitOfTime.SECONDS),
    "min_interval_s": Slider(1, UnitOfTime.SECONDS),
    "min_confidence": Slider(0.01),
}
QUESTION_SWITCHES: Final = ("every_clip", "fallback")
LIMITS: Final = {
    "band_min": Slider(1, PERCENTAGE),
    "band_max": Slider(1, PERCENTAGE),
    "rain_position": Slider(1, PERCENTAGE),
}
TIMES: Final = ("morning", "night_begin", "night_end", "quiet_begin", "quiet_end")
"""Times of the day: minutes after midnight in the core."""
ADVANCED: Final = {
    "settle_s": Slider(1, UnitOfTime.SECONDS),
    "calm_s": Slider(1, UnitOfTime.SECONDS),
    "smallest_change": Slider(1, PERCENTAGE),
    "shortest_pause_s": Slider(1, UnitOfTime.SECONDS),
    "moves_per_hour": Slider(1),
    "moves_per_day": Slider(1),
    "reversals": Slider(1),
}
ENTITIES: Final = frozenset({CONF_WEATHER_ENTITY, Input.ANYBODY_HOME})
PEOPLE: Final = ["person", "device_tracker", "group", "zone", "binary_sensor", "input_boolean"]

_HOUSE: Final = HubSettings()
_DEFAULTS: Final = {field.name: getattr(_HOUSE, field.name) for field in fields(HubSettings)}


def options_schema(removed: list[str]) -> vol.Schema:
    """The form. The section of removed windows is there only when there are some."""
    folded = SectionConfig(collapsed=True)
    sections: dict[vol.Marker, section] = {
        vol.Required(SECTION_QUESTIONS): section(_sliders(QUESTIONS).extend(_switches(*QUESTION_SWITCHES))),
        vol.Required(SECTION_HAND): section(_hand()),
        vol.Required(SECTION_TIMES): section(
            vol.Schema(
                {**_times("night_begin", "night_end"), **_switches("quiet"), **_times("quiet_begin", "quiet_end")}
            ),
            folded,
        ),
        vol.Required(SECTION_LIMITS): section(_sliders(LIMITS).extend(_switches("microphone")), folded),
        vol.Required(SECTION_OUTDOORS): section(_outdoors()),
        vol.Required(SECTION_RECORDING): section(recording_schema(), folded),
        vol.Required(SECTION_ADVANCED): section(_sliders(ADVANCED), folded),
    }
    if removed:
        chosen = selector.SelectSelector(selector.SelectSelectorConfig(options=removed, multiple=True))
        again = vol.Schema({vol.Optional(CONF_ALLOW_AGAIN, default=[]): chosen})
        sections[vol.Required(SECTION_REMOVED)] = section(again, folded)
    return vol.Schema(sections)


def options_errors(hass: HomeAssistant, options: Sections) -> dict[str, str]:
    """What the selectors cannot check, by section: that is where the form shows an error of a field inside one."""
    errors = unknown_entities(hass, options, ENTITIES)
    try:
        hub_settings({}, options)
    except SettingsError as error:
        errors |= place_of(error, options)
    return errors


def hub_settings(data: Mapping[str, Any], options: Sections) -> HubSettings:
    """The pure core's settings. What was never set keeps its default. SettingsError: two contradict each other."""
    values = flat(options) | {CONF_PREFIX: data.get(CONF_PREFIX, "")}
    return HubSettings.from_mapping(values | {name: minutes_of(values[name]) for name in TIMES if name in values})


def house_chosen(options: Sections) -> Chosen:
    """The entities that count for every window that has none of its own."""
    values = flat(options)
    return Chosen.of({WEATHER: values.get(CONF_WEATHER_ENTITY), Input.ANYBODY_HOME: values.get(Input.ANYBODY_HOME)})


def _hand() -> vol.Schema:
    rule = vol.Required("hold_rule", default=_DEFAULTS["hold_rule"])
    minutes = _sliders({"hold_minutes": Slider(1, UnitOfTime.MINUTES)})
    hand = {rule: choice(HoldRule, "hold_rule"), **minutes.schema, **_times("morning")}
    return vol.Schema({**hand, **_switches("automations_are_hands")})


def _outdoors() -> vol.Schema:
    weather = selector.EntitySelector(selector.EntitySelectorConfig(domain="weather"))
    people = selector.EntitySelector(selector.EntitySelectorConfig(domain=PEOPLE, multiple=True))
    return vol.Schema({vol.Optional(CONF_WEATHER_ENTITY): weather, vol.Optional(Input.ANYBODY_HOME.value): people})


def _sliders(sliders: Mapping[str, Slider]) -> vol.Schema:
    return vol.Schema(
        {vol.Required(key, default=_DEFAULTS[key]): number(BOUNDS[key], slider) for key, slider in sliders.items()}
    )


def _switches(*keys: str) -> dict[vol.Marker, selector.BooleanSelector]:
    return {vol.Required(key, default=_DEFAULTS[key]): selector.BooleanSelector() for key in keys}


def _times(*keys: str) -> dict[vol.Marker, selector.TimeSelector]:
    shown = {key: clock_time(_DEFAULTS[key]) for key in keys}
    return {vol.Required(key, default=time): selector.TimeSelector() for key, time in shown.items()}
