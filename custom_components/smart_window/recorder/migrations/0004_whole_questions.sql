-- A question as it can be asked again, what the decision rested on, holds from begin to end, health by the minute, and
-- what a replay found.

ALTER TABLE ml_predictions
    ADD COLUMN IF NOT EXISTS cause LowCardinality(Nullable(String)) COMMENT 'what made the question worth asking',
    ADD COLUMN IF NOT EXISTS temperature_ts Nullable(DateTime64(3, 'UTC')) COMMENT 'of the reading in sensor_temperature' CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS humidity_ts Nullable(DateTime64(3, 'UTC')) COMMENT 'of the reading in sensor_humidity' CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS audio_ts Nullable(DateTime64(3, 'UTC')) COMMENT 'of the clip in sensor_audio' CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS request String COMMENT 'JSON of the question, sound only as features, empty where it was not kept' CODEC(ZSTD(3));

ALTER TABLE sensor_audio
    ADD COLUMN IF NOT EXISTS correlation_id Nullable(String) COMMENT 'of the question that the service heard it for' CODEC(ZSTD(1));

ALTER TABLE decisions
    ADD COLUMN IF NOT EXISTS told LowCardinality(Nullable(String)) COMMENT 'the reason that was shown',
    ADD COLUMN IF NOT EXISTS mode LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS command_position Nullable(Float64) COMMENT '%, a rule moves it there, null: none does' CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS command_source LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS suggestion_position Nullable(Float64) COMMENT '%, a rule would, where it may not' CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS snapshot String COMMENT 'JSON of all that it rested on, with a question alone' CODEC(ZSTD(3));

ALTER TABLE corrections
    ADD COLUMN IF NOT EXISTS kind LowCardinality(String) DEFAULT 'undone'
    COMMENT 'undone: a hand after a model move, refused: a hand elsewhere than suggested, agreed: a hand to where it was suggested';

-- One row per hold; the same ts again with `ended` replaces it. Read it with FINAL.
CREATE TABLE IF NOT EXISTS holds
(
    ts DateTime64(3, 'UTC') COMMENT 'it began' CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    cause LowCardinality(String) COMMENT 'window, person, automation',
    ends Nullable(DateTime64(3, 'UTC')) COMMENT 'as planned, null: until it is released' CODEC(ZSTD(1)),
    ended Nullable(DateTime64(3, 'UTC')) COMMENT 'null: it stands, or nobody saw its end' CODEC(ZSTD(1)),
    told DateTime64(3, 'UTC') MATERIALIZED ifNull(ended, toDateTime64(0, 3, 'UTC'))
)
ENGINE = ReplacingMergeTree(told)
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS health_minute
(
    minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
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
PARTITION BY toYYYYMM(minute)
ORDER BY (kind, device_id, minute)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS health_to_minute TO health_minute AS
SELECT toStartOfMinute(ts) AS minute, device_id, kind, count() AS n,
    sumMap(map(toString(h.state), toUInt64(1))) AS states,
    count(h.latency_ms) AS latency_n, sum(ifNull(toFloat64(h.latency_ms), 0)) AS latency_total,
    max(ifNull(h.latency_ms, 0)) AS latency_high,
    sumMap(CAST(h.metrics, 'Map(String, Float64)')) AS totals, maxMap(CAST(h.metrics, 'Map(String, Float64)')) AS highs
FROM health AS h
GROUP BY kind, device_id, minute;

INSERT INTO health_minute (minute, device_id, kind, n, states, latency_n, latency_total, latency_high, totals, highs)
SELECT toStartOfMinute(ts) AS minute, device_id, kind, count() AS n,
    sumMap(map(toString(h.state), toUInt64(1))) AS states,
    count(h.latency_ms) AS latency_n, sum(ifNull(toFloat64(h.latency_ms), 0)) AS latency_total,
    max(ifNull(h.latency_ms, 0)) AS latency_high,
    sumMap(CAST(h.metrics, 'Map(String, Float64)')) AS totals, maxMap(CAST(h.metrics, 'Map(String, Float64)')) AS highs
FROM health AS h
GROUP BY kind, device_id, minute;

-- One row per question that a replay asked again: then and now.
CREATE TABLE IF NOT EXISTS replays
(
    ts DateTime64(3, 'UTC') COMMENT 'the question was asked first' CODEC(Delta(8), ZSTD(1)),
    device_id LowCardinality(String),
    replay_id LowCardinality(String) COMMENT 'one run of the replay',
    replayed_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    correlation_id String COMMENT 'of the question as it was asked first' CODEC(ZSTD(1)),
    position_then Nullable(Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    position_now Nullable(Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    confidence_then Nullable(Float64) CODEC(ZSTD(1)),
    confidence_now Nullable(Float64) CODEC(ZSTD(1)),
    model_then LowCardinality(Nullable(String)),
    model_now LowCardinality(Nullable(String)),
    why_then LowCardinality(String) COMMENT 'of the decision',
    why_now LowCardinality(String) COMMENT 'of the decision by the rules of today',
    moves_then Nullable(Float64) COMMENT '%, it moved there, null: it did not' CODEC(ZSTD(1)),
    moves_now Nullable(Float64) COMMENT '%, it would move there, null: it would not' CODEC(ZSTD(1)),
    differs Bool COMMENT 'what would be done is another thing now',
    error LowCardinality(Nullable(String)) COMMENT 'why there is no answer now'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (device_id, ts)
SETTINGS non_replicated_deduplication_window = 1000;
