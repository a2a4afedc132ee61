-- Every run of the sash, by whomever, in the range.
SELECT sum(n) AS moves
FROM window_moves_hour
WHERE $__timeFilter(hour) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
