-- Windows that rest because they went back and forth.
SELECT device_id, name, oscillations
FROM (
    SELECT device_id, countIf(why = 'oscillates') AS oscillations
    FROM decisions
    WHERE $__timeFilter_ms(ts)
    GROUP BY device_id
) AS found
INNER JOIN (SELECT device_id, argMax(name, ts) AS name FROM device_registry GROUP BY device_id) AS names USING (device_id)
