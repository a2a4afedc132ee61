"""What hands and weather do to a virtual window: `bench/{id}/…`, no part of the contract. README.md lists it."""

from dataclasses import dataclass

from .device.inputs import Input, Jam, PowerCut, Press, Rain, Stall
from .device.words import Button
from .errors import SimulatorError
from .fields import Fields
from .json_text import NotJsonError, parse_json
from .sounds import Sound, sound_named


@dataclass(frozen=True, slots=True)
class FixTemperature:
    """The room stays at this many °C; None lets it go."""

    value: float | None


@dataclass(frozen=True, slots=True)
class FixHumidity:
    """The room stays at this much relative humidity in %; None lets it go."""

    value: float | None


@dataclass(frozen=True, slots=True)
class Hear:
    """What the next clips are of."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class Record:
    """A clip goes out now."""


@dataclass(frozen=True, slots=True)
class Leave:
    """The connection is closed for so many seconds."""

    seconds: float


type Event = Input | FixTemperature | FixHumidity | Hear | Record | Leave


def decode_bench(topic: str, payload: bytes, hand_id: str) -> Event:
    """Read a bench message by the last part of its topic. Raises SimulatorError saying what does not fit."""
    complaints: list[str] = []
    try:
        fields = Fields(topic, parse_json(payload or b"{}"), complaints)
    except NotJsonError as error:
        raise SimulatorError(f"{topic}: no JSON: {error}") from error
    event = _event(topic.rsplit("/", 1)[-1], fields, hand_id)
    fields.close()
    if complaints:
        raise SimulatorError("; ".join(complaints))
    return event


def _event(name: str, fields: Fields, hand_id: str) -> Event:
    match name:
        case "press":
            return Press(fields.choice("button", Button.STOP), hand_id)
        case "rain":
            return Rain(fields.flag("on", default=True))
        case "stall":
            return Stall()
        case "jam":
            return Jam(fields.flag("on", default=True))
        case "power_cut":
            return PowerCut()
        case "record":
            return Record()
        case "disconnect":
            return Leave(fields.number("seconds", 1.0, 0, 86_400))
        case _:
            return _of_the_room(name, fields)


def _of_the_room(name: str, fields: Fields) -> Event:
    match name:
        case "temperature":
            value = fields.number("value", 0.0, -60, 85)
            return FixTemperature(None if fields.raw("value") is None else value)
        case "humidity":
            value = fields.number("value", 0.0, 0, 100)
            return FixHumidity(None if fields.raw("value") is None else value)
        case "sound":
            kind, level = fields.raw("kind"), fields.raw("level")
            return Hear(sound_named(kind if level is None else f"{kind}-{level}"))
        case _:
            raise SimulatorError(f"there is no bench topic {name!r}; simulator/README.md lists them")
