"""What is set for one window: the form in sections, its checks, and what the pure core makes of it."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import probatio as vol
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass as On
from homeassistant.components.sensor.const import SensorDeviceClass as Measures
from homeassistant.const import PERCENTAGE, UnitOfSpeed, UnitOfTemperature, UnitOfTime, UnitOfVolume
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import SectionConfig, section
from homeassistant.helpers import selector

from .chosen import MEASURED, NOTICED, WEATHER, Chosen
from .form import Sections, Slider, choice, flat, number, place_of, slide, unknown_entities
from .inputs import Input
from .settings import WINDOW_BOUNDS, AiringRule, QuietRule, SettingsError, Taste, WindowSettings

OUTDOORS: Final = "outdoors"
ROOM: Final = "room"
HAZARDS: Final = "hazards"
LIMITS: Final = "limits"
SECTIONS: Final = (OUTDOORS, ROOM, HAZARDS, LIMITS)

_SPEED: Final = UnitOfSpeed.METERS_PER_SECOND
_CELSIUS: Final = UnitOfTemperature.CELSIUS
_MINUTES: Final = UnitOfTime.MINUTES

HAZARD_NUMBERS: Final = {
    "rain_soon_minutes": Slider(5, _MINUTES),
    "rain_soon_position": Slider(1, PERCENTAGE),
    "wind_limit": Slider(0.5, _SPEED),
    "wind_hysteresis": Slider(0.5, _SPEED),
    "wind_position": Slider(1, PERCENTAGE),
    "gust_limit": Slider(0.5, _SPEED),
    "gust_hysteresis": Slider(0.5, _SPEED),
    "gust_position": Slider(1, PERCENTAGE),
    "hail_position": Slider(1, PERCENTAGE),
    "frost_limit": Slider(0.5, _CELSIUS),
    "frost_hysteresis": Slider(0.5, _CELSIUS),
    "frost_position": Slider(1, PERCENTAGE),
    "alarm_position": Slider(1, PERCENTAGE),
}
LIMIT_NUMBERS: Final = {
    "band_min": Slider(1, PERCENTAGE),
    "band_max": Slider(1, PERCENTAGE),
    "away_position": Slider(1, PERCENTAGE),
    "night_position": Slider(1, PERCENTAGE),
    "burst_minutes": Slider(1, _MINUTES),
    "burst_pause_minutes": Slider(1, _MINUTES),
}
ROOM_NUMBERS: Final = {"volume_m3": Slider(0.1, UnitOfVolume.CUBIC_METERS), "opening_m2": Slider(0.01, "m²")}
TASTE_NUMBERS: Final = {
    "taste_warmth": Slider(0.5, "K"),
    "taste_fresh": Slider(0.25, "×"),
    "taste_quiet": Slider(0.25, "×"),
    "taste_calm": Slider(0.25, "×"),
    "taste_thrift": Slider(0.25, "×"),
}

_DEFAULTS: Final = {field.name: field.default for field in fields(WindowSettings)}
ENTITIES: Final = frozenset({*MEASURED, *NOTICED, WEATHER, Input.CLIMATE})


def window_schema() -> vol.Schema:
    """The form of one window."""
    folded = SectionConfig(collapsed=True)
    return vol.Schema(
        {
            vol.Required(OUTDOORS): section(vol.Schema(_outdoors())),
            vol.Required(ROOM): section(vol.Schema(_room())),
            vol.Required(HAZARDS): section(vol.Schema(_hazards()), folded),
            vol.Required(LIMITS): section(vol.Schema(_limits()), folded),
        }
    )


def window_errors(hass: HomeAssistant, said: Sections) -> dict[str, str]:
    """What the selectors cannot check, by section."""
    errors = unknown_entities(hass, said, ENTITIES)
    try:
        window_settings(said)
    except SettingsError as error:
        errors |= place_of(error, said)
    return errors


def window_settings(said: Sections) -> WindowSettings:
    """The pure core's settings of one window. SettingsError: two contradict each other."""
    return WindowSettings.from_mapping(flat(said))


def window_chosen(said: Sections) -> Chosen:
    """The entities of one window."""
    return Chosen.of(flat(said))


def sections_of(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The sections of a subentry's data."""
    return {name: data[name] for name in SECTIONS if isinstance(data.get(name), Mapping)}


def _outdoors() -> dict[vol.Marker, selector.EntitySelector]:
    return {
        _may(WEATHER): _entity("weather"),
        _may(Input.OUTDOOR_TEMPERATURE): _sensor(Measures.TEMPERATURE),
        _may(Input.OUTDOOR_HUMIDITY): _sensor(Measures.HUMIDITY),
        _may(Input.WIND_SPEED): _sensor(Measures.WIND_SPEED, Measures.SPEED),
        _may(Input.GUST_SPEED): _sensor(Measures.WIND_SPEED, Measures.SPEED),
        _may(Input.RAIN): _any_of(
            selector.EntityWithDeviceFilterSelectorConfig(domain=["binary_sensor", "input_boolean"]),
            selector.EntityWithDeviceFilterSelectorConfig(
                domain="sensor", device_class=Measures.PRECIPITATION_INTENSITY
            ),
        ),
        _may(Input.HAIL): _any_of(
            selector.EntityWithDeviceFilterSelectorConfig(domain=["binary_sensor", "input_boolean"])
        ),
    }


def _room() -> dict[vol.Marker, selector.Selector[Any]]:
    return {
        _may(Input.ROOM_TEMPERATURE): _sensor(Measures.TEMPERATURE),
        _may(Input.ROOM_HUMIDITY): _sensor(Measures.HUMIDITY),
        _may(Input.CO2): _sensor(Measures.CO2),
        _may(Input.VOC): _sensor(Measures.VOLATILE_ORGANIC_COMPOUNDS),
        _may(Input.PM25): _sensor(Measures.PM25),
        _may(Input.NOISE): _sensor(Measures.SOUND_PRESSURE),
        _may(Input.OCCUPIED): _any_of(
            selector.EntityWithDeviceFilterSelectorConfig(
                domain="binary_sensor", device_class=[On.OCCUPANCY, On.MOTION, On.PRESENCE]
            ),
            selector.EntityWithDeviceFilterSelectorConfig(domain="input_boolean"),
        ),
        _may(Input.CLIMATE): _entity("climate"),
        **{_may(key): number(WINDOW_BOUNDS[key], slider) for key, slider in ROOM_NUMBERS.items()},
        vol.Required("taste", default=_DEFAULTS["taste"]): choice(Taste, "taste"),
        **{
            vol.Required(key, default=_DEFAULTS[key]): slide(WINDOW_BOUNDS[key], slider)
            for key, slider in TASTE_NUMBERS.items()
        },
    }


def _hazards() -> dict[vol.Marker, selector.Selector[Any]]:
    alarms = selector.EntityWithDeviceFilterSelectorConfig(
        domain=["binary_sensor", "alarm_control_panel", "input_boolean", "siren"]
    )
    return {
        _may(Input.ALARMS): _any_of(alarms),
        _may("rain_position"): number(WINDOW_BOUNDS["rain_position"], Slider(1, PERCENTAGE)),
        **_sliders(HAZARD_NUMBERS),
    }


def _limits() -> dict[vol.Marker, selector.Selector[Any]]:
    contact = selector.EntityWithDeviceFilterSelectorConfig(domain=["binary_sensor", "cover", "input_boolean"])
    return {
        _may(Input.CONTACT): _any_of(contact),
        vol.Required("airing", default=_DEFAULTS["airing"]): choice(AiringRule, "airing"),
        **_sliders(LIMIT_NUMBERS),
        _may("min_confidence"): number(WINDOW_BOUNDS["min_confidence"], Slider(0.01)),
        vol.Required("quiet", default=_DEFAULTS["quiet"]): choice(QuietRule, "quiet"),
        vol.Required("microphone", default=_DEFAULTS["microphone"]): selector.BooleanSelector(),
    }


def _sliders(sliders: Mapping[str, Slider]) -> dict[vol.Marker, selector.Selector[Any]]:
    return {
        vol.Required(key, default=_DEFAULTS[key]): number(WINDOW_BOUNDS[key], slider) for key, slider in sliders.items()
    }


def _may(key: str) -> vol.Optional:
    return vol.Optional(str(key))


def _entity(domain: str) -> selector.EntitySelector:
    return selector.EntitySelector(selector.EntitySelectorConfig(domain=domain))


def _sensor(*classes: Measures) -> selector.EntitySelector:
    kinds = [str(one) for one in classes]
    return selector.EntitySelector(
        selector.EntitySelectorConfig(
            filter=selector.EntityWithDeviceFilterSelectorConfig(domain="sensor", device_class=kinds)
        )
    )


def _any_of(*filters: selector.EntityWithDeviceFilterSelectorConfig) -> selector.EntitySelector:
    return selector.EntitySelector(selector.EntitySelectorConfig(filter=list(filters), multiple=True))
