-- Agreement: of what the owner could judge (moves made, and hands that met or missed a suggestion), the share that he
-- let stand or did himself. Calibration error: how far confidence and agreement lie apart, over ten steps of
-- confidence, weighed by the moves in each; 0 is perfect.
WITH answered AS (
    SELECT model_version, sum(m.n) AS answers, sum(m.acted) AS acted, sum(sure_total) / sum(sure_n) AS confidence,
        quantilesTDigestMerge(0.5, 0.95, 0.99)(latency_ms)[2] AS p95
    FROM ml_predictions_hour AS m
    WHERE $__timeFilter(hour) AND model_version != '' AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    GROUP BY model_version
), judged AS (
    SELECT ifNull(model_version, '') AS model_version, countIf(kind = 'undone') AS undone, countIf(kind = 'refused') AS refused,
        countIf(kind = 'agreed') AS agreed
    FROM corrections
    WHERE $__timeFilter_ms(ts) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    GROUP BY model_version
), steps AS (
    SELECT model_version, least(intDiv(bin, 2), 9) AS step, sum(moved) AS moves, sum(sure) AS total
    FROM (
        SELECT model_version, sumMap(c.acted) AS acted, sumMap(c.acted_total) AS totals
        FROM ml_confidence_hour AS c
        WHERE $__timeFilter(hour) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
        GROUP BY model_version
    )
    ARRAY JOIN mapKeys(acted) AS bin, mapValues(acted) AS moved, mapValues(totals) AS sure
    WHERE moved > 0
    GROUP BY model_version, step
), wrong AS (
    SELECT ifNull(model_version, '') AS model_version, toUInt8(least(floor(confidence * 10), 9)) AS step, count() AS undone
    FROM corrections
    WHERE kind = 'undone' AND confidence IS NOT NULL AND $__timeFilter_ms(ts)
        AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    GROUP BY model_version, step
), calibration AS (
    SELECT model_version, sum(abs(total - (moves - least(undone, moves)))) / sum(moves) AS error
    FROM steps
    LEFT JOIN wrong USING (model_version, step)
    GROUP BY model_version
)
SELECT model_version AS version, answers, acted AS moves,
    if(acted + refused + agreed = 0, NULL, (acted - least(undone, acted) + agreed) / (acted + refused + agreed)) AS agreement,
    undone AS corrections, confidence, if(acted = 0, NULL, error) AS calibration_error, p95
FROM answered
LEFT JOIN judged USING model_version
LEFT JOIN calibration USING model_version
ORDER BY version DESC
