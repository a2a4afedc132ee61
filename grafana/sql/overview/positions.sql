-- Where each sash stands: the newest position, whatever the range.
WITH names AS (SELECT device_id, argMax(name, ts) AS name FROM device_registry GROUP BY device_id)
SELECT moved AS time, device_id, name, position
FROM (
    SELECT device_id, toDateTime(max(at)) AS moved, argMaxMerge(value) AS position
    FROM device_latest
    WHERE what = 'position' AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    GROUP BY device_id
) AS found
LEFT JOIN names USING (device_id)
ORDER BY time
