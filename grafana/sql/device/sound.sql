-- dB above a silence of -90 dB re full scale, so that a bar grows with the sound.
SELECT $__timeInterval(at) AS time, sum(total) / sum(n) + 90 AS mean, max(high) + 90 AS loudest
FROM (
    SELECT minute AS at, n, total, high
    FROM sensor_audio_minute
    WHERE $__interval_s <= 600 AND $__timeFilter(minute) AND device_id IN (${device:singlequote})
    UNION ALL
    SELECT hour AS at, n, total, high
    FROM sensor_audio_hour
    WHERE $__interval_s > 600 AND $__timeFilter(hour) AND device_id IN (${device:singlequote})
)
GROUP BY time
ORDER BY time
