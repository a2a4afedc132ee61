-- Where a rule, not the model, took over: each first decision for another reason; the newest three hundred.
SELECT ts AS time, concat('Rule: ', replaceAll(why, '_', ' ')) AS text, why AS tags
FROM (
    SELECT ts, why, lagInFrame(why, 1, '') OVER (ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
    FROM decisions
    WHERE $__timeFilter_ms(ts) AND device_id IN (${device:singlequote})
)
WHERE why != before AND why IN ('rain', 'rain_soon', 'wind', 'gust', 'hail', 'frost', 'alarm', 'away', 'night', 'climate',
    'obstacle', 'fault', 'oscillates', 'fallback')
ORDER BY time DESC
LIMIT 300
