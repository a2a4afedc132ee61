-- Minutes while a point is up to ten of them, hours beyond: never the single readings.
WITH names AS (SELECT device_id, argMax(name, ts) AS name FROM device_registry GROUP BY device_id)
SELECT time, device_id, name, humidity
FROM (
    SELECT $__timeInterval(at) AS time, device_id, sum(total) / sum(n) AS humidity
    FROM (
        SELECT minute AS at, device_id, n, total
        FROM sensor_humidity_minute
        WHERE $__interval_s <= 600 AND $__timeFilter(minute)
            AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
        UNION ALL
        SELECT hour AS at, device_id, n, total
        FROM sensor_humidity_hour
        WHERE $__interval_s > 600 AND $__timeFilter(hour)
            AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    )
    GROUP BY time, device_id
) AS found
LEFT JOIN names USING (device_id)
ORDER BY time
