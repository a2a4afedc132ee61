-- Every window with what the last check found, the longest unheard first.
WITH registered AS (
    SELECT device_id, argMax(name, ts) AS name, argMax(sw_version, ts) AS firmware FROM device_registry GROUP BY device_id
)
SELECT if(name = '', device_id, name) AS window, if(state = '', 'unknown', state) AS state,
    arrayStringConcat(arrayMap(r -> replaceAll(r, '_', ' '), reasons), ', ') AS reasons, toUnixTimestamp64Milli(greatest(heard, seen)) AS heard,
    ifNull(firmware, '') AS firmware, device_id
FROM registered
LEFT JOIN (
    SELECT device_id, argMaxMerge(state) AS state, argMaxMerge(reasons) AS reasons, argMaxMerge(last_seen) AS seen
    FROM health_latest WHERE kind = 'window' GROUP BY device_id
) AS h USING device_id
LEFT JOIN (SELECT device_id, max(at) AS heard FROM device_latest GROUP BY device_id) AS l USING device_id
ORDER BY heard
