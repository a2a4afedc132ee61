-- 1 while no service said lately that it is ready.
SELECT toUInt8(countIf(state IN ('ready', 'online') AND at > $__toTime - INTERVAL 5 MINUTE) = 0) AS gone
FROM (
    SELECT device_id, max(h.at) AS at, argMaxMerge(h.state) AS state
    FROM health_latest AS h
    WHERE kind = 'service'
    GROUP BY device_id
)
