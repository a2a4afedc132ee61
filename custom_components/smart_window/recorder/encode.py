"""A row → the values of its columns, in their order, and what did not fit. Pure."""

from typing import NamedTuple

from .fit import A_NUMBER, LARGEST, LATEST, LONGEST_TEXT, Fitting
from .rows import (
    ActionRow,
    AudioRow,
    ConfigurationRow,
    CorrectionRow,
    DecisionRow,
    DeviceRow,
    HealthRow,
    HoldRow,
    HumidityRow,
    PredictionRow,
    ReplayRow,
    Row,
    TemperatureRow,
    TraceStep,
)
from .tables import (
    CORRECTIONS,
    DECISIONS,
    DEVICE_REGISTRY,
    HEALTH,
    HOLDS,
    ML_PREDICTIONS,
    REPLAYS,
    SENSOR_AUDIO,
    SENSOR_HUMIDITY,
    SENSOR_TEMPERATURE,
    WINDOW_ACTIONS,
    WINDOW_CONFIGURATION,
    Table,
)

type Value = (
    str | float | bool | list[str] | list[tuple[str, float]] | list[tuple[str, str, str, str]] | dict[str, float] | None
)
type Values = tuple[Value, ...]

_MOST_STEPS = 64  # there are some twenty rules
_NO_FAULTS: list[str] = []


class InvalidRowError(ValueError):
    """A row without a time or a device that can be stored. The message names the column and what was expected."""

    def __init__(self, column: str, expected: str) -> None:
        """Name the column and what it holds."""
        super().__init__(f"{column}: expected {expected}")
        self.column = column


class Encoded(NamedTuple):
    """A row's table and its values in the order of the table's columns; times are milliseconds."""

    table: Table
    values: Values
    faults: list[str]


def encode(row: Row) -> Encoded:
    """Encode a row. Raises InvalidRowError."""
    if not 0 <= row.ts < LATEST:  # also false for NaN
        raise InvalidRowError("ts", "Unix seconds before the year 2100")
    ts, device_id = round(row.ts * 1000), row.device_id
    if not device_id or len(device_id) > LONGEST_TEXT or not (device_id.isascii() or _is_utf8(device_id)):
        raise InvalidRowError("device_id", "an id without lone surrogates")
    match row:
        case TemperatureRow() | HumidityRow():
            # By far the most rows: without a detour.
            table = SENSOR_TEMPERATURE if type(row) is TemperatureRow else SENSOR_HUMIDITY
            value = row.value
            if -LARGEST <= value <= LARGEST:
                return Encoded(table, (ts, device_id, float(value)), _NO_FAULTS)
            return Encoded(table, (ts, device_id, None), [f"value: expected {A_NUMBER}"])
        case _:
            fit = Fitting()
            table, values = _encode(row, fit)
            return Encoded(table, (ts, device_id, *values), fit.faults)


type _Rare = (
    AudioRow
    | ActionRow
    | DeviceRow
    | PredictionRow
    | DecisionRow
    | CorrectionRow
    | HealthRow
    | ConfigurationRow
    | HoldRow
    | ReplayRow
)


def _encode(row: _Rare, fit: Fitting) -> tuple[Table, Values]:  # noqa: PLR0911  # one per table
    match row:
        case AudioRow():
            return SENSOR_AUDIO, _audio(row, fit)
        case ActionRow():
            return WINDOW_ACTIONS, _action(row, fit)
        case DeviceRow():
            return DEVICE_REGISTRY, _device(row, fit)
        case PredictionRow():
            return ML_PREDICTIONS, _prediction(row, fit)
        case DecisionRow():
            return DECISIONS, _decision(row, fit)
        case CorrectionRow():
            return CORRECTIONS, _correction(row, fit)
        case HealthRow():
            return HEALTH, _health(row, fit)
        case ConfigurationRow():
            return WINDOW_CONFIGURATION, _configuration(row, fit)
        case HoldRow():
            return HOLDS, _hold(row, fit)
        case ReplayRow():
            return REPLAYS, _replay(row, fit)


def _audio(row: AudioRow, fit: Fitting) -> Values:
    return (
        fit.count("clip_id", row.clip_id),
        fit.number("duration_s", row.duration_s),
        fit.count("sample_rate", row.sample_rate),
        fit.number("level_dbfs", row.level_dbfs),
        fit.numbers("levels", row.levels),
        fit.numbers("features", row.features),
        fit.label("feature_schema", row.feature_schema),
        row.heard_by.value,
        fit.label("correlation_id", row.correlation_id),
    )


def _action(row: ActionRow, fit: Fitting) -> Values:
    return (
        row.kind.value,
        fit.label("source", row.source),
        fit.label("command_id", row.command_id),
        fit.label("correlation_id", row.correlation_id),
        fit.number("position_from", row.position_from),
        fit.number("position_to", row.position_to),
        fit.label("action", row.action),
        fit.label("result", row.result),
        fit.label("reason", row.reason),
        fit.number("confidence", row.confidence),
        fit.label("model_version", row.model_version),
        fit.label("session", row.session),
        fit.count("rev", row.rev),
    )


def _device(row: DeviceRow, fit: Fitting) -> Values:
    return (
        fit.text("name", row.name),
        fit.label("model", row.model),
        fit.label("sw_version", row.sw_version),
        fit.label("hw", row.hw),
        fit.label("area", row.area),
        fit.texts("capabilities", row.capabilities),
        fit.text("configuration", row.configuration),
        fit.time("last_seen", row.last_seen),
        fit.label("mode", row.mode),
    )


def _prediction(row: PredictionRow, fit: Fitting) -> Values:
    return (
        fit.text("correlation_id", row.correlation_id),
        fit.number("position", row.position),
        fit.number("confidence", row.confidence),
        fit.effects("reasons", row.reasons),
        fit.label("model_version", row.model_version),
        row.acted,
        fit.label("error", row.error),
        fit.label("error_message", row.error_message),
        row.grant_act,
        fit.number("grant_min", row.grant_min),
        fit.number("grant_max", row.grant_max),
        fit.number("grant_min_confidence", row.grant_min_confidence),
        fit.number("temperature", row.temperature),
        fit.number("humidity", row.humidity),
        fit.numbers("context", row.context),
        fit.numbers("timings_ms", row.timings_ms),
        fit.number("latency_ms", row.latency_ms),
        fit.label("decision", row.decision),
        fit.label("cause", row.cause),
        fit.time("temperature_ts", row.temperature_ts),
        fit.time("humidity_ts", row.humidity_ts),
        fit.time("audio_ts", row.audio_ts),
        fit.text("request", row.request),
    )


def _decision(row: DecisionRow, fit: Fitting) -> Values:
    return (
        fit.label("correlation_id", row.correlation_id),
        fit.text("why", row.why),
        row.ask,
        row.grant_act,
        fit.number("grant_min", row.grant_min),
        fit.number("grant_max", row.grant_max),
        fit.number("grant_min_confidence", row.grant_min_confidence),
        row.machines,
        fit.number("position", row.position),
        fit.number("temperature", row.temperature),
        fit.number("humidity", row.humidity),
        fit.number("level_dbfs", row.level_dbfs),
        fit.number("hold_left_s", row.hold_left_s),
        [_step(step, fit) for step in row.trace[:_MOST_STEPS]],
        fit.label("told", row.told),
        fit.label("mode", row.mode),
        fit.number("command_position", row.command_position),
        fit.label("command_source", row.command_source),
        fit.number("suggestion_position", row.suggestion_position),
        fit.text("snapshot", row.snapshot),
    )


def _step(step: TraceStep, fit: Fitting) -> tuple[str, str, str, str]:
    return (
        fit.text("trace", step.rule),
        fit.text("trace", step.outcome),
        fit.text("trace", step.why),
        fit.text("trace", step.facts),
    )


def _correction(row: CorrectionRow, fit: Fitting) -> Values:
    return (
        fit.label("correlation_id", row.correlation_id),
        fit.number("position_model", row.position_model),
        fit.number("position_owner", row.position_owner),
        fit.number("after_s", row.after_s),
        fit.number("confidence", row.confidence),
        fit.label("model_version", row.model_version),
        row.learned,
        fit.label("detail", row.detail),
        fit.text("request", row.request),
        row.kind.value,
    )


def _health(row: HealthRow, fit: Fitting) -> Values:
    return (
        row.kind.value,
        fit.text("state", row.state),
        fit.texts("reasons", row.reasons),
        fit.number("latency_ms", row.latency_ms),
        fit.number("rssi_dbm", row.rssi_dbm),
        fit.number("clock_drift_s", row.clock_drift_s),
        fit.time("last_seen", row.last_seen),
        fit.numbers("metrics", row.metrics),
    )


def _configuration(row: ConfigurationRow, fit: Fitting) -> Values:
    return (
        fit.text("setting", row.setting),
        fit.text("value", row.value),
        fit.label("value_before", row.value_before),
        fit.label("source", row.source),
    )


def _hold(row: HoldRow, fit: Fitting) -> Values:
    return (fit.text("cause", row.cause), fit.time("ends", row.ends), fit.time("ended", row.ended))


def _replay(row: ReplayRow, fit: Fitting) -> Values:
    return (
        fit.text("replay_id", row.replay_id),
        fit.time("replayed_at", row.replayed_at) or 0,
        fit.text("correlation_id", row.correlation_id),
        fit.number("position_then", row.position_then),
        fit.number("position_now", row.position_now),
        fit.number("confidence_then", row.confidence_then),
        fit.number("confidence_now", row.confidence_now),
        fit.label("model_then", row.model_then),
        fit.label("model_now", row.model_now),
        fit.text("why_then", row.why_then),
        fit.text("why_now", row.why_now),
        fit.number("moves_then", row.moves_then),
        fit.number("moves_now", row.moves_now),
        row.differs,
        fit.label("error", row.error),
    )


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
