"""What one entity says: a number in the units of the pure core, or a yes or no; else why it says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Final

from homeassistant.components.alarm_control_panel.const import AlarmControlPanelState
from homeassistant.components.climate.const import ATTR_HVAC_ACTION, HVACAction, HVACMode
from homeassistant.components.cover import CoverState
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    PERCENTAGE,
    STATE_HOME,
    STATE_NOT_HOME,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfDensity,
    UnitOfRatio,
    UnitOfSoundPressure,
    UnitOfSpeed,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant, State, split_entity_id
from homeassistant.helpers import entity_registry as er
from homeassistant.util.unit_conversion import (
    BaseUnitConverter,
    MassVolumeConcentrationConverter,
    SpeedConverter,
    TemperatureConverter,
)

from .inputs import Absence, ClimateRuns, Input

STALE_AFTER_S: Final = 7200.0
"""A sensor reports more often, or it has lost its battery. What is only on or off reports when it changes."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How one input is measured: the core's unit, and what cannot be (outside: the sensor is broken)."""

    unit: str
    low: float
    high: float
    converter: type[BaseUnitConverter] | None = None
    """None: `unit` is the only one."""
    also: frozenset[str] = frozenset()
    """Units of the same size."""


_CELSIUS: Final = Measure(UnitOfTemperature.CELSIUS, -60, 85, TemperatureConverter)
_PERCENT: Final = Measure(PERCENTAGE, 0, 100)
_M_S: Final = Measure(UnitOfSpeed.METERS_PER_SECOND, 0, 120, SpeedConverter)
_UG_M3: Final = Measure(UnitOfDensity.MICROGRAMS_PER_CUBIC_METER, 0, 1e6, MassVolumeConcentrationConverter)

MEASURES: Final[Mapping[Input, Measure]] = {
    Input.OUTDOOR_TEMPERATURE: _CELSIUS,
    Input.OUTDOOR_HUMIDITY: _PERCENT,
    Input.WIND_SPEED: _M_S,
    Input.GUST_SPEED: _M_S,
    Input.CO2: Measure(UnitOfRatio.PARTS_PER_MILLION, 0, 50_000),
    Input.VOC: _UG_M3,
    Input.PM25: _UG_M3,
    Input.ROOM_TEMPERATURE: _CELSIUS,
    Input.ROOM_HUMIDITY: _PERCENT,
    Input.NOISE: Measure(UnitOfSoundPressure.WEIGHTED_DECIBEL_A, 0, 160, also=frozenset({UnitOfSoundPressure.DECIBEL})),
}

_YES: Final = frozenset({STATE_ON, STATE_HOME, AlarmControlPanelState.TRIGGERED})
_ALARM_IS_OFF: Final = frozenset(AlarmControlPanelState) - {AlarmControlPanelState.TRIGGERED}
_RUNS: Final[Mapping[str, ClimateRuns]] = {
    HVACAction.HEATING: ClimateRuns.HEAT,
    HVACAction.PREHEATING: ClimateRuns.HEAT,
    HVACAction.DEFROSTING: ClimateRuns.HEAT,
    HVACAction.COOLING: ClimateRuns.COOL,
    HVACAction.DRYING: ClimateRuns.COOL,
    HVACAction.FAN: ClimateRuns.NONE,
    HVACAction.IDLE: ClimateRuns.NONE,
    HVACAction.OFF: ClimateRuns.NONE,
}
_RUNS_BY_MODE: Final[Mapping[str, ClimateRuns]] = {
    HVACMode.OFF: ClimateRuns.NONE,
    HVACMode.FAN_ONLY: ClimateRuns.NONE,
    HVACMode.HEAT: ClimateRuns.HEAT,
    HVACMode.COOL: ClimateRuns.COOL,
    HVACMode.DRY: ClimateRuns.COOL,
}
"""Where an entity does not say what it does: that it is set to heat counts as heating."""


def find(hass: HomeAssistant, entity_id: str) -> State | Absence:
    """The entity's state, if it says anything. Before Home Assistant has started, what is not there yet may come."""
    state = hass.states.get(entity_id)
    if state is None:
        gone = hass.is_running and er.async_get(hass).async_get(entity_id) is None
        return Absence.REMOVED if gone else Absence.UNAVAILABLE
    return Absence.UNAVAILABLE if state.state in {STATE_UNAVAILABLE, STATE_UNKNOWN} else state


def measured(hass: HomeAssistant, entity_id: str, source: Input, wall: float) -> float | Absence:
    """A sensor's number in the core's unit. `wall`: Unix seconds now."""
    state = find(hass, entity_id)
    if isinstance(state, Absence):
        return state
    if is_stale(state, wall):
        return Absence.STALE
    try:
        value = float(state.state)
    except ValueError:
        return Absence.UNAVAILABLE
    return converted(value, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT), MEASURES[source])


def converted(value: object, unit: object, measure: Measure) -> float | Absence:
    """A number in the core's unit."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return Absence.UNAVAILABLE
    number = float(value)
    if unit != measure.unit and unit not in measure.also:
        if not isinstance(unit, str) or measure.converter is None or unit not in measure.converter.VALID_UNITS:
            return Absence.UNIT
        number = measure.converter.convert(number, unit, measure.unit)
    return number if measure.low <= number <= measure.high else Absence.UNAVAILABLE


def says_yes(hass: HomeAssistant, entity_id: str) -> bool | Absence:
    """Whether a sensor is on, a person at home, a zone not empty, an alarm triggered, a shutter closed."""
    state = find(hass, entity_id)
    if isinstance(state, Absence):
        return state
    match split_entity_id(entity_id)[0]:
        case "cover":
            return state.state == CoverState.CLOSED
        case "sensor" | "zone":
            try:
                return float(state.state) > 0
            except ValueError:
                return Absence.UNAVAILABLE
        case "person" | "device_tracker":
            return state.state == STATE_HOME
        case _:
            if state.state in _YES:
                return True
            no = state.state in {STATE_OFF, STATE_NOT_HOME} or state.state in _ALARM_IS_OFF
            return False if no else Absence.UNAVAILABLE


def climate_runs(hass: HomeAssistant, entity_id: str) -> ClimateRuns | Absence:
    """What a climate entity does, by its own word, else by what it is set to."""
    state = find(hass, entity_id)
    if isinstance(state, Absence):
        return state
    action = state.attributes.get(ATTR_HVAC_ACTION)
    runs = _RUNS.get(str(action)) if action is not None else _RUNS_BY_MODE.get(state.state)
    return Absence.UNAVAILABLE if runs is None else runs


def is_stale(state: State, wall: float) -> bool:
    """It reported nothing for too long."""
    return wall - state.last_reported_timestamp > STALE_AFTER_S
