-- Twenty steps of five percent; a step that no answer had stays, with nothing in it.
SELECT concat(toString(5 * bin), '–', toString(5 * bin + 5), ' %') AS sure, answers[toUInt8(bin)] AS answers, acted[toUInt8(bin)] AS moved
FROM (
    SELECT sumMap(c.answers) AS answers, sumMap(c.acted) AS acted
    FROM ml_confidence_hour AS c
    WHERE $__timeFilter(hour) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    HAVING count() > 0
)
ARRAY JOIN range(20) AS bin
ORDER BY bin
