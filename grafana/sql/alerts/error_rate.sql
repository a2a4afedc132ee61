-- Errors in a hundred messages.
SELECT if(messages = 0, 0, 100 * errors / messages) AS rate
FROM (
    SELECT sumIf(value, startsWith(key, 'errors_')) AS errors, sumIf(value, startsWith(key, 'messages_')) AS messages
    FROM health_minute
    ARRAY JOIN mapKeys(totals) AS key, mapValues(totals) AS value
    WHERE kind = 'home' AND $__timeFilter(minute)
)
