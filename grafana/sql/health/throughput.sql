-- Messages of each kind per second, as the integration counts them. Steps of ten points: from minutes while a point is
-- up to ten of them, from hours beyond.
SELECT time, replaceAll(substring(key, 10), '_', ' ') AS kind, sum(value) / any(seconds) AS messages
FROM (
    SELECT toStartOfInterval(minute, INTERVAL greatest($__interval_s * 10, 60) second) AS time, totals,
        greatest($__interval_s * 10, 60) AS seconds
    FROM health_minute
    WHERE $__interval_s <= 600 AND kind = 'home' AND $__timeFilter(minute)
    UNION ALL
    SELECT toStartOfInterval(hour, INTERVAL $__interval_s * 10 second) AS time, totals, $__interval_s * 10 AS seconds
    FROM health_hour
    WHERE $__interval_s > 600 AND kind = 'home' AND $__timeFilter(hour)
)
ARRAY JOIN mapKeys(totals) AS key, mapValues(totals) AS value
WHERE startsWith(key, 'messages_')
GROUP BY time, key
ORDER BY time
