-- Agreement: of what the owner could judge (moves made, and hands that met or missed a suggestion), the share that he
-- let stand or did himself. Calibration error: how far confidence and agreement lie apart, over ten steps of
-- confidence (each two of the record's twenty), weighed by the moves in each; 0 is perfect.
WITH answered AS (
    SELECT model_version, sum(m.n) AS answers, sum(m.acted) AS acted, sum(sure_total) / sum(sure_n) AS confidence,
        quantilesTDigestMerge(0.5, 0.95, 0.99)(latency_ms)[2] AS p95
    FROM ml_predictions_hour AS m
    WHERE $__timeFilter(hour) AND model_version != '' AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    GROUP BY model_version
), moved AS (
    SELECT model_version, sumMap(c.acted) AS moves, sumMap(c.acted_total) AS sure
    FROM ml_confidence_hour AS c
    WHERE $__timeFilter(hour) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    GROUP BY model_version
), judged AS (
    SELECT ifNull(model_version, '') AS model_version, countIf(kind = 'undone') AS undone, countIf(kind = 'refused') AS refused,
        countIf(kind = 'agreed') AS agreed,
        sumMapIf(map(toUInt8(least(floor(ifNull(confidence, 0) * 10), 9)), 1), kind = 'undone' AND confidence IS NOT NULL) AS wrong
    FROM corrections
    WHERE $__timeFilter_ms(ts) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
    GROUP BY model_version
)
SELECT model_version AS version, answers, acted AS moves,
    if(acted + refused + agreed = 0, NULL, (acted - least(undone, acted) + agreed) / (acted + refused + agreed)) AS agreement,
    undone AS corrections, confidence,
    if(acted = 0, NULL, arraySum(step -> abs(sure[2 * step] + sure[2 * step + 1]
        - greatest(toInt64(moved.moves[2 * step] + moved.moves[2 * step + 1]) - wrong[step], 0)), range(10)) / acted) AS calibration_error,
    p95
FROM answered
LEFT JOIN judged USING model_version
LEFT JOIN moved USING model_version
ORDER BY version DESC
