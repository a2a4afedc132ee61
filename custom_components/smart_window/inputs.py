"""What the entities that the owner chose for a window say now: the shell fills it, the rules read it. Pure."""

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Input(StrEnum):
    """What can be chosen. The names are those of the fields of Surroundings."""

    OUTDOOR_TEMPERATURE = "outdoor_temperature"
    OUTDOOR_HUMIDITY = "outdoor_humidity"
    WIND_SPEED = "wind_speed"
    GUST_SPEED = "gust_speed"
    RAIN = "rain"
    RAIN_SOON = "rain_soon_s"
    HAIL = "hail"
    ALARMS = "alarms"
    CO2 = "co2"
    VOC = "voc"
    PM25 = "pm25"
    ROOM_TEMPERATURE = "room_temperature"
    ROOM_HUMIDITY = "room_humidity"
    NOISE = "noise"
    OCCUPIED = "occupied"
    CONTACT = "contact"
    CLIMATE = "climate"
    ANYBODY_HOME = "anybody_home"


@unique
class Absence(StrEnum):
    """Why an input is None."""

    NOT_CHOSEN = "not_chosen"
    UNAVAILABLE = "unavailable"
    STALE = "stale"
    UNIT = "unit"
    """Its unit cannot be converted."""
    REMOVED = "removed"
    """The entity that was chosen is no more."""


@unique
class ClimateRuns(StrEnum):
    """What a climate entity does in the room."""

    NONE = "none"
    HEAT = "heat"
    COOL = "cool"


@dataclass(frozen=True, slots=True)
class Missing:
    """An input that is None, and why. What was never chosen need not be named."""

    source: Input
    cause: Absence


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around one window. None: absent, unavailable, stale or of a wrong unit; `missing` says which.

    None is unknown and never harmless: no forecast is not a dry forecast.
    """

    outdoor_temperature: float | None = None
    """°C."""
    outdoor_humidity: float | None = None
    """% relative."""
    wind_speed: float | None = None
    """m/s, the mean."""
    gust_speed: float | None = None
    """m/s."""
    rain: bool | None = None
    """By any chosen sensor or weather entity; the window's own sensor is in its state."""
    rain_soon_s: float | None = None
    """Seconds until rain by the forecast; inf: the forecast is dry; None: not known."""
    hail: bool | None = None
    alarms: tuple[str, ...] | None = None
    """Names of the alarm entities that are on; empty: none is; None: not known."""
    co2: float | None = None
    """ppm."""
    voc: float | None = None
    """µg/m³."""
    pm25: float | None = None
    """µg/m³, in the room."""
    room_temperature: float | None = None
    """°C; else the window's own reading counts."""
    room_humidity: float | None = None
    noise: float | None = None
    """dB(A); else the window's own level counts where it measures dB(A)."""
    occupied: bool | None = None
    contact: bool | None = None
    """Something is in the way: a shutter or a screen."""
    climate: ClimateRuns | None = None
    anybody_home: bool | None = None
    running_mean: float | None = None
    """°C: running mean of the outdoor temperature over the last days (EN 16798-1); else the outdoor one counts."""
    local_minute: float | None = None
    """Minutes after local midnight at the moment of Window.surround; it goes on by itself from there."""
    paused: bool = False
    """The owner paused all windows."""
    missing: tuple[Missing, ...] = ()
