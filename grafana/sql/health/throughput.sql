-- Messages of each kind per second, as the integration counts them; minutes while a point is up to ten of them, hours beyond.
SELECT time, replaceAll(substring(key, 10), '_', ' ') AS kind, sum(value) * 1 / any(seconds) AS messages
FROM (
    SELECT $__timeInterval(minute) AS time, totals, greatest($__interval_s, 60) AS seconds
    FROM health_minute
    WHERE $__interval_s <= 600 AND kind = 'home' AND $__timeFilter(minute)
    UNION ALL
    SELECT $__timeInterval(hour) AS time, totals, greatest($__interval_s, 3600) AS seconds
    FROM health_hour
    WHERE $__interval_s > 600 AND kind = 'home' AND $__timeFilter(hour)
)
ARRAY JOIN mapKeys(totals) AS key, mapValues(totals) AS value
WHERE startsWith(key, 'messages_')
GROUP BY time, key
ORDER BY time
