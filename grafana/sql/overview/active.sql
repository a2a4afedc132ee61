-- A window is active that was heard in the last quarter of an hour.
SELECT countIf(heard >= $__toTime - INTERVAL 15 MINUTE) AS active, count() AS known
FROM (
    SELECT device_id, max(at) AS heard
    FROM device_latest
    WHERE device_id IN (SELECT device_id FROM device_registry)
    GROUP BY device_id
)
