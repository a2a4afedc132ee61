"""The tables as the writer fills them: names and types of the columns, in the order in which a row's values come. Pure.

The migrations make them; `schema.py` compares the two at each start.
"""

from dataclasses import dataclass

_TS = ("ts", "DateTime64(3, 'UTC')")
_DEVICE_ID = ("device_id", "LowCardinality(String)")
_NAME = "LowCardinality(String)"
_LABEL = "LowCardinality(Nullable(String))"
_MOMENT = "Nullable(DateTime64(3, 'UTC'))"
_READING = (_TS, _DEVICE_ID, ("value", "Nullable(Float32)"))


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name and (column, type) pairs."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [name for name, _ in self.columns]

    @property
    def types(self) -> list[str]:
        """The columns' types, so that the client need not ask for them at each insert."""
        return [kind for _, kind in self.columns]


SENSOR_TEMPERATURE = Table("sensor_temperature", _READING)
SENSOR_HUMIDITY = Table("sensor_humidity", _READING)
SENSOR_AUDIO = Table(
    "sensor_audio",
    (
        _TS,
        _DEVICE_ID,
        ("clip_id", "Nullable(UInt32)"),
        ("duration_s", "Nullable(Float32)"),
        ("sample_rate", "Nullable(UInt32)"),
        ("level_dbfs", "Nullable(Float32)"),
        ("levels", "Map(LowCardinality(String), Float32)"),
        ("features", "Map(LowCardinality(String), Float32)"),
        ("feature_schema", _LABEL),
        ("heard_by", "Enum8('home' = 1, 'window' = 2, 'service' = 3)"),
        ("correlation_id", "Nullable(String)"),
    ),
)
WINDOW_ACTIONS = Table(
    "window_actions",
    (
        _TS,
        _DEVICE_ID,
        ("kind", "Enum8('command' = 1, 'result' = 2, 'moved' = 3, 'hand' = 4)"),
        ("source", _LABEL),
        ("command_id", "Nullable(String)"),
        ("correlation_id", "Nullable(String)"),
        ("position_from", "Nullable(Float64)"),
        ("position_to", "Nullable(Float64)"),
        ("action", _LABEL),
        ("result", _LABEL),
        ("reason", _LABEL),
        ("confidence", "Nullable(Float64)"),
        ("model_version", _LABEL),
        ("session", "Nullable(String)"),
        ("rev", "Nullable(UInt32)"),
    ),
)
DEVICE_REGISTRY = Table(
    "device_registry",
    (
        _TS,
        _DEVICE_ID,
        ("name", "String"),
        ("model", _LABEL),
        ("sw_version", _LABEL),
        ("hw", _LABEL),
        ("area", _LABEL),
        ("capabilities", "Array(LowCardinality(String))"),
        ("configuration", "String"),
        ("last_seen", _MOMENT),
        ("mode", _LABEL),
    ),
)
ML_PREDICTIONS = Table(
    "ml_predictions",
    (
        _TS,
        _DEVICE_ID,
        ("correlation_id", "String"),
        ("position", "Nullable(Float64)"),
        ("confidence", "Nullable(Float64)"),
        ("reasons", "Array(Tuple(code LowCardinality(String), effect Float32))"),
        ("model_version", _LABEL),
        ("acted", "Bool"),
        ("error", _LABEL),
        ("error_message", "Nullable(String)"),
        ("grant_act", "Bool"),
        ("grant_min", "Nullable(Float64)"),
        ("grant_max", "Nullable(Float64)"),
        ("grant_min_confidence", "Nullable(Float64)"),
        ("temperature", "Nullable(Float64)"),
        ("humidity", "Nullable(Float64)"),
        ("context", "Map(LowCardinality(String), Float64)"),
        ("timings_ms", "Map(LowCardinality(String), Float32)"),
        ("latency_ms", "Nullable(Float32)"),
        ("decision", _LABEL),
        ("cause", _LABEL),
        ("temperature_ts", _MOMENT),
        ("humidity_ts", _MOMENT),
        ("audio_ts", _MOMENT),
        ("request", "String"),
    ),
)
DECISIONS = Table(
    "decisions",
    (
        _TS,
        _DEVICE_ID,
        ("correlation_id", "Nullable(String)"),
        ("why", _NAME),
        ("ask", "Bool"),
        ("grant_act", "Bool"),
        ("grant_min", "Nullable(Float64)"),
        ("grant_max", "Nullable(Float64)"),
        ("grant_min_confidence", "Nullable(Float64)"),
        ("machines", "Nullable(Bool)"),
        ("position", "Nullable(Float64)"),
        ("temperature", "Nullable(Float64)"),
        ("humidity", "Nullable(Float64)"),
        ("level_dbfs", "Nullable(Float64)"),
        ("hold_left_s", "Nullable(Float64)"),
        ("trace", f"Array(Tuple(rule {_NAME}, outcome {_NAME}, why {_NAME}, facts String))"),
        ("told", _LABEL),
        ("mode", _LABEL),
        ("command_position", "Nullable(Float64)"),
        ("command_source", _LABEL),
        ("suggestion_position", "Nullable(Float64)"),
        ("snapshot", "String"),
    ),
)
CORRECTIONS = Table(
    "corrections",
    (
        _TS,
        _DEVICE_ID,
        ("correlation_id", "Nullable(String)"),
        ("position_model", "Nullable(Float64)"),
        ("position_owner", "Nullable(Float64)"),
        ("after_s", "Nullable(Float64)"),
        ("confidence", "Nullable(Float64)"),
        ("model_version", _LABEL),
        ("learned", "Nullable(Bool)"),
        ("detail", "Nullable(String)"),
        ("request", "String"),
        ("kind", _NAME),
    ),
)
HEALTH = Table(
    "health",
    (
        _TS,
        _DEVICE_ID,
        ("kind", "Enum8('window' = 1, 'broker' = 2, 'database' = 3, 'service' = 4, 'home' = 5)"),
        ("state", _NAME),
        ("reasons", "Array(LowCardinality(String))"),
        ("latency_ms", "Nullable(Float32)"),
        ("rssi_dbm", "Nullable(Float32)"),
        ("clock_drift_s", "Nullable(Float32)"),
        ("last_seen", _MOMENT),
        ("metrics", "Map(LowCardinality(String), Float64)"),
    ),
)
WINDOW_CONFIGURATION = Table(
    "window_configuration",
    (
        _TS,
        _DEVICE_ID,
        ("setting", _NAME),
        ("value", "String"),
        ("value_before", "Nullable(String)"),
        ("source", _LABEL),
    ),
)
HOLDS = Table("holds", (_TS, _DEVICE_ID, ("cause", _NAME), ("ends", _MOMENT), ("ended", _MOMENT)))
REPLAYS = Table(
    "replays",
    (
        _TS,
        _DEVICE_ID,
        ("replay_id", _NAME),
        ("replayed_at", "DateTime64(3, 'UTC')"),
        ("correlation_id", "String"),
        ("position_then", "Nullable(Float64)"),
        ("position_now", "Nullable(Float64)"),
        ("confidence_then", "Nullable(Float64)"),
        ("confidence_now", "Nullable(Float64)"),
        ("model_then", _LABEL),
        ("model_now", _LABEL),
        ("why_then", _NAME),
        ("why_now", _NAME),
        ("moves_then", "Nullable(Float64)"),
        ("moves_now", "Nullable(Float64)"),
        ("differs", "Bool"),
        ("error", _LABEL),
    ),
)

TABLES = {
    table.name: table
    for table in (
        SENSOR_TEMPERATURE,
        SENSOR_HUMIDITY,
        SENSOR_AUDIO,
        WINDOW_ACTIONS,
        DEVICE_REGISTRY,
        ML_PREDICTIONS,
        DECISIONS,
        CORRECTIONS,
        HEALTH,
        WINDOW_CONFIGURATION,
        HOLDS,
        REPLAYS,
    )
}

# What may be thinned when there is no room for all: the next row says nearly the same.
READINGS = frozenset({SENSOR_TEMPERATURE.name, SENSOR_HUMIDITY.name, SENSOR_AUDIO.name, HEALTH.name})
