-- Roll-ups, so that no panel reads the raw rows for a long range or for a latest value; and room for values that did not
-- fit: they are stored as null.
--
-- Each target has a deduplication window like the tables: without one, a batch that is sent again is counted twice
-- there. The hours are made of the minutes, so what fills the minutes from the rows that were there before fills both.

ALTER TABLE sensor_temperature MODIFY COLUMN value Nullable(Float32) COMMENT '°C' CODEC(ZSTD(1));

ALTER TABLE sensor_humidity MODIFY COLUMN value Nullable(Float32) COMMENT '% relative humidity' CODEC(ZSTD(1));

ALTER TABLE ml_predictions
    MODIFY COLUMN grant_min Nullable(Float64) CODEC(ZSTD(1)),
    MODIFY COLUMN grant_max Nullable(Float64) CODEC(ZSTD(1)),
    MODIFY COLUMN grant_min_confidence Nullable(Float64) CODEC(ZSTD(1));

CREATE TABLE IF NOT EXISTS sensor_temperature_hour
(
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    low SimpleAggregateFunction(min, Float32) COMMENT '°C' CODEC(ZSTD(1)),
    high SimpleAggregateFunction(max, Float32) COMMENT '°C' CODEC(ZSTD(1)),
    total SimpleAggregateFunction(sum, Float64) COMMENT 'divided by n: the mean' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (device_id, hour)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS sensor_temperature_minute
(
    minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    low SimpleAggregateFunction(min, Float32) COMMENT '°C' CODEC(ZSTD(1)),
    high SimpleAggregateFunction(max, Float32) COMMENT '°C' CODEC(ZSTD(1)),
    total SimpleAggregateFunction(sum, Float64) COMMENT 'divided by n: the mean' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (device_id, minute)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS sensor_temperature_to_hour TO sensor_temperature_hour AS
SELECT toStartOfHour(minute) AS hour, device_id, sum(n) AS n, min(low) AS low, max(high) AS high, sum(total) AS total
FROM sensor_temperature_minute
GROUP BY device_id, hour;

CREATE MATERIALIZED VIEW IF NOT EXISTS sensor_temperature_to_minute TO sensor_temperature_minute AS
SELECT toStartOfMinute(ts) AS minute, device_id, count() AS n, min(assumeNotNull(value)) AS low,
    max(assumeNotNull(value)) AS high, sum(toFloat64(assumeNotNull(value))) AS total
FROM sensor_temperature
WHERE value IS NOT NULL
GROUP BY device_id, minute;

INSERT INTO sensor_temperature_minute (minute, device_id, n, low, high, total)
SELECT toStartOfMinute(ts) AS minute, device_id, count() AS n, min(assumeNotNull(value)) AS low,
    max(assumeNotNull(value)) AS high, sum(toFloat64(assumeNotNull(value))) AS total
FROM sensor_temperature
WHERE value IS NOT NULL
GROUP BY device_id, minute;

CREATE TABLE IF NOT EXISTS sensor_humidity_hour
(
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    low SimpleAggregateFunction(min, Float32) COMMENT '% relative humidity' CODEC(ZSTD(1)),
    high SimpleAggregateFunction(max, Float32) COMMENT '% relative humidity' CODEC(ZSTD(1)),
    total SimpleAggregateFunction(sum, Float64) COMMENT 'divided by n: the mean' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (device_id, hour)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS sensor_humidity_minute
(
    minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    low SimpleAggregateFunction(min, Float32) COMMENT '% relative humidity' CODEC(ZSTD(1)),
    high SimpleAggregateFunction(max, Float32) COMMENT '% relative humidity' CODEC(ZSTD(1)),
    total SimpleAggregateFunction(sum, Float64) COMMENT 'divided by n: the mean' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (device_id, minute)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS sensor_humidity_to_hour TO sensor_humidity_hour AS
SELECT toStartOfHour(minute) AS hour, device_id, sum(n) AS n, min(low) AS low, max(high) AS high, sum(total) AS total
FROM sensor_humidity_minute
GROUP BY device_id, hour;

CREATE MATERIALIZED VIEW IF NOT EXISTS sensor_humidity_to_minute TO sensor_humidity_minute AS
SELECT toStartOfMinute(ts) AS minute, device_id, count() AS n, min(assumeNotNull(value)) AS low,
    max(assumeNotNull(value)) AS high, sum(toFloat64(assumeNotNull(value))) AS total
FROM sensor_humidity
WHERE value IS NOT NULL
GROUP BY device_id, minute;

INSERT INTO sensor_humidity_minute (minute, device_id, n, low, high, total)
SELECT toStartOfMinute(ts) AS minute, device_id, count() AS n, min(assumeNotNull(value)) AS low,
    max(assumeNotNull(value)) AS high, sum(toFloat64(assumeNotNull(value))) AS total
FROM sensor_humidity
WHERE value IS NOT NULL
GROUP BY device_id, minute;

CREATE TABLE IF NOT EXISTS sensor_audio_hour
(
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    low SimpleAggregateFunction(min, Float32) COMMENT 'dB re full scale' CODEC(ZSTD(1)),
    high SimpleAggregateFunction(max, Float32) COMMENT 'dB re full scale' CODEC(ZSTD(1)),
    total SimpleAggregateFunction(sum, Float64) COMMENT 'divided by n: the mean' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (device_id, hour)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS sensor_audio_minute
(
    minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    low SimpleAggregateFunction(min, Float32) COMMENT 'dB re full scale' CODEC(ZSTD(1)),
    high SimpleAggregateFunction(max, Float32) COMMENT 'dB re full scale' CODEC(ZSTD(1)),
    total SimpleAggregateFunction(sum, Float64) COMMENT 'divided by n: the mean' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (device_id, minute)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS sensor_audio_to_hour TO sensor_audio_hour AS
SELECT toStartOfHour(minute) AS hour, device_id, sum(n) AS n, min(low) AS low, max(high) AS high, sum(total) AS total
FROM sensor_audio_minute
GROUP BY device_id, hour;

CREATE MATERIALIZED VIEW IF NOT EXISTS sensor_audio_to_minute TO sensor_audio_minute AS
SELECT toStartOfMinute(ts) AS minute, device_id, count() AS n, min(assumeNotNull(level_dbfs)) AS low,
    max(assumeNotNull(level_dbfs)) AS high, sum(toFloat64(assumeNotNull(level_dbfs))) AS total
FROM sensor_audio
WHERE level_dbfs IS NOT NULL
GROUP BY device_id, minute;

INSERT INTO sensor_audio_minute (minute, device_id, n, low, high, total)
SELECT toStartOfMinute(ts) AS minute, device_id, count() AS n, min(assumeNotNull(level_dbfs)) AS low,
    max(assumeNotNull(level_dbfs)) AS high, sum(toFloat64(assumeNotNull(level_dbfs))) AS total
FROM sensor_audio
WHERE level_dbfs IS NOT NULL
GROUP BY device_id, minute;

-- The newest value of each kind by device: SELECT device_id, what, max(at), argMaxMerge(value) … GROUP BY device_id, what.
CREATE TABLE IF NOT EXISTS device_latest
(
    device_id LowCardinality(String),
    what LowCardinality(String) COMMENT 'temperature, humidity, level_dbfs, position',
    at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    value AggregateFunction(argMax, Float64, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (device_id, what)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS temperature_to_latest TO device_latest AS
SELECT device_id, 'temperature' AS what, max(r.ts) AS at, argMaxState(toFloat64(assumeNotNull(r.value)), r.ts) AS value
FROM sensor_temperature AS r
WHERE r.value IS NOT NULL
GROUP BY device_id;

INSERT INTO device_latest (device_id, what, at, value)
SELECT device_id, 'temperature' AS what, max(r.ts) AS at, argMaxState(toFloat64(assumeNotNull(r.value)), r.ts) AS value
FROM sensor_temperature AS r
WHERE r.value IS NOT NULL
GROUP BY device_id;

CREATE MATERIALIZED VIEW IF NOT EXISTS humidity_to_latest TO device_latest AS
SELECT device_id, 'humidity' AS what, max(r.ts) AS at, argMaxState(toFloat64(assumeNotNull(r.value)), r.ts) AS value
FROM sensor_humidity AS r
WHERE r.value IS NOT NULL
GROUP BY device_id;

INSERT INTO device_latest (device_id, what, at, value)
SELECT device_id, 'humidity' AS what, max(r.ts) AS at, argMaxState(toFloat64(assumeNotNull(r.value)), r.ts) AS value
FROM sensor_humidity AS r
WHERE r.value IS NOT NULL
GROUP BY device_id;

CREATE MATERIALIZED VIEW IF NOT EXISTS audio_to_latest TO device_latest AS
SELECT device_id, 'level_dbfs' AS what, max(r.ts) AS at, argMaxState(toFloat64(assumeNotNull(r.level_dbfs)), r.ts) AS value
FROM sensor_audio AS r
WHERE r.level_dbfs IS NOT NULL
GROUP BY device_id;

INSERT INTO device_latest (device_id, what, at, value)
SELECT device_id, 'level_dbfs' AS what, max(r.ts) AS at, argMaxState(toFloat64(assumeNotNull(r.level_dbfs)), r.ts) AS value
FROM sensor_audio AS r
WHERE r.level_dbfs IS NOT NULL
GROUP BY device_id;

CREATE MATERIALIZED VIEW IF NOT EXISTS position_to_latest TO device_latest AS
SELECT device_id, 'position' AS what, max(r.ts) AS at, argMaxState(toFloat64(assumeNotNull(r.position_to)), r.ts) AS value
FROM window_actions AS r
WHERE r.kind = 'moved' AND r.position_to IS NOT NULL
GROUP BY device_id;

INSERT INTO device_latest (device_id, what, at, value)
SELECT device_id, 'position' AS what, max(r.ts) AS at, argMaxState(toFloat64(assumeNotNull(r.position_to)), r.ts) AS value
FROM window_actions AS r
WHERE r.kind = 'moved' AND r.position_to IS NOT NULL
GROUP BY device_id;

CREATE TABLE IF NOT EXISTS ml_predictions_hour
(
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    model_version LowCardinality(String) COMMENT 'empty: none answered',
    n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    acted SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    failed SimpleAggregateFunction(sum, UInt64) COMMENT 'no answer, or one with an error' CODEC(ZSTD(1)),
    sure_n SimpleAggregateFunction(sum, UInt64) COMMENT 'answers with a confidence' CODEC(ZSTD(1)),
    sure_total SimpleAggregateFunction(sum, Float64) COMMENT 'divided by sure_n: the mean confidence' CODEC(ZSTD(1)),
    latency_ms AggregateFunction(quantilesTDigest(0.5, 0.95, 0.99), Float32)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (device_id, model_version, hour)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS ml_predictions_to_hour TO ml_predictions_hour AS
SELECT toStartOfHour(ts) AS hour, device_id, ifNull(p.model_version, '') AS model_version, count() AS n,
    countIf(p.acted) AS acted, countIf(p.error IS NOT NULL) AS failed, count(p.confidence) AS sure_n,
    sum(ifNull(p.confidence, 0)) AS sure_total,
    quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(p.latency_ms), p.latency_ms IS NOT NULL) AS latency_ms
FROM ml_predictions AS p
GROUP BY device_id, model_version, hour;

INSERT INTO ml_predictions_hour (hour, device_id, model_version, n, acted, failed, sure_n, sure_total, latency_ms)
SELECT toStartOfHour(ts) AS hour, device_id, ifNull(p.model_version, '') AS model_version, count() AS n,
    countIf(p.acted) AS acted, countIf(p.error IS NOT NULL) AS failed, count(p.confidence) AS sure_n,
    sum(ifNull(p.confidence, 0)) AS sure_total,
    quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(p.latency_ms), p.latency_ms IS NOT NULL) AS latency_ms
FROM ml_predictions AS p
GROUP BY device_id, model_version, hour;
