-- Windows whose newest health is anything but online.
SELECT countIf(state != 'online') AS windows
FROM (SELECT argMaxMerge(state) AS state FROM health_latest WHERE kind = 'window' GROUP BY device_id)
HAVING count() > 0
