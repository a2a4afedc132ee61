-- All that bears one question's id, in the order in which it happened, from the readings that it rested on to a hand a day
-- later. No id: the newest question of the range's last day. The question's time bounds what else is read. A question that
-- was lost is asked again under its id: each asking is shown, the readings are those of the last one.
WITH (
    SELECT (argMax(correlation_id, ts), max(ts), argMax(audio_ts, ts))
    FROM ml_predictions
    WHERE $__timeFilter_ms(ts) AND device_id IN (${device:singlequote})
        AND if(${question:sqlstring} = '', ts >= $__toTime_ms - INTERVAL 1 DAY, correlation_id = ${question:sqlstring})
) AS chosen, chosen.1 AS id, chosen.2 AS asked
SELECT time, step, what, detail
FROM (
    SELECT assumeNotNull(said.1) AS time, said.2 AS place, said.3 AS step, said.4 AS what, said.5 AS detail
    FROM ml_predictions
    ARRAY JOIN arrayFilter(one -> isNotNull(one.1), [
        (if(ts = asked, temperature_ts, NULL), 0, 'reading', concat(toString(round(ifNull(temperature, 0), 1)), ' °C'), 'temperature'),
        (if(ts = asked, humidity_ts, NULL), 0, 'reading', concat(toString(round(ifNull(humidity, 0))), ' %'), 'humidity'),
        (ts, 2, 'asked', ifNull(decision, ''), ifNull(cause, '')),
        (addMilliseconds(ts, toInt64(ifNull(latency_ms, 0))), 3, 'answered',
            if(position IS NULL, ifNull(error, 'no answer'), concat(toString(toInt32(round(position))), ' %')),
            concat(toString(toInt32(round(100 * ifNull(confidence, 0)))), ' % sure, model ', ifNull(model_version, 'none'), ', ',
                toString(toInt32(ifNull(latency_ms, 0))), ' ms'))
    ]) AS said
    WHERE device_id IN (${device:singlequote}) AND ts BETWEEN asked - INTERVAL 1 HOUR AND asked AND correlation_id = id
    UNION ALL
    SELECT ts AS time, 0 AS place, 'clip' AS step, concat(toString(round(ifNull(level_dbfs, 0))), ' dB') AS what,
        concat('heard by the ', toString(heard_by)) AS detail
    FROM sensor_audio
    WHERE device_id IN (${device:singlequote}) AND ts = chosen.3 AND heard_by != 'service'
    UNION ALL
    SELECT ts AS time, 1 AS place, 'decided' AS step, replaceAll(why, '_', ' ') AS what,
        concat('may act: ', if(grant_act, 'yes', 'no'), ', ', toString(toInt32(ifNull(grant_min, 0))), ' to ', toString(toInt32(ifNull(grant_max, 0))), ' %') AS detail
    FROM decisions
    WHERE device_id IN (${device:singlequote}) AND ts BETWEEN asked - INTERVAL 1 HOUR AND asked + INTERVAL 1 DAY AND correlation_id = id
    UNION ALL
    SELECT ts AS time, 3 + toInt8(kind) AS place, toString(kind) AS step,
        coalesce(result, if(position_to IS NULL, action, concat(toString(toInt32(round(assumeNotNull(position_to)))), ' %')), '') AS what,
        coalesce(reason, source, '') AS detail
    FROM window_actions
    WHERE device_id IN (${device:singlequote}) AND ts BETWEEN asked - INTERVAL 1 HOUR AND asked + INTERVAL 1 DAY
        AND ifNull(correlation_id, command_id) = id
    UNION ALL
    SELECT ts AS time, 9 AS place, 'corrected' AS step, concat(toString(toInt32(round(ifNull(position_owner, 0)))), ' %') AS what, kind AS detail
    FROM corrections
    WHERE device_id IN (${device:singlequote}) AND ts BETWEEN asked AND asked + INTERVAL 1 DAY AND correlation_id = id
)
ORDER BY time, place
