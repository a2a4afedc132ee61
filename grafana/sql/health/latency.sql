-- The mean answer time of broker, database and services. Steps of ten points: from minutes while a point is up to ten of
-- them, from hours beyond.
SELECT time, part, sum(latency_total) / sum(latency_n) AS latency
FROM (
    SELECT toStartOfInterval(minute, INTERVAL greatest($__interval_s * 10, 60) second) AS time,
        if(kind = 'service', device_id, toString(kind)) AS part, latency_total, latency_n
    FROM health_minute
    WHERE $__interval_s <= 600 AND kind IN ('broker', 'database', 'service') AND $__timeFilter(minute) AND latency_n > 0
    UNION ALL
    SELECT toStartOfInterval(hour, INTERVAL $__interval_s * 10 second) AS time,
        if(kind = 'service', device_id, toString(kind)) AS part, latency_total, latency_n
    FROM health_hour
    WHERE $__interval_s > 600 AND kind IN ('broker', 'database', 'service') AND $__timeFilter(hour) AND latency_n > 0
)
GROUP BY time, part
ORDER BY time
