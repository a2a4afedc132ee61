"""Bytes to a JSON value and back, with the bounds that every decoder shares."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from .errors import ContractError, ErrorKind, shown
from .fields import Fields, integer
from .words import MessageKind

CONTRACT = 1
"""The major version of contract/asyncapi.yaml that this room speaks."""

MAX_DEPTH = 32

MAX_BYTES: Mapping[MessageKind, int] = {
    MessageKind.ANNOUNCE: 8192,
    MessageKind.AVAILABILITY: 16,
    MessageKind.TEMPERATURE: 1024,
    MessageKind.HUMIDITY: 1024,
    MessageKind.AUDIO: 1_000_000,
    MessageKind.STATE: 4096,
    MessageKind.GUARD: 4096,
    MessageKind.CONTROL: 4096,
    MessageKind.CONTROL_RESULT: 4096,
    MessageKind.REQUEST: 1_000_000,
    MessageKind.RESPONSE: 65536,
    MessageKind.FEEDBACK: 65536,
    MessageKind.FEEDBACK_RESULT: 65536,
    MessageKind.MODELS: 4096,
    MessageKind.MODELS_RESULT: 4096,
    MessageKind.STATUS: 65536,
}
"""`x-max-bytes` of the contract: what is larger is refused before it is decoded."""

# A double ends at 1.8e308. The length is asked before the value: a long literal costs quadratic time.
_MOST_DIGITS = 310

# Possessive, and an unterminated string ends with the payload: linear in time whatever comes.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class OtherContract:
    """Not a broken message, but one of another contract's version. Nothing else of it was read."""

    version: int


def parse_json(payload: bytes) -> object:
    """The JSON value in the payload, or ContractError."""
    try:
        source = payload.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContractError(ErrorKind.ENCODING, f"byte {error.start} is not UTF-8") from error
    _check_depth(source)
    try:
        value: object = _DECODER.decode(source)
    except json.JSONDecodeError as error:
        raise ContractError(ErrorKind.JSON, f"{error.msg} at character {error.pos}") from error
    if "\\u" in source:
        _check_surrogates(value)
    return value


def check_contract(fields: Fields) -> OtherContract | None:
    """None for our own version, else the other one's."""
    version = fields.need("contract", integer(1, 1_000_000))
    return None if version == CONTRACT else OtherContract(version)


def write_json(value: Mapping[str, object]) -> bytes:
    """Compact JSON in UTF-8. ValueError for NaN: our own numbers are finite."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def _check_depth(source: str) -> None:
    if source.count("[") + source.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", source)):
        depth += 1 if bracket.group() in "[{" else -1
        if depth > MAX_DEPTH:
            raise ContractError(ErrorKind.JSON, f"nesting is deeper than {MAX_DEPTH}")


def _check_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ContractError(ErrorKind.ENCODING, "a string holds a lone surrogate") from error


def _float(literal: str) -> float:
    value = float(literal)
    if math.isinf(value):
        raise ContractError(ErrorKind.JSON, f"{shown(literal)} is beyond a double")
    return value


def _int(literal: str) -> int:
    if len(literal) > _MOST_DIGITS:
        raise ContractError(ErrorKind.JSON, f"an integer of {len(literal)} digits is beyond a double")
    value = int(literal)
    if not -(2**1024) < value < 2**1024:
        raise ContractError(ErrorKind.JSON, f"an integer of {len(literal)} digits is beyond a double")
    return value


def _constant(literal: str) -> NoReturn:
    raise ContractError(ErrorKind.JSON, f"{literal} is no JSON number")


_DECODER = json.JSONDecoder(parse_float=_float, parse_int=_int, parse_constant=_constant)
"""Made once: json.loads would make one for each message."""
