-- What the dashboards ask of months and years: where each sash stood, and how sure the model was.

CREATE TABLE IF NOT EXISTS window_moves_hour
(
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    n SimpleAggregateFunction(sum, UInt64) COMMENT 'times that it came to another position' CODEC(ZSTD(1)),
    low SimpleAggregateFunction(min, Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    high SimpleAggregateFunction(max, Float64) COMMENT '%, 0 closed' CODEC(ZSTD(1)),
    last AggregateFunction(argMax, Float64, DateTime64(3, 'UTC')) COMMENT '%, at the end of the hour'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (device_id, hour)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS window_moves_to_hour TO window_moves_hour AS
SELECT toStartOfHour(ts) AS hour, device_id, countIf(ifNull(r.position_from, -1) != r.position_to) AS n,
    min(assumeNotNull(r.position_to)) AS low, max(assumeNotNull(r.position_to)) AS high,
    argMaxState(assumeNotNull(r.position_to), r.ts) AS last
FROM window_actions AS r
WHERE r.kind = 'moved' AND r.position_to IS NOT NULL
GROUP BY device_id, hour;

INSERT INTO window_moves_hour (hour, device_id, n, low, high, last)
SELECT toStartOfHour(ts) AS hour, device_id, countIf(ifNull(r.position_from, -1) != r.position_to) AS n,
    min(assumeNotNull(r.position_to)) AS low, max(assumeNotNull(r.position_to)) AS high,
    argMaxState(assumeNotNull(r.position_to), r.ts) AS last
FROM window_actions AS r
WHERE r.kind = 'moved' AND r.position_to IS NOT NULL
GROUP BY device_id, hour;

-- Twenty steps of confidence: step 0 is 0 to 5 %, step 19 is 95 to 100 %.
CREATE TABLE IF NOT EXISTS ml_confidence_hour
(
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    device_id LowCardinality(String),
    model_version LowCardinality(String),
    answers SimpleAggregateFunction(sumMap, Map(UInt8, UInt64)) COMMENT 'by step' CODEC(ZSTD(1)),
    acted SimpleAggregateFunction(sumMap, Map(UInt8, UInt64)) COMMENT 'by step, of those that moved the window' CODEC(ZSTD(1)),
    acted_total SimpleAggregateFunction(sumMap, Map(UInt8, Float64)) COMMENT 'by step, sums of their confidence' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (device_id, model_version, hour)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS ml_confidence_to_hour TO ml_confidence_hour AS
SELECT toStartOfHour(ts) AS hour, device_id, ifNull(p.model_version, '') AS model_version,
    sumMap(map(toUInt8(least(greatest(floor(assumeNotNull(p.confidence) * 20), 0), 19)), toUInt64(1))) AS answers,
    sumMap(map(toUInt8(least(greatest(floor(assumeNotNull(p.confidence) * 20), 0), 19)), toUInt64(p.acted))) AS acted,
    sumMap(map(toUInt8(least(greatest(floor(assumeNotNull(p.confidence) * 20), 0), 19)), if(p.acted, assumeNotNull(p.confidence), 0))) AS acted_total
FROM ml_predictions AS p
WHERE p.confidence IS NOT NULL
GROUP BY device_id, model_version, hour;

INSERT INTO ml_confidence_hour (hour, device_id, model_version, answers, acted, acted_total)
SELECT toStartOfHour(ts) AS hour, device_id, ifNull(p.model_version, '') AS model_version,
    sumMap(map(toUInt8(least(greatest(floor(assumeNotNull(p.confidence) * 20), 0), 19)), toUInt64(1))) AS answers,
    sumMap(map(toUInt8(least(greatest(floor(assumeNotNull(p.confidence) * 20), 0), 19)), toUInt64(p.acted))) AS acted,
    sumMap(map(toUInt8(least(greatest(floor(assumeNotNull(p.confidence) * 20), 0), 19)), if(p.acted, assumeNotNull(p.confidence), 0))) AS acted_total
FROM ml_predictions AS p
WHERE p.confidence IS NOT NULL
GROUP BY device_id, model_version, hour;
