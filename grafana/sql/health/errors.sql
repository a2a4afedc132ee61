-- Errors of each type per minute, as the integration counts them: messages that were bad, questions without an answer,
-- refusals of the database, what the record lost. Minutes while a point is up to ten of them, hours beyond.
SELECT time, multiIf(startsWith(key, 'dropped_'), concat('message: ', replaceAll(substring(key, 9), '_', ' ')),
    startsWith(key, 'errors_'), concat('database: ', replaceAll(substring(key, 8), '_', ' ')), replaceAll(key, '_', ' ')) AS kind,
    sum(value) * 60 / any(seconds) AS errors
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
WHERE value > 0 AND (startsWith(key, 'dropped_') OR startsWith(key, 'errors_')
    OR key IN ('no_answers', 'answers_failed', 'rows_lost', 'values_nulled'))
GROUP BY time, key
ORDER BY time
