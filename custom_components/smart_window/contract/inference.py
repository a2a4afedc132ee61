"""The question to the model and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .audio import Heard, heard_to_json, read_heard
from .errors import ContractError, ErrorKind
from .fields import (
    CODE,
    Fields,
    Reader,
    boolean,
    code,
    integer,
    line,
    listed,
    named,
    nullable,
    number,
    percent,
    rev,
    short_text,
    token,
    word,
)
from .payload import CONTRACT, OtherContract, check_contract, parse_json
from .words import AnswerError, RoomUse

_celsius = number(-60, 85)
_asked_at = nullable(number(1_577_836_800, 100_000_000_000))
"""Unix seconds. A clock that tells a year before 2020 was never set, and its hour of the day is made up."""
_weight = number(0.25, 4)


@dataclass(frozen=True, slots=True)
class Grant:
    """What the model may do: act at all, the band (percent), the confidence needed (0–1), and for how long (s)."""

    act: bool
    min: float
    max: float
    min_confidence: float
    ttl_s: float

    def to_json(self) -> Mapping[str, object]:
        """The grant as a JSON object."""
        return {
            "act": self.act,
            "min": self.min,
            "max": self.max,
            "min_confidence": self.min_confidence,
            "ttl_s": self.ttl_s,
        }


@dataclass(frozen=True, slots=True)
class Context:
    """What else is known: °C, %, m/s, hour of the home's local day (0–24), position in percent. None: not known."""

    outdoor_temperature: float | None = None
    outdoor_humidity: float | None = None
    wind_speed: float | None = None
    rain: bool | None = None
    hour: float | None = None
    position: float | None = None
    co2: float | None = None
    """ppm."""
    occupied: bool | None = None
    running_mean: float | None = None
    """°C outdoors, over the last days."""
    weekday: int | None = None
    """0 Monday … 6 Sunday."""
    room: RoomUse | None = None
    room_volume: float | None = None
    """m³."""
    opening_area: float | None = None
    """m² when wide open."""
    temperature_trend: float | None = None
    """K/h in the room, over the last half hour."""
    humidity_trend: float | None = None
    """%/h, the same."""
    still_hours: float | None = None
    """Since the window last moved."""

    def to_json(self) -> Mapping[str, object]:
        """The context as a JSON object; what is None is left out."""
        every = {
            "outdoor_temperature": self.outdoor_temperature,
            "outdoor_humidity": self.outdoor_humidity,
            "wind_speed": self.wind_speed,
            "rain": self.rain,
            "hour": self.hour,
            "position": self.position,
            "co2": self.co2,
            "occupied": self.occupied,
            "running_mean": self.running_mean,
            "weekday": self.weekday,
            "room": self.room,
            "room_volume": self.room_volume,
            "opening_area": self.opening_area,
            "temperature_trend": self.temperature_trend,
            "humidity_trend": self.humidity_trend,
            "still_hours": self.still_hours,
        }
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Taste:
    """What the owner minds. `warmth` shifts comfort, in K; the others multiply what a thing counts, 1 is as usual."""

    warmth: float = 0.0
    fresh: float = 1.0
    quiet: float = 1.0
    calm: float = 1.0
    thrift: float = 1.0

    def to_json(self) -> Mapping[str, object]:
        """The taste as a JSON object; what is as usual is left out."""
        every = {
            "warmth": (self.warmth, 0.0),
            "fresh": (self.fresh, 1.0),
            "quiet": (self.quiet, 1.0),
            "calm": (self.calm, 1.0),
            "thrift": (self.thrift, 1.0),
        }
        return {name: value for name, (value, usual) in every.items() if value != usual}


@dataclass(frozen=True, slots=True)
class Layer:
    """What a service learnt of one window's owner. Only the service reads its values."""

    schema: str
    version: int
    evidence: float
    values: tuple[float, ...]

    def to_json(self) -> Mapping[str, object]:
        """The layer as a JSON object."""
        return {
            "schema": self.schema,
            "version": self.version,
            "evidence": self.evidence,
            "values": list(self.values),
        }


@dataclass(frozen=True, slots=True)
class Request:
    """A question that carries all that is needed to answer it. °C and percent."""

    correlation_id: str
    grant: Grant
    session: str | None = None
    rev: int | None = None
    temperature: float | None = None
    humidity: float | None = None
    audio: Heard | None = None
    context: Context = field(default_factory=Context)
    ts: float | None = None
    taste: Taste = field(default_factory=Taste)
    layer: Layer | None = None

    def to_json(self) -> Mapping[str, object]:
        """The message as a JSON object; what is None is left out."""
        every = {
            "contract": CONTRACT,
            "correlation_id": self.correlation_id,
            "session": self.session,
            "rev": self.rev,
            "temperature": self.temperature,
            "humidity": self.humidity,
            "audio": None if self.audio is None else heard_to_json(self.audio),
            "context": self.context.to_json(),
            "taste": self.taste.to_json() or None,
            "layer": None if self.layer is None else self.layer.to_json(),
            "grant": self.grant.to_json(),
            "ts": self.ts,
        }
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that spoke for the position; `effect` in points of position, positive opens."""

    code: str
    effect: float


@dataclass(frozen=True, slots=True)
class ResponseError:
    """Why there is no prediction."""

    code: AnswerError
    message: str


@dataclass(frozen=True, slots=True)
class Response:
    """The answer. `acted`: the service commanded the window.

    Without `error` there are a position (percent), a confidence (0–1) and a model_version; with one, `acted` is False.
    """

    correlation_id: str
    position: float | None
    confidence: float | None
    reasons: tuple[Reason, ...]
    model_version: str | None
    timings_ms: Mapping[str, float]
    acted: bool
    error: ResponseError | None
    features: Mapping[str, float] = field(default_factory=dict)


def decode_request(payload: bytes) -> Request | OtherContract:
    """The question in the payload. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "request")
    if (other := check_contract(fields)) is not None:
        return other
    taste = fields.may("taste", nullable(read_taste))
    request = Request(
        correlation_id=fields.need("correlation_id", token),
        grant=fields.need("grant", _grant),
        session=fields.may("session", nullable(token)),
        rev=fields.may("rev", nullable(rev)),
        temperature=fields.may("temperature", nullable(_celsius)),
        humidity=fields.may("humidity", nullable(percent)),
        audio=fields.may("audio", nullable(read_heard)),
        context=fields.may("context", read_context) or Context(),
        taste=Taste() if taste is None else taste,
        layer=fields.may("layer", nullable(read_layer)),
        ts=fields.may("ts", _asked_at),
    )
    if request.grant.act and (request.session is None or request.rev is None):
        raise ContractError(ErrorKind.MISSING, "request.grant.act is true without session and rev")
    return request


def decode_response(payload: bytes) -> Response | OtherContract:
    """The answer in the payload. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "response")
    if (other := check_contract(fields)) is not None:
        return other
    response = Response(
        correlation_id=fields.need("correlation_id", token),
        position=fields.need("position", nullable(percent)),
        confidence=fields.need("confidence", nullable(number(0, 1))),
        reasons=fields.need("reasons", listed(_reason, 0, 16)),
        model_version=fields.need("model_version", nullable(line)),
        timings_ms=fields.need("timings_ms", named(number(0, 3_600_000), 16, CODE)),
        acted=fields.need("acted", boolean),
        error=fields.need("error", nullable(read_error)),
        features=fields.may("features", named(number(-1_000_000, 1_000_000), 256)) or {},
    )
    answered = (response.position, response.confidence)
    if response.error is None and None in (*answered, response.model_version):
        raise ContractError(ErrorKind.MISSING, "response has no error, but no position, confidence or model_version")
    if response.error is not None and (response.acted or answered != (None, None)):
        raise ContractError(ErrorKind.FORMAT, "response has an error, yet a position or confidence, or it acted")
    return response


def _grant(value: object, where: str) -> Grant:
    fields = Fields.of(value, where)
    grant = Grant(
        act=fields.need("act", boolean),
        min=fields.need("min", percent),
        max=fields.need("max", percent),
        min_confidence=fields.need("min_confidence", number(0, 1)),
        ttl_s=fields.need("ttl_s", number(0.1, 600)),
    )
    if grant.min > grant.max:
        raise ContractError(ErrorKind.RANGE, f"{where}.min is {grant.min:g}, above {where}.max, {grant.max:g}")
    return grant


def read_context(value: object, where: str) -> Context:
    """What else is known, in a message. ContractError when it does not fit."""
    fields = Fields.of(value, where)
    return Context(
        outdoor_temperature=fields.may("outdoor_temperature", nullable(_celsius)),
        outdoor_humidity=fields.may("outdoor_humidity", nullable(percent)),
        wind_speed=fields.may("wind_speed", nullable(number(0, 120))),
        rain=fields.may("rain", nullable(boolean)),
        hour=fields.may("hour", nullable(number(0, 24))),
        position=fields.may("position", nullable(percent)),
        co2=fields.may("co2", nullable(number(0, 40_000))),
        occupied=fields.may("occupied", nullable(boolean)),
        running_mean=fields.may("running_mean", nullable(number(-60, 60))),
        weekday=fields.may("weekday", nullable(integer(0, 6))),
        room=fields.may("room", nullable(word(RoomUse))),
        room_volume=fields.may("room_volume", nullable(number(1, 10_000))),
        opening_area=fields.may("opening_area", nullable(number(0.01, 50))),
        temperature_trend=fields.may("temperature_trend", nullable(number(-60, 60))),
        humidity_trend=fields.may("humidity_trend", nullable(number(-200, 200))),
        still_hours=fields.may("still_hours", nullable(number(0, 10_000))),
    )


def read_taste(value: object, where: str) -> Taste:
    """A taste in a message. ContractError when it does not fit."""
    fields = Fields.of(value, where)
    usual = Taste()

    def read(name: str, reader: Reader[float], default: float) -> float:
        found = fields.may(name, reader)
        return default if found is None else found

    return Taste(
        warmth=read("warmth", number(-3, 3), usual.warmth),
        fresh=read("fresh", _weight, usual.fresh),
        quiet=read("quiet", _weight, usual.quiet),
        calm=read("calm", _weight, usual.calm),
        thrift=read("thrift", _weight, usual.thrift),
    )


def read_layer(value: object, where: str) -> Layer:
    """A layer in a message. ContractError when it does not fit."""
    fields = Fields.of(value, where)
    return Layer(
        schema=fields.need("schema", token),
        version=fields.need("version", integer(0, 1_000_000_000)),
        evidence=fields.need("evidence", number(0, 1_000_000)),
        values=fields.need("values", listed(number(-1000, 1000), 1, 64)),
    )


def _reason(value: object, where: str) -> Reason:
    fields = Fields.of(value, where)
    return Reason(code=fields.need("code", code), effect=fields.need("effect", number(-100, 100)))


def read_error(value: object, where: str) -> ResponseError:
    """An error in a message. ContractError when it does not fit."""
    fields = Fields.of(value, where)
    return ResponseError(code=fields.need("code", word(AnswerError)), message=fields.need("message", short_text(500)))
