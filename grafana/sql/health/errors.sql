-- Errors of each type per minute, as the integration counts them: messages that were bad, questions without an answer,
-- refusals of the database, what the record lost. Steps of ten points: from minutes while a point is up to ten of them,
-- from hours beyond.
SELECT time, multiIf(startsWith(key, 'dropped_'), concat('message: ', replaceAll(substring(key, 9), '_', ' ')),
    startsWith(key, 'errors_'), concat('database: ', replaceAll(substring(key, 8), '_', ' ')), replaceAll(key, '_', ' ')) AS kind,
    sum(value) * 60 / any(seconds) AS errors
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
WHERE value > 0 AND (startsWith(key, 'dropped_') OR startsWith(key, 'errors_')
    OR key IN ('no_answers', 'answers_failed', 'rows_lost', 'values_nulled'))
GROUP BY time, key
ORDER BY time
