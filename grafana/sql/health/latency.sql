-- The mean answer time of broker, database and services.
SELECT time, part, sum(latency_total) / sum(latency_n) AS latency
FROM (
    SELECT $__timeInterval(minute) AS time, if(kind = 'service', device_id, toString(kind)) AS part, latency_total, latency_n
    FROM health_minute
    WHERE $__interval_s <= 600 AND kind IN ('broker', 'database', 'service') AND $__timeFilter(minute) AND latency_n > 0
    UNION ALL
    SELECT $__timeInterval(hour) AS time, if(kind = 'service', device_id, toString(kind)) AS part, latency_total, latency_n
    FROM health_hour
    WHERE $__interval_s > 600 AND kind IN ('broker', 'database', 'service') AND $__timeFilter(hour) AND latency_n > 0
)
GROUP BY time, part
ORDER BY time
