-- The first tables of the record. Codecs as measured: Gorilla and FPC make rounded sensor values twice as big as ZSTD.
-- The deduplication window lets a batch be sent again under its token without being stored twice.

CREATE TABLE IF NOT EXISTS sensor_temperature
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    value Float32 COMMENT '°C' CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS sensor_humidity
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    value Float32 COMMENT '% relative humidity' CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS sensor_audio
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    clip_id Nullable(UInt32) CODEC(ZSTD(1)),
    duration_s Nullable(Float32) CODEC(ZSTD(1)),
    sample_rate Nullable(UInt32) COMMENT 'Hz' CODEC(ZSTD(1)),
    level_dbfs Nullable(Float32) COMMENT 'dB re full scale' CODEC(ZSTD(1)),
    levels Map(LowCardinality(String), Float32) CODEC(ZSTD(1)),
    features Map(LowCardinality(String), Float32) CODEC(ZSTD(1)),
    feature_schema LowCardinality(Nullable(String)),
    heard_by Enum8('home' = 1, 'window' = 2, 'service' = 3)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS window_actions
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    kind Enum8('command' = 1, 'result' = 2, 'moved' = 3, 'hand' = 4),
    source LowCardinality(Nullable(String)),
    command_id Nullable(String) CODEC(ZSTD(1)),
    correlation_id Nullable(String) CODEC(ZSTD(1)),
    position_from Nullable(Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    position_to Nullable(Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    action LowCardinality(Nullable(String)),
    result LowCardinality(Nullable(String)),
    reason LowCardinality(Nullable(String)),
    confidence Nullable(Float64) CODEC(ZSTD(1)),
    model_version LowCardinality(Nullable(String)),
    session Nullable(String) CODEC(ZSTD(1)),
    rev Nullable(UInt32) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;

-- One row per configuration that a device had, since ts. The same ts again with a later last_seen replaces the row, so
-- the history stays and does not grow with time. Read it with FINAL. A version column cannot be null, hence `heard`.
CREATE TABLE IF NOT EXISTS device_registry
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    name String CODEC(ZSTD(1)),
    model LowCardinality(Nullable(String)),
    sw_version LowCardinality(Nullable(String)),
    hw LowCardinality(Nullable(String)),
    area LowCardinality(Nullable(String)),
    capabilities Array(LowCardinality(String)),
    configuration String COMMENT 'JSON' CODEC(ZSTD(1)),
    last_seen Nullable(DateTime64(3, 'UTC')),
    mode LowCardinality(Nullable(String)),
    heard DateTime64(3, 'UTC') MATERIALIZED ifNull(last_seen, toDateTime64(0, 3, 'UTC'))
)
ENGINE = ReplacingMergeTree(heard)
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS ml_predictions
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    correlation_id String CODEC(ZSTD(1)),
    position Nullable(Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    confidence Nullable(Float64) CODEC(ZSTD(1)),
    reasons Array(Tuple(code LowCardinality(String), effect Float32)) COMMENT 'effect in points of position' CODEC(ZSTD(1)),
    model_version LowCardinality(Nullable(String)),
    acted Bool,
    error LowCardinality(Nullable(String)),
    error_message Nullable(String) CODEC(ZSTD(1)),
    grant_act Bool,
    grant_min Float64 CODEC(ZSTD(1)),
    grant_max Float64 CODEC(ZSTD(1)),
    grant_min_confidence Float64 CODEC(ZSTD(1)),
    temperature Nullable(Float64) COMMENT '°C' CODEC(ZSTD(1)),
    humidity Nullable(Float64) COMMENT '%' CODEC(ZSTD(1)),
    context Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
    timings_ms Map(LowCardinality(String), Float32) CODEC(ZSTD(1)),
    latency_ms Nullable(Float32) CODEC(ZSTD(1)),
    decision LowCardinality(Nullable(String))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;
