-- Broker, database, services and the integration, as each was found last.
SELECT if(kind = 'service', device_id, toString(kind)) AS part, argMaxMerge(state) AS state,
    arrayStringConcat(arrayMap(r -> replaceAll(r, '_', ' '), argMaxMerge(reasons)), ', ') AS reasons, toUnixTimestamp64Milli(max(at)) AS checked
FROM health_latest
WHERE kind != 'window'
GROUP BY kind, device_id
ORDER BY part
