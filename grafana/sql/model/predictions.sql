-- Answers by what came of them, in hours or longer steps.
SELECT toStartOfInterval(hour, INTERVAL greatest($__interval_s, 3600) second) AS time,
    sum(m.acted) AS moved, sum(m.n) - sum(m.acted) - sum(m.failed) AS said, sum(m.failed) AS failed
FROM ml_predictions_hour AS m
WHERE $__timeFilter(hour) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
GROUP BY time
ORDER BY time
