-- From the question's leaving to the answer's coming; hours or longer steps.
SELECT time, q[1] AS p50, q[2] AS p95, q[3] AS p99
FROM (
    SELECT toStartOfInterval(hour, INTERVAL greatest($__interval_s, 3600) second) AS time,
        quantilesTDigestMerge(0.5, 0.95, 0.99)(latency_ms) AS q
    FROM ml_predictions_hour
    WHERE $__timeFilter(hour) AND model_version != '' AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    GROUP BY time
)
ORDER BY time
