-- The last twenty answers, looked for in the range's last day alone.
WITH names AS (SELECT device_id, argMax(name, ts) AS name FROM device_registry GROUP BY device_id)
SELECT ts AS time, if(name = '', device_id, name) AS window, position, confidence,
    multiIf(acted, 'moved it', error IS NOT NULL, replaceAll(assumeNotNull(error), '_', ' '), 'moved nothing') AS outcome,
    arrayStringConcat(arrayMap(r -> concat(replaceAll(r.code, '_', ' '), if(r.effect >= 0, ' +', ' '),
        toString(toInt32(round(r.effect)))), arraySlice(arrayFilter(r -> abs(r.effect) >= 1, reasons), 1, 3)), ', ') AS reasons,
    device_id, correlation_id
FROM (
    SELECT ts, device_id, position, confidence, acted, error, reasons, correlation_id
    FROM ml_predictions
    WHERE $__timeFilter_ms(ts) AND ts >= $__toTime_ms - INTERVAL 1 DAY
        AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    ORDER BY ts DESC
    LIMIT 20
) AS found
LEFT JOIN names USING (device_id)
ORDER BY time DESC
