-- Of the moves that the model was so sure of: the share that no hand undid. On the diagonal, sure means right.
WITH steps AS (
    SELECT least(intDiv(bin, 2), 9) AS step, sum(moved) AS moves, sum(sure) AS total
    FROM (
        SELECT sumMap(c.acted) AS acted, sumMap(c.acted_total) AS totals
        FROM ml_confidence_hour AS c
        WHERE $__timeFilter(hour) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    )
    ARRAY JOIN mapKeys(acted) AS bin, mapValues(acted) AS moved, mapValues(totals) AS sure
    WHERE moved > 0
    GROUP BY step
), wrong AS (
    SELECT toUInt8(least(floor(confidence * 10), 9)) AS step, count() AS undone
    FROM corrections
    WHERE kind = 'undone' AND confidence IS NOT NULL AND $__timeFilter_ms(ts)
        AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    GROUP BY step
)
SELECT total / moves AS confidence, 1 - least(undone, moves) / moves AS kept, total / moves AS perfect, moves
FROM steps
LEFT JOIN wrong USING step
ORDER BY confidence
