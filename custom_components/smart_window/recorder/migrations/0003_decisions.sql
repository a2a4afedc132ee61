-- What was decided and why, what the owner corrected, how everything fared, and each change of a window's settings.

CREATE TABLE IF NOT EXISTS decisions
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    correlation_id Nullable(String) COMMENT 'of the question that left, or that this ended' CODEC(ZSTD(1)),
    why LowCardinality(String),
    ask Bool,
    grant_act Bool,
    grant_min Nullable(Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    grant_max Nullable(Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    grant_min_confidence Nullable(Float64) CODEC(ZSTD(1)),
    machines Nullable(Bool) COMMENT 'what the guard allows, null: no guard published',
    position Nullable(Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    temperature Nullable(Float64) COMMENT '°C' CODEC(ZSTD(1)),
    humidity Nullable(Float64) COMMENT '%' CODEC(ZSTD(1)),
    level_dbfs Nullable(Float64) COMMENT 'dB re full scale' CODEC(ZSTD(1)),
    hold_left_s Nullable(Float64) COMMENT 's, null: no hold' CODEC(ZSTD(1)),
    trace Array(Tuple(rule LowCardinality(String), outcome LowCardinality(String), why LowCardinality(String), facts String))
        COMMENT 'what each rule said, facts is JSON' CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS decisions_hour
(
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    why LowCardinality(String),
    n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (device_id, why, hour)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS decisions_to_hour TO decisions_hour AS
SELECT toStartOfHour(ts) AS hour, device_id, why, count() AS n
FROM decisions
GROUP BY device_id, why, hour;

CREATE TABLE IF NOT EXISTS corrections
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    correlation_id Nullable(String) COMMENT 'of the question whose answer was corrected' CODEC(ZSTD(1)),
    position_model Nullable(Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    position_owner Nullable(Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    after_s Nullable(Float64) COMMENT 's after the move' CODEC(ZSTD(1)),
    confidence Nullable(Float64) CODEC(ZSTD(1)),
    model_version LowCardinality(Nullable(String)),
    learned Nullable(Bool) COMMENT 'whether a layer was learnt from it, null: not tried',
    detail Nullable(String) COMMENT 'what changed, or why nothing did' CODEC(ZSTD(1)),
    request String COMMENT 'JSON of the question, without sound' CODEC(ZSTD(3))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS health
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String) COMMENT 'the window, of other kinds their name',
    kind Enum8('window' = 1, 'broker' = 2, 'database' = 3, 'service' = 4, 'home' = 5),
    state LowCardinality(String) COMMENT 'of a window: online, silent, stuck, faulty',
    reasons Array(LowCardinality(String)) CODEC(ZSTD(1)),
    latency_ms Nullable(Float32) CODEC(ZSTD(1)),
    rssi_dbm Nullable(Float32) COMMENT 'dBm' CODEC(ZSTD(1)),
    clock_drift_s Nullable(Float32) COMMENT 's ahead of ours' CODEC(ZSTD(1)),
    last_seen Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    metrics Map(LowCardinality(String), Float64) COMMENT 'counts are of the time since the row before' CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (kind, device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS health_hour
(
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    kind Enum8('window' = 1, 'broker' = 2, 'database' = 3, 'service' = 4, 'home' = 5),
    n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    states SimpleAggregateFunction(sumMap, Map(String, UInt64)) COMMENT 'rows by state' CODEC(ZSTD(1)),
    latency_n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    latency_total SimpleAggregateFunction(sum, Float64) COMMENT 'divided by latency_n: the mean in ms' CODEC(ZSTD(1)),
    latency_high SimpleAggregateFunction(max, Float32) COMMENT 'ms' CODEC(ZSTD(1)),
    totals SimpleAggregateFunction(sumMap, Map(String, Float64)) COMMENT 'sums of the metrics' CODEC(ZSTD(1)),
    highs SimpleAggregateFunction(maxMap, Map(String, Float64)) COMMENT 'the largest of each metric' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (kind, device_id, hour)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS health_to_hour TO health_hour AS
SELECT toStartOfHour(ts) AS hour, device_id, kind, count() AS n,
    sumMap(map(toString(h.state), toUInt64(1))) AS states,
    count(h.latency_ms) AS latency_n, sum(ifNull(toFloat64(h.latency_ms), 0)) AS latency_total,
    max(ifNull(h.latency_ms, 0)) AS latency_high,
    sumMap(CAST(h.metrics, 'Map(String, Float64)')) AS totals, maxMap(CAST(h.metrics, 'Map(String, Float64)')) AS highs
FROM health AS h
GROUP BY kind, device_id, hour;

-- The newest state of everything that is watched.
CREATE TABLE IF NOT EXISTS health_latest
(
    kind Enum8('window' = 1, 'broker' = 2, 'database' = 3, 'service' = 4, 'home' = 5),
    device_id LowCardinality(String),
    at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    state AggregateFunction(argMax, String, DateTime64(3, 'UTC')),
    reasons AggregateFunction(argMax, Array(String), DateTime64(3, 'UTC')),
    last_seen AggregateFunction(argMax, DateTime64(3, 'UTC'), DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (kind, device_id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS health_to_latest TO health_latest AS
SELECT kind, device_id, max(h.ts) AS at, argMaxState(toString(h.state), h.ts) AS state,
    argMaxState(CAST(h.reasons, 'Array(String)'), h.ts) AS reasons,
    argMaxState(ifNull(h.last_seen, toDateTime64(0, 3, 'UTC')), h.ts) AS last_seen
FROM health AS h
GROUP BY kind, device_id;

CREATE TABLE IF NOT EXISTS window_configuration
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    setting LowCardinality(String),
    value String CODEC(ZSTD(1)),
    value_before Nullable(String) COMMENT 'null: it was not known' CODEC(ZSTD(1)),
    source LowCardinality(Nullable(String)) COMMENT 'who changed it'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, setting, ts)
SETTINGS non_replicated_deduplication_window = 1000;
