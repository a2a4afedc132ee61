-- What the owner did otherwise, newest first.
WITH names AS (SELECT device_id, argMax(name, ts) AS name FROM device_registry GROUP BY device_id)
SELECT ts AS time, if(name = '', device_id, name) AS window, position_model AS model, position_owner AS owner, confidence,
    kind, multiIf(learned IS NULL, 'not tried', learned, 'yes', 'no') AS learned, device_id, correlation_id
FROM corrections
LEFT JOIN names USING (device_id)
WHERE $__timeFilter_ms(ts) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
ORDER BY time DESC
LIMIT 50
