-- How it fares, as the last check found.
SELECT state, if(empty(reasons), 'no complaint', arrayStringConcat(arrayMap(r -> replaceAll(r, '_', ' '), reasons), ', ')) AS reason,
    toUnixTimestamp64Milli(heard) AS heard
FROM (
    SELECT argMaxMerge(state) AS state, argMaxMerge(reasons) AS reasons, argMaxMerge(last_seen) AS heard
    FROM health_latest
    WHERE kind = 'window' AND device_id IN (${device:singlequote})
    HAVING count() > 0
)
