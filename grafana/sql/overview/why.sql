-- Where each window stands, and its newest decision, looked for in the range's last day alone.
WITH names AS (SELECT device_id, argMax(name, ts) AS name FROM device_registry GROUP BY device_id)
SELECT if(name = '', device_id, name) AS window, position, replaceAll(why, '_', ' ') AS reason, decided, device_id
FROM (
    SELECT device_id, max(d.ts) AS decided, argMax(d.why, d.ts) AS why
    FROM decisions AS d
    WHERE $__timeFilter_ms(d.ts) AND d.ts >= $__toTime_ms - INTERVAL 1 DAY
        AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    GROUP BY device_id
) AS found
LEFT JOIN names USING (device_id)
LEFT JOIN (
    SELECT device_id, toNullable(argMaxMerge(value)) AS position FROM device_latest WHERE what = 'position' GROUP BY device_id
) AS stands USING (device_id)
ORDER BY window
