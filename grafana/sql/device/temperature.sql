-- Minutes while a point is up to ten of them, hours beyond: never the single readings.
SELECT $__timeInterval(at) AS time, sum(total) / sum(n) AS temperature
FROM (
    SELECT minute AS at, n, total
    FROM sensor_temperature_minute
    WHERE $__interval_s <= 600 AND $__timeFilter(minute) AND device_id IN (${device:singlequote})
    UNION ALL
    SELECT hour AS at, n, total
    FROM sensor_temperature_hour
    WHERE $__interval_s > 600 AND $__timeFilter(hour) AND device_id IN (${device:singlequote})
)
GROUP BY time
ORDER BY time
