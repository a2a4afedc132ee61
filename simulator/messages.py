"""The device's half of the contract: bytes of control and guard → inputs, and what a window says → bytes."""

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from .device.device import Result, State
from .device.inputs import Control, Guard, Unfit
from .device.words import Action, Lock, Source
from .json_text import NotJsonError, parse_json

CONTRACT = 1
MAX_BYTES = 4096  # of a control or a guard
_TOKEN = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
_MAX_REV = 4_294_967_295
_MAX_TS = 100_000_000_000


class UnfitError(ValueError):
    """A field is missing or does not fit."""


def decode_control(payload: bytes) -> Control | Unfit:
    """Read a control message; what does not fit says so, and its command_id where that could be read."""
    try:
        content = _parse(payload)
    except NotJsonError:
        return Unfit("json")
    try:
        return _control(content)
    except UnfitError:
        return Unfit("fields", _readable_id(content))


def decode_guard(payload: bytes) -> Guard | None:
    """Read a guard; None when it does not fit: it then changes nothing."""
    try:
        return _guard(_parse(payload))
    except NotJsonError, UnfitError:
        return None


def encode_state(state: State, ts: float) -> bytes:
    """`window/{id}/state`."""
    return _encode(
        {
            "session": state.session,
            "rev": state.rev,
            "hand_id": state.hand_id,
            "position": _rounded(state.position),
            "target": _rounded(state.target),
            "operation": state.operation,
            "source": state.source,
            "rain": state.rain,
            "obstacle": state.obstacle,
            "fault": state.fault,
            "lock": state.lock,
            "command_id": state.command_id,
            "ts": round(ts, 3),
        }
    )


def encode_result(result: Result, ts: float) -> bytes:
    """`window/{id}/control/result`."""
    return _encode(
        {"command_id": result.command_id, "result": result.verdict, "reason": result.reason, "ts": round(ts, 3)}
    )


def encode_announce(device_id: str, name: str, area: str | None, mac: str, rate: int) -> bytes:
    """`window/{id}/announce`."""
    said = {
        "contract": CONTRACT,
        "device_id": device_id,
        "name": name,
        "model": "Virtual window",
        "sw_version": "1.0.0",
        "hw": "simulator",
        "mac": mac,
        "capabilities": ["position", "temperature", "humidity", "audio", "rain"],
        "audio": {"rate": rate, "format": "pcm_s16le", "framing": "SWA1"},
    }
    return _encode(said if area is None else said | {"suggested_area": area})


def encode_reading(value: float, unit: str, ts: float) -> bytes:
    """`sensor/{id}/temperature` and `sensor/{id}/humidity`; the unit is °C or %."""
    return _encode({"value": round(value, 2), "unit": unit, "ts": round(ts, 3)})


def _encode(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _rounded(position: float | None) -> float | None:
    return None if position is None else round(position, 1)


def _parse(payload: bytes) -> object:
    if len(payload) > MAX_BYTES:
        raise NotJsonError(f"{len(payload)} bytes are more than {MAX_BYTES}")
    return parse_json(payload)


def _control(content: object) -> Control:
    fields = _mapping(content)
    if ("position" in fields) == ("action" in fields):
        raise UnfitError("exactly one of position and action")
    _optional(fields, "confidence", lambda value: _number(value, 0, 1))
    _optional(fields, "model_version", lambda value: _text(value, _LINE))
    _optional(fields, "ts", _ts)
    return Control(
        aim=_percent(fields["position"]) if "position" in fields else _word(fields["action"], Action),
        source=_word(_needed(fields, "source"), Source),
        command_id=_token(_needed(fields, "command_id")),
        session=_optional(fields, "session", _token),
        rev=_optional(fields, "rev", _rev),
    )


def _guard(content: object) -> Guard:
    fields = _mapping(content)
    _optional(fields, "ts", _ts)
    guard = Guard(
        hub=_token(_needed(fields, "hub")),
        machines=_flag(_needed(fields, "machines")),
        min=_percent(_needed(fields, "min")),
        max=_percent(_needed(fields, "max")),
        lock=_word(_needed(fields, "lock"), Lock),
        rain_position=_percent(_needed(fields, "rain_position")),
        microphone=_flag(_needed(fields, "microphone")),
    )
    if guard.min > guard.max:
        raise UnfitError("min is above max")
    return guard


def _readable_id(content: object) -> str | None:
    try:
        return _token(_needed(_mapping(content), "command_id"))
    except UnfitError:
        return None


def _mapping(content: object) -> Mapping[str, object]:
    if not isinstance(content, Mapping):
        raise UnfitError("no object")
    return content


def _needed(fields: Mapping[str, object], name: str) -> object:
    if name not in fields:
        raise UnfitError(f"no {name}")
    return fields[name]


def _optional[T](fields: Mapping[str, object], name: str, read: Callable[[object], T]) -> T | None:
    value = fields.get(name)
    return None if value is None else read(value)


def _number(value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UnfitError(f"{value!r} is no number from {low} to {high}")
    return float(value)


def _percent(value: object) -> float:
    return _number(value, 0, 100)


def _ts(value: object) -> float:
    return _number(value, 0, _MAX_TS)


def _rev(value: object) -> int:
    number = _number(value, 0, _MAX_REV)
    if not number.is_integer():
        raise UnfitError(f"{value!r} is no integer")
    return int(number)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise UnfitError(f"{value!r} is neither true nor false")
    return value


def _text(value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise UnfitError(f"{value!r} does not fit")
    return value


def _token(value: object) -> str:
    return _text(value, _TOKEN)


def _word[E: StrEnum](value: object, words: type[E]) -> E:
    if not isinstance(value, str) or value not in words:
        raise UnfitError(f"{value!r} is none of {', '.join(words)}")
    return words(value)
