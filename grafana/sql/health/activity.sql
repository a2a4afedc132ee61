-- Readings of each window, by the hour or longer steps. One line per window is one row of the map.
WITH names AS (SELECT device_id, argMax(name, ts) AS name FROM device_registry GROUP BY device_id)
SELECT time, if(name = '', device_id, name) AS window, readings
FROM (
    SELECT toStartOfInterval(at, INTERVAL greatest($__interval_s, 3600) second) AS time, device_id, sum(n) AS readings
    FROM (
        SELECT hour AS at, device_id, n FROM sensor_temperature_hour
        WHERE $__timeFilter(hour) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
        UNION ALL
        SELECT hour AS at, device_id, n FROM sensor_humidity_hour
        WHERE $__timeFilter(hour) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
        UNION ALL
        SELECT hour AS at, device_id, n FROM sensor_audio_hour
        WHERE $__timeFilter(hour) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    )
    GROUP BY time, device_id
) AS found
LEFT JOIN names USING (device_id)
ORDER BY time
