-- Rows that wait for the database: in memory, and, when it is away, on disk. The most in each step of ten points.
SELECT time, max(highs['queue_rows']) AS memory, max(highs['spool_rows']) AS disk
FROM (
    SELECT toStartOfInterval(minute, INTERVAL greatest($__interval_s * 10, 60) second) AS time, highs
    FROM health_minute
    WHERE $__interval_s <= 600 AND kind = 'home' AND $__timeFilter(minute)
    UNION ALL
    SELECT toStartOfInterval(hour, INTERVAL $__interval_s * 10 second) AS time, highs
    FROM health_hour
    WHERE $__interval_s > 600 AND kind = 'home' AND $__timeFilter(hour)
)
GROUP BY time
ORDER BY time
