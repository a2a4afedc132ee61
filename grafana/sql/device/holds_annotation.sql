-- From the hand to the end of its hold; one that stands reaches to the edge.
SELECT ts AS time, least(coalesce(ended, ends, $__toTime_ms), $__toTime_ms) AS timeEnd, concat('Hold by ', cause) AS text, 'hold' AS tags
FROM holds FINAL
WHERE ts <= $__toTime_ms AND ts >= $__fromTime_ms - INTERVAL 1 DAY AND coalesce(ended, ends, $__toTime_ms) >= $__fromTime_ms
    AND device_id IN (${device:singlequote})
ORDER BY time DESC
LIMIT 300
