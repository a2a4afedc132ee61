-- The last thirty questions of the range's last day, newest first.
SELECT d.ts AS time, replaceAll(d.why, '_', ' ') AS reason, p.position AS position, p.confidence AS confidence,
    multiIf(p.acted, 'moved it', p.error IS NOT NULL, replaceAll(assumeNotNull(p.error), '_', ' '), p.position IS NULL, 'no answer', 'moved nothing') AS outcome,
    arrayStringConcat(arrayMap(r -> concat(replaceAll(r.code, '_', ' '), if(r.effect >= 0, ' +', ' '),
        toString(toInt32(round(r.effect)))), arraySlice(arrayFilter(r -> abs(r.effect) >= 1, p.reasons), 1, 3)), ', ') AS reasons,
    d.device_id AS device_id, d.correlation_id AS correlation_id
FROM (
    SELECT ts, device_id, why, correlation_id
    FROM decisions
    WHERE $__timeFilter_ms(ts) AND ts >= $__toTime_ms - INTERVAL 1 DAY AND device_id IN (${device:singlequote})
        AND correlation_id IS NOT NULL
    ORDER BY ts DESC
    LIMIT 30
) AS d
LEFT JOIN (
    SELECT ts, correlation_id, position, confidence, acted, error, reasons
    FROM ml_predictions
    WHERE $__timeFilter_ms(ts) AND ts >= $__toTime_ms - INTERVAL 25 HOUR AND device_id IN (${device:singlequote})
) AS p ON p.correlation_id = d.correlation_id AND p.ts = d.ts
ORDER BY time DESC
