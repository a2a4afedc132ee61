-- All that bears one question's id, in the order in which it happened. No id: the newest question of the range's last day.
WITH chosen AS (
    SELECT if(${question:sqlstring} != '', ${question:sqlstring}, argMax(correlation_id, ts)) AS id
    FROM ml_predictions
    WHERE $__timeFilter_ms(ts) AND ts >= $__toTime_ms - INTERVAL 1 DAY AND device_id IN (${device:singlequote})
)
SELECT time, step, what, detail
FROM (
    SELECT ts AS time, 1 AS place, 'decided' AS step, replaceAll(why, '_', ' ') AS what,
        concat('may act: ', if(grant_act, 'yes', 'no'), ', ', toString(toInt32(ifNull(grant_min, 0))), ' to ', toString(toInt32(ifNull(grant_max, 0))), ' %') AS detail
    FROM decisions
    WHERE $__timeFilter_ms(ts) AND device_id IN (${device:singlequote}) AND correlation_id = (SELECT id FROM chosen)
    UNION ALL
    SELECT ts AS time, 2 AS place, 'asked' AS step, ifNull(decision, '') AS what,
        concat(toString(round(ifNull(temperature, 0), 1)), ' °C, ', toString(round(ifNull(humidity, 0))), ' %') AS detail
    FROM ml_predictions
    WHERE $__timeFilter_ms(ts) AND device_id IN (${device:singlequote}) AND correlation_id = (SELECT id FROM chosen)
    UNION ALL
    SELECT addMilliseconds(ts, toInt64(ifNull(latency_ms, 0))) AS time, 3 AS place, 'answered' AS step,
        if(position IS NULL, ifNull(error, 'no answer'), concat(toString(toInt32(round(position))), ' %')) AS what,
        concat(toString(toInt32(round(100 * ifNull(confidence, 0)))), ' % sure, model ', ifNull(model_version, 'none'), ', ',
            toString(toInt32(ifNull(latency_ms, 0))), ' ms') AS detail
    FROM ml_predictions
    WHERE $__timeFilter_ms(ts) AND device_id IN (${device:singlequote}) AND correlation_id = (SELECT id FROM chosen)
    UNION ALL
    SELECT ts AS time, 3 + toInt8(kind) AS place, toString(kind) AS step,
        coalesce(result, if(position_to IS NULL, action, concat(toString(toInt32(round(assumeNotNull(position_to)))), ' %')), '') AS what,
        coalesce(reason, source, '') AS detail
    FROM window_actions
    WHERE $__timeFilter_ms(ts) AND device_id IN (${device:singlequote})
        AND (command_id = (SELECT id FROM chosen) OR correlation_id = (SELECT id FROM chosen))
    UNION ALL
    SELECT ts AS time, 9 AS place, 'corrected' AS step, concat(toString(toInt32(round(ifNull(position_owner, 0)))), ' %') AS what, kind AS detail
    FROM corrections
    WHERE $__timeFilter_ms(ts) AND device_id IN (${device:singlequote}) AND correlation_id = (SELECT id FROM chosen)
)
ORDER BY time, place
