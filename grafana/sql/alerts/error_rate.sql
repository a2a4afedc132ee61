-- Errors of all types in a hundred messages, the bad ones among them.
SELECT 100 * errors / greatest(messages, 1) AS rate
FROM (
    SELECT sumIf(value, startsWith(key, 'dropped_') OR startsWith(key, 'errors_')
            OR key IN ('no_answers', 'answers_failed', 'rows_lost', 'values_nulled')) AS errors,
        sumIf(value, startsWith(key, 'messages_') OR startsWith(key, 'dropped_')) AS messages
    FROM health_minute
    ARRAY JOIN mapKeys(totals) AS key, mapValues(totals) AS value
    WHERE kind = 'home' AND $__timeFilter(minute)
)
