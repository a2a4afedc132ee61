-- Rows that wait for the database: in memory, and, when it is away, on disk. The most in each step.
SELECT time, max(highs['queue_rows']) AS memory, max(highs['spool_rows']) AS disk
FROM (
    SELECT $__timeInterval(minute) AS time, highs
    FROM health_minute
    WHERE $__interval_s <= 600 AND kind = 'home' AND $__timeFilter(minute)
    UNION ALL
    SELECT $__timeInterval(hour) AS time, highs
    FROM health_hour
    WHERE $__interval_s > 600 AND kind = 'home' AND $__timeFilter(hour)
)
GROUP BY time
ORDER BY time
