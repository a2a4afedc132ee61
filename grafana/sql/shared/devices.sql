-- Every window that was ever heard, as "Name (id)"; the variable's pattern takes them apart again.
SELECT concat(argMax(name, ts), ' (', device_id, ')') AS device
FROM device_registry
GROUP BY device_id
ORDER BY device
