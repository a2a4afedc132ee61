-- Each run of the sash while a point is up to ten minutes, hours beyond. The line begins with where the sash stood
-- before, and ends with where it stands.
SELECT time, position
FROM (
    SELECT greatest(toDateTime(ts), $__fromTime) AS time, argMax(position_to, ts) AS position
    FROM window_actions
    WHERE $__interval_s <= 600 AND ts >= toStartOfHour($__fromTime) AND ts <= $__toTime_ms
        AND device_id IN (${device:singlequote}) AND kind = 'moved' AND position_to IS NOT NULL
    GROUP BY time
    UNION ALL
    SELECT greatest($__timeInterval(hour), $__fromTime) AS time, argMaxMerge(last) AS position
    FROM window_moves_hour
    WHERE $__interval_s > 600 AND $__timeFilter(hour) AND device_id IN (${device:singlequote})
    GROUP BY time
    UNION ALL
    SELECT $__fromTime AS time, argMaxMerge(last) AS position
    FROM window_moves_hour
    WHERE hour < toStartOfHour($__fromTime) AND device_id IN (${device:singlequote})
    HAVING count() > 0
    UNION ALL
    SELECT $__toTime AS time, argMaxMerge(last) AS position
    FROM window_moves_hour
    WHERE hour <= $__toTime AND device_id IN (${device:singlequote})
    HAVING count() > 0
)
ORDER BY time
