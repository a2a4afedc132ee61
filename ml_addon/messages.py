"""This room's half of the contract (contract/asyncapi.yaml): bytes ↔ dataclasses. Pure.

A message that does not fit raises ContractError and nothing else.
"""

import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from .prediction import ErrorCode, Failure, Prediction
from .strict_json import ContractError, Fields, Json, Kind, parse_object
from .wav import MAX_RATE, MIN_RATE, Encoding, RawClip, make_clip, read_wav

T = TypeVar("T")

CONTRACT = 1
MAX_PACKET_BYTES = 1_048_576
MAX_REQUEST_BYTES = 1_000_000
MAX_RESPONSE_BYTES = 65_536

TOKEN = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_NAMED = re.compile(rb'"correlation_id"\s*:\s*"([A-Za-z0-9_.:-]{1,64})"')
_GLIMPSE_BYTES = 2048
LINE = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
_ANY_TEXT = re.compile(r"(?s).*")
_MAX_REV = 2**32 - 1
_MAX_TS = 1e11
_MIN_QUESTION_TS = 1_577_836_800.0  # 2020: before it, a clock was never set, and its hour of the day is made up
MAX_TEXT = 500
TEXT = re.compile(rf"(?s).{{0,{MAX_TEXT}}}")
_FULL_SCALES_DB = (40.0, 180.0)
_LIGHTEST, _HEAVIEST, _WARMEST_K, _MAX_LAYER = 0.25, 4.0, 3.0, 64
_MAX_FEATURES, _FEATURE_BOUND, _LEVEL_BOUND = 256, 1e6, 200.0


@dataclass(frozen=True, slots=True)
class Grant:
    """What Home Assistant's rules allow the model (positions in percent, ttl in seconds from receipt)."""

    act: bool
    low: float
    high: float
    min_confidence: float
    ttl_s: float

    def clamp(self, position: float) -> float:
        """Return the nearest position inside the band."""
        return min(max(position, self.low), self.high)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known besides the window's own readings. Each may be absent."""

    outdoor_temperature: float | None = None
    outdoor_humidity: float | None = None
    wind_speed: float | None = None
    rain: bool | None = None
    hour: float | None = None
    position: float | None = None
    co2: float | None = None
    occupied: bool | None = None
    running_mean: float | None = None
    weekday: int | None = None
    room: str | None = None
    room_volume: float | None = None
    opening_area: float | None = None
    temperature_trend: float | None = None
    humidity_trend: float | None = None
    still_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Taste:
    """What the owner minds. `warmth` shifts comfort, in K; the others are weights: stale air, noise, moves, heat."""

    warmth: float = 0.0
    fresh: float = 1.0
    quiet: float = 1.0
    calm: float = 1.0
    thrift: float = 1.0


@dataclass(frozen=True, slots=True)
class Layer:
    """What was learnt of one window's owner, as feedback.py reads it."""

    schema: str
    version: int
    evidence: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DeviceFeatures:
    """Features made at the window, so that no sound leaves it."""

    schema: str
    values: tuple[float, ...]
    levels: dict[str, float]
    full_scale_db: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A question that carries all that is needed to answer it. Temperature in °C, humidity in %."""

    correlation_id: str
    grant: Grant
    session: str | None = None
    rev: int | None = None
    temperature: float | None = None
    humidity: float | None = None
    audio: RawClip | DeviceFeatures | None = None
    context: Context = Context()
    taste: Taste = Taste()
    layer: Layer | None = None


def decode_request(payload: bytes) -> Request:
    """Return the question in `payload`, or raise ContractError, with its correlation_id where that could be read."""
    if len(payload) > MAX_REQUEST_BYTES:
        raise ContractError(Kind.SIZE, f"{len(payload)} bytes; at most {MAX_REQUEST_BYTES}")
    fields = Fields(document := parse_object(payload))
    try:
        _check_version(fields)
        return _read_request(fields)
    except ContractError as error:
        name = document.get("correlation_id")
        if isinstance(name, str) and TOKEN.fullmatch(name):
            error.correlation_id = name
        raise


def glimpse_correlation_id(payload: bytes) -> str | None:
    """Return the question's name without decoding it, where it stands near the beginning or the end."""
    found = _NAMED.search(payload[:_GLIMPSE_BYTES]) or _NAMED.search(payload[-_GLIMPSE_BYTES:])
    return None if found is None else found[1].decode("ascii")


def _check_version(fields: Fields) -> None:
    version = fields.integer("contract", 1, 1_000_000)
    if version != CONTRACT:
        raise ContractError(Kind.VERSION, f"contract {version}; this service speaks {CONTRACT}")


def _read_request(fields: Fields) -> Request:
    correlation_id = fields.text("correlation_id", TOKEN)
    grant = _read_grant(fields.object("grant"))
    session = fields.text_or_none("session", TOKEN)
    rev = fields.integer("rev", 0, _MAX_REV) if fields.has("rev") else None
    if grant.act and (session is None or rev is None):
        raise ContractError(Kind.FIELDS, "grant.act needs session and rev")
    _part(Kind.CLOCK, lambda: fields.number_or_none("ts", _MIN_QUESTION_TS, _MAX_TS))
    return Request(
        correlation_id=correlation_id,
        grant=grant,
        session=session,
        rev=rev,
        temperature=_part(Kind.TEMPERATURE, lambda: fields.number_or_none("temperature", -60, 85)),
        humidity=_part(Kind.HUMIDITY, lambda: fields.number_or_none("humidity", 0, 100)),
        context=_part(Kind.CONTEXT, lambda: read_context(fields.optional_object("context"))),
        taste=read_taste(fields.object("taste")) if fields.has("taste") else Taste(),
        layer=read_layer(fields.object("layer")) if fields.has("layer") else None,
        audio=read_audio(fields) if fields.has("audio") else None,
    )


def _part(kind: Kind, read: Callable[[], T]) -> T:
    """What does not fit in this part of a request has the part's own kind."""
    try:
        return read()
    except ContractError as error:
        raise ContractError(kind, error.message) from error


def _read_grant(fields: Fields) -> Grant:
    grant = Grant(
        act=fields.boolean("act"),
        low=fields.number("min", 0, 100),
        high=fields.number("max", 0, 100),
        min_confidence=fields.number("min_confidence", 0, 1),
        ttl_s=fields.number("ttl_s", 0.1, 600),
    )
    if grant.low > grant.high:
        raise ContractError(Kind.FIELDS, f"grant.min {grant.low:g} is above grant.max {grant.high:g}")
    return grant


def read_context(fields: Fields) -> Context:
    """Return what else is known."""
    return Context(
        outdoor_temperature=fields.number_or_none("outdoor_temperature", -60, 85),
        outdoor_humidity=fields.number_or_none("outdoor_humidity", 0, 100),
        wind_speed=fields.number_or_none("wind_speed", 0, 120),
        rain=fields.boolean("rain") if fields.has("rain") else None,
        hour=fields.number_or_none("hour", 0, 24),
        position=fields.number_or_none("position", 0, 100),
        co2=fields.number_or_none("co2", 0, 40_000),
        occupied=fields.boolean("occupied") if fields.has("occupied") else None,
        running_mean=fields.number_or_none("running_mean", -60, 60),
        weekday=fields.integer("weekday", 0, 6) if fields.has("weekday") else None,
        room=fields.choice("room", ("bedroom", "living")) if fields.has("room") else None,
        room_volume=fields.number_or_none("room_volume", 1, 10_000),
        opening_area=fields.number_or_none("opening_area", 0.01, 50),
        temperature_trend=fields.number_or_none("temperature_trend", -60, 60),
        humidity_trend=fields.number_or_none("humidity_trend", -200, 200),
        still_hours=fields.number_or_none("still_hours", 0, 10_000),
    )


def read_taste(fields: Fields) -> Taste:
    """Return what the owner minds."""

    def weight(name: str) -> float:
        return fields.number(name, _LIGHTEST, _HEAVIEST) if fields.there(name) else 1.0

    return Taste(
        warmth=fields.number("warmth", -_WARMEST_K, _WARMEST_K) if fields.there("warmth") else 0.0,
        fresh=weight("fresh"),
        quiet=weight("quiet"),
        calm=weight("calm"),
        thrift=weight("thrift"),
    )


def read_layer(fields: Fields) -> Layer:
    """Return what was learnt, unread."""
    return Layer(
        schema=fields.text("schema", TOKEN),
        version=fields.integer("version", 0, 1_000_000_000),
        evidence=fields.number("evidence", 0, 1_000_000),
        values=fields.numbers("values", _MAX_LAYER, 1000),
    )


def read_audio(request: Fields) -> RawClip | DeviceFeatures:
    """Return the clip or the features in `audio`."""
    try:
        fields = request.object("audio")
        return replace(_read_sound(fields), full_scale_db=fields.number_or_none("full_scale_db", *_FULL_SCALES_DB))
    except ContractError as error:
        kind = Kind.AUDIO if error.kind is Kind.FIELDS else error.kind
        raise ContractError(kind, error.message) from error


def _read_sound(fields: Fields) -> RawClip | DeviceFeatures:
    match _part(Kind.AUDIO_FORMAT, lambda: fields.choice("format", ("wav", "pcm_s16le", "features"))):
        case "wav":
            return read_wav(_read_base64(fields))
        case "pcm_s16le":
            rate, channels = fields.integer("sample_rate", MIN_RATE, MAX_RATE), fields.integer("channels", 1, 2)
            return make_clip(Encoding.S16, rate, channels, _read_base64(fields))
        case _:
            return DeviceFeatures(
                schema=fields.text("schema", TOKEN),
                values=fields.numbers("values", _MAX_FEATURES, _FEATURE_BOUND),
                levels=fields.number_map("levels", _LEVEL_BOUND),
            )


def _read_base64(fields: Fields) -> bytes:
    text = fields.text("data", _ANY_TEXT)
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:  # binascii.Error is one, and so is what comes of letters beyond ASCII
        raise ContractError(Kind.AUDIO_BASE64, f"audio.data is not base64: {error}") from error


def code_of(error: ContractError) -> ErrorCode:
    """Return what an answer calls this mistake."""
    if error.kind is Kind.VERSION:
        return ErrorCode.CONTRACT
    return _CODES.get(error.kind.value, ErrorCode.INVALID)


_CODES = {code.value: code for code in ErrorCode}


def encode_answer(correlation_id: str, outcome: Prediction | Failure, *, acted: bool) -> bytes:
    """Return the answer to a question."""
    answer: dict[str, Json] = {
        "contract": CONTRACT,
        "correlation_id": correlation_id,
        "position": None,
        "confidence": None,
        "reasons": [],
        "model_version": None,
        "timings_ms": {},
        "acted": False,
        "error": None,
    }
    match outcome:
        case Failure(code, message):
            answer["error"] = {"code": code.value, "message": message[:MAX_TEXT]}
        case Prediction():
            answer |= {
                "position": outcome.position,
                "confidence": rounded(outcome.confidence),
                "reasons": [{"code": r.code, "effect": rounded(r.effect)} for r in outcome.reasons[:16]],
                "model_version": outcome.model_version,
                "timings_ms": {name: rounded(ms) for name, ms in outcome.timings_ms.items()},
                "acted": acted,
            }
            if outcome.levels:
                answer["levels"] = {name: rounded(level) for name, level in outcome.levels.items()}
            if outcome.features:
                answer["features"] = {name: float(f"{value:.6g}") for name, value in outcome.features.items()}
    return dump(answer)


def encode_control(request: Request, prediction: Prediction, ts: float) -> bytes:
    """Return the command that a granted answer becomes. Its id is the question's."""
    return dump(
        {
            "position": prediction.position,
            "source": "ml",
            "command_id": request.correlation_id,
            "session": request.session,
            "rev": request.rev,
            "confidence": rounded(prediction.confidence),
            "model_version": prediction.model_version,
            "ts": round(ts, 3),
        }
    )


def encode_check(correlation_id: str, ttl_s: float) -> bytes:
    """Return a question that moves nothing: it only wants an answer."""
    grant: Json = {"act": False, "min": 0, "max": 100, "min_confidence": 1, "ttl_s": ttl_s}
    return dump({"contract": CONTRACT, "correlation_id": correlation_id, "temperature": 21, "grant": grant})


def decode_answered(payload: bytes) -> tuple[str, str | None]:
    """Return a response's correlation_id and its error (None: answered). For the health check."""
    fields = open_payload(payload, MAX_RESPONSE_BYTES)
    error = fields.object("error") if fields.has("error") else None
    return fields.text("correlation_id", TOKEN), None if error is None else error.choice("code", tuple(ErrorCode))


def open_payload(payload: bytes, limit: int) -> Fields:
    """Return the fields of a message of this contract, or raise ContractError."""
    if len(payload) > limit:
        raise ContractError(Kind.SIZE, f"{len(payload)} bytes; at most {limit}")
    fields = Fields(parse_object(payload))
    _check_version(fields)
    return fields


def rounded(value: float) -> float:
    """As a number travels: to a thousandth."""
    return round(value, 3)


def dump(document: dict[str, Json]) -> bytes:
    """Return a message as bytes."""
    return json.dumps(document, allow_nan=False, separators=(",", ":")).encode()
