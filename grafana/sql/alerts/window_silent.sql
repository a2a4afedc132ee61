-- Seconds since each window was heard; one that is gone for a week was taken down.
SELECT device_id, name, dateDiff('second', heard, $__toTime) AS silent_s
FROM (
    SELECT device_id, toDateTime(max(at)) AS heard
    FROM device_latest
    GROUP BY device_id
    HAVING heard > $__toTime - INTERVAL 7 DAY
) AS found
INNER JOIN (SELECT device_id, argMax(name, ts) AS name FROM device_registry GROUP BY device_id) AS names USING (device_id)
