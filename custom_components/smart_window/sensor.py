"""What a window measures, what the model thinks of it, and why it stands where it stands."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfDensity, UnitOfSoundPressure, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .contract import Source
from .decision import Why
from .entity import WindowEntity, add_as_they_appear
from .health import HealthState
from .hub import Hub, SmartWindowConfigEntry
from .hub_sensors import hub_sensors
from .humid_air import absolute_humidity, dew_point
from .station import Facet, Station
from .steady import Steady
from .window import Reading

PARALLEL_UPDATES = 0

SENTENCE_EVERY_S = 60.0
TOLD_EVERY_S = 60.0


@dataclass(frozen=True, kw_only=True)
class WindowSensorDescription(SensorEntityDescription):
    """One sensor: what a window must show to have it, and where it reads."""

    facet: Facet | None
    """None: every window has it."""
    measured: bool = False
    step: float | None = None
    """What changes by less is not told anew: for values that follow from others, and would drift with each of them."""
    value: Callable[[Station], StateType | datetime]
    reading: Callable[[Station], Reading | None] | None = None
    """Where it is read, if a window sends it by itself: such a one is told each minute, the same value too."""


def _temperature(station: Station) -> StateType:
    reading = station.window.temperature
    return None if reading is None else round(reading.value, 2)


def _humidity(station: Station) -> StateType:
    reading = station.window.humidity
    return None if reading is None else round(reading.value, 1)


def _sound_level(station: Station) -> StateType:
    reading = station.window.level
    return None if reading is None else round(reading.value, 1)


def _noise(station: Station) -> float | None:
    reading = station.window.noise_level
    return None if reading is None else reading.value


def _absolute_humidity(station: Station) -> float | None:
    temperature, humidity = station.window.temperature, station.window.humidity
    if temperature is None or humidity is None:
        return None
    return absolute_humidity(temperature.value, humidity.value)


def _dew_point(station: Station) -> float | None:
    temperature, humidity = station.window.temperature, station.window.humidity
    return None if temperature is None or humidity is None else dew_point(temperature.value, humidity.value)


def _last_move(station: Station) -> datetime | None:
    move = station.window.last_move
    return None if move is None else _moment(move.wall)


def _last_move_source(station: Station) -> StateType:
    move = station.window.last_move
    return None if move is None else move.source


def _prediction(station: Station) -> StateType:
    prediction = station.window.prediction
    position = None if prediction is None else prediction.response.position
    return None if position is None else round(position, 1)


def _confidence(station: Station) -> StateType:
    prediction = station.window.prediction
    confidence = None if prediction is None else prediction.response.confidence
    return None if confidence is None else round(confidence * 100, 1)


def _reason(station: Station) -> StateType:
    return station.why


def _last_seen(station: Station) -> datetime | None:
    return _moment(station.last_seen)


def _hold_until(station: Station) -> datetime | None:
    return _moment(station.window.hold_until)


def _health(station: Station) -> StateType:
    return None if station.health is None else station.health.state


def _moment(wall: float | None) -> datetime | None:
    return None if wall is None else datetime.fromtimestamp(wall, UTC).replace(microsecond=0)


SENSORS: tuple[WindowSensorDescription, ...] = (
    WindowSensorDescription(
        key="temperature",
        facet=Facet.TEMPERATURE,
        measured=True,
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        value=_temperature,
        reading=lambda station: station.window.temperature,
    ),
    WindowSensorDescription(
        key="humidity",
        facet=Facet.HUMIDITY,
        measured=True,
        device_class=SensorDeviceClass.HUMIDITY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        value=_humidity,
        reading=lambda station: station.window.humidity,
    ),
    WindowSensorDescription(
        key="sound_level",
        translation_key="sound_level",
        facet=Facet.SOUND,
        measured=True,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement="dBFS",
        suggested_display_precision=0,
        value=_sound_level,
        reading=lambda station: station.window.level,
    ),
    WindowSensorDescription(
        key="noise",
        translation_key="noise",
        facet=Facet.NOISE,
        measured=True,
        step=1.0,
        state_class=SensorStateClass.MEASUREMENT,
        device_class=SensorDeviceClass.SOUND_PRESSURE,
        native_unit_of_measurement=UnitOfSoundPressure.WEIGHTED_DECIBEL_A,
        suggested_display_precision=0,
        value=_noise,
        reading=lambda station: station.window.noise_level,
    ),
    WindowSensorDescription(
        key="sound_l10",
        translation_key="sound_l10",
        facet=Facet.LOUDNESS,
        measured=True,
        step=1.0,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement="dBFS",
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value=lambda station: station.window.levels.get("la_10"),
    ),
    WindowSensorDescription(
        key="sound_l90",
        translation_key="sound_l90",
        facet=Facet.LOUDNESS,
        measured=True,
        step=1.0,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement="dBFS",
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value=lambda station: station.window.levels.get("la_90"),
    ),
    WindowSensorDescription(
        key="absolute_humidity",
        translation_key="absolute_humidity",
        facet=Facet.CLIMATE,
        measured=True,
        step=0.2,
        state_class=SensorStateClass.MEASUREMENT,
        device_class=SensorDeviceClass.ABSOLUTE_HUMIDITY,
        native_unit_of_measurement=UnitOfDensity.GRAMS_PER_CUBIC_METER,
        suggested_display_precision=1,
        value=_absolute_humidity,
    ),
    WindowSensorDescription(
        key="dew_point",
        translation_key="dew_point",
        facet=Facet.CLIMATE,
        measured=True,
        step=0.5,
        state_class=SensorStateClass.MEASUREMENT,
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value=_dew_point,
    ),
    WindowSensorDescription(
        key="prediction",
        translation_key="prediction",
        facet=Facet.MOVES,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        value=_prediction,
    ),
    WindowSensorDescription(
        key="confidence",
        translation_key="confidence",
        facet=Facet.MOVES,
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        value=_confidence,
    ),
    WindowSensorDescription(
        key="reason",
        translation_key="reason",
        facet=Facet.MOVES,
        device_class=SensorDeviceClass.ENUM,
        options=list(Why),
        value=_reason,
    ),
    WindowSensorDescription(
        key="hold_until",
        translation_key="hold_until",
        facet=Facet.MOVES,
        device_class=SensorDeviceClass.TIMESTAMP,
        value=_hold_until,
    ),
    WindowSensorDescription(
        key="last_move",
        translation_key="last_move",
        facet=Facet.MOVES,
        device_class=SensorDeviceClass.TIMESTAMP,
        value=_last_move,
    ),
    WindowSensorDescription(
        key="last_move_source",
        translation_key="last_move_source",
        facet=Facet.MOVES,
        device_class=SensorDeviceClass.ENUM,
        options=list(Source),
        value=_last_move_source,
    ),
    WindowSensorDescription(
        key="health",
        translation_key="health",
        facet=None,
        device_class=SensorDeviceClass.ENUM,
        options=list(HealthState),
        entity_category=EntityCategory.DIAGNOSTIC,
        value=_health,
    ),
    WindowSensorDescription(
        key="last_seen",
        translation_key="last_seen",
        facet=None,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=_last_seen,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmartWindowConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the hub's figures, and each window's sensors as it shows that it has them."""
    async_add_entities(hub_sensors(entry.runtime_data))
    add_as_they_appear(entry, async_add_entities, _sensors)


def _sensors(hub: Hub, station: Station) -> Iterator[WindowSensor]:
    for description in SENSORS:
        if description.facet is None or description.facet in station.facets:
            yield _KINDS.get(description.key, WindowSensor)(hub, station, description)


class WindowSensor(WindowEntity, SensorEntity):
    """One value of a window."""

    entity_description: WindowSensorDescription  # type: ignore[mutable-override]  # as Home Assistant means it

    def __init__(self, hub: Hub, station: Station, description: WindowSensorDescription) -> None:
        super().__init__(hub, station, description)
        self.measured = description.measured
        self._steady = None if description.step is None else Steady(description.step)
        self._value, self._reading = description.value, description.reading
        self._shown: StateType | datetime = None

    @override
    def _read(self) -> None:
        value = self._value(self.station)
        if self._steady is not None and not isinstance(value, str | datetime):
            value = self._steady.tell(None if value is None else float(value))
        if value != self._shown:  # to set one of Home Assistant's attributes costs more than to compare
            self._shown = self._attr_native_value = value

    @override
    def _shows(self) -> Hashable:
        if self._reading is None:
            return self._shown
        reading = self._reading(self.station)
        return self._shown, 0.0 if reading is None else max(0.0, reading.at) // TOLD_EVERY_S


class WindowReason(WindowSensor):
    """The reason as a code, and as a sentence with its numbers."""

    _unrecorded_attributes = frozenset({"sentence"})

    def __init__(self, hub: Hub, station: Station, description: WindowSensorDescription) -> None:
        super().__init__(hub, station, description)
        self._told: Hashable = None
        self._sentence: str | None = None

    @override
    def _read(self) -> None:
        super()._read()
        # Numbers drift with each reading: once a minute they are told anew, and at once where more than they changed.
        decision, minute = self.station.decision, int(self.hub.clock.now() // SENTENCE_EVERY_S)
        command = None if decision is None else decision.command
        told = (self.station.why, command, id(self.station.window.last_question), minute)
        if told != self._told:
            self._told, self._sentence = told, self.hub.wording.explain(self.station)
        self._attr_extra_state_attributes = {"sentence": self._sentence}

    @override
    def _shows(self) -> Hashable:
        return (self._attr_native_value, self._sentence)


class WindowHealth(WindowSensor):
    """How the window fares, and why."""

    _unrecorded_attributes = frozenset({"reasons", "rssi", "clock_drift"})

    @override
    def _read(self) -> None:
        super()._read()
        health = self.station.health
        self._attr_extra_state_attributes = (
            {}
            if health is None
            else {
                "reasons": [str(reason) for reason in health.reasons],
                "rssi": health.rssi_dbm,
                "clock_drift": None if health.clock_drift_s is None else round(health.clock_drift_s),
            }
        )

    @override
    def _shows(self) -> Hashable:
        health = self.station.health
        return None if health is None else (health.state, health.reasons)


_KINDS: Mapping[str, type[WindowSensor]] = {"reason": WindowReason, "health": WindowHealth}
