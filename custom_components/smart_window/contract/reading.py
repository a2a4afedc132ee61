"""One temperature or humidity value."""

import re
from dataclasses import dataclass

from .errors import ContractError, ErrorKind, shown
from .fields import Fields, constant, number, percent, timestamp
from .payload import parse_json

LOWEST_CELSIUS, HIGHEST_CELSIUS = -60.0, 85.0

# Made once: a reading comes every other second from each window.
_celsius = number(LOWEST_CELSIUS, HIGHEST_CELSIUS)
_any_degrees = number(-100, 400)
_percent_sign = constant("%")

# What a window sends, in any spacing that a writer of JSON uses. Within it the numbers are JSON's and in their ranges
# but for the value's own; all else takes the long way, which ends in the same.
_USUAL = re.compile(
    rb'\{"value": ?(-?(?:0|[1-9][0-9]?)(?:\.[0-9]{1,9})?)'
    rb'(?:, ?"unit": ?"(%|\xc2\xb0C|\\u00b0C)")?'
    rb'(?:, ?"ts": ?((?:0|[1-9][0-9]{0,10})(?:\.[0-9]{1,9})?|null))?\}'
)
_PERCENT_OR_NONE = (b"%", None)


@dataclass(frozen=True, slots=True)
class Temperature:
    """A reading in °C, whatever unit it came in. `ts`: Unix seconds by the window's clock, for the trace alone."""

    celsius: float
    ts: float | None = None


@dataclass(frozen=True, slots=True)
class Humidity:
    """A reading of relative humidity in %."""

    percent: float
    ts: float | None = None


def decode_temperature(payload: bytes) -> Temperature:
    """The reading in the payload, converted to °C. ContractError when it does not fit."""
    usual = _USUAL.fullmatch(payload)
    if usual is not None and usual[2] != b"%" and LOWEST_CELSIUS <= (read := float(usual[1])) <= HIGHEST_CELSIUS:
        return Temperature(read, _ts(usual[3]))
    value = parse_json(payload)
    if not isinstance(value, dict):
        return Temperature(_celsius(value, "temperature"))
    fields = Fields.of(value, "temperature")
    celsius = _to_celsius(fields.need("value", _any_degrees), fields.may("unit", _unit))
    return Temperature(celsius=_celsius(celsius, "temperature in °C"), ts=fields.may("ts", timestamp))


def decode_humidity(payload: bytes) -> Humidity:
    """The reading in the payload. ContractError when it does not fit."""
    usual = _USUAL.fullmatch(payload)
    if usual is not None and usual[2] in _PERCENT_OR_NONE and (read := float(usual[1])) >= 0:
        return Humidity(read, _ts(usual[3]))
    value = parse_json(payload)
    if not isinstance(value, dict):
        return Humidity(percent(value, "humidity"))
    fields = Fields.of(value, "humidity")
    fields.may("unit", _percent_sign)
    return Humidity(percent=fields.need("value", percent), ts=fields.may("ts", timestamp))


def _ts(found: bytes | None) -> float | None:
    return None if found is None or found == b"null" else float(found)


def _unit(value: object, where: str) -> str:
    match value:
        case "°C" | "°F" | "K":
            return str(value)
        case str():
            raise ContractError(ErrorKind.FORMAT, f"{where} is {shown(value)}, expected °C, °F or K")
        case _:
            raise ContractError(ErrorKind.TYPE, f"{where} is {shown(value)}, expected a string")


def _to_celsius(value: float, unit: str | None) -> float:
    match unit:
        case "°F":
            return (value - 32) / 1.8
        case "K":
            return value - 273.15
        case _:
            return value
