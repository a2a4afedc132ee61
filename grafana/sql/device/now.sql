-- The newest value of each kind, whatever the range.
SELECT
    argMaxMergeIf(value, what = 'position') AS position,
    argMaxMergeIf(value, what = 'temperature') AS temperature,
    argMaxMergeIf(value, what = 'humidity') AS humidity,
    argMaxMergeIf(value, what = 'level_dbfs') AS sound
FROM device_latest
WHERE device_id IN (${device:singlequote})
HAVING count() > 0
