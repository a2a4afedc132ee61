-- What the model did, with its reasons; the newest three hundred of the range.
SELECT ts AS time, concat(toString(toInt32(round(ifNull(position, 0)))), ' %, ', toString(toInt32(round(100 * ifNull(confidence, 0)))),
    ' % sure: ', arrayStringConcat(arrayMap(r -> concat(replaceAll(r.code, '_', ' '), if(r.effect >= 0, ' +', ' '),
    toString(toInt32(round(r.effect)))), arraySlice(arrayFilter(r -> abs(r.effect) >= 1, reasons), 1, 3)), ', ')) AS text,
    'model' AS tags
FROM (
    SELECT ts, position, confidence, reasons
    FROM ml_predictions
    WHERE acted AND $__timeFilter_ms(ts) AND device_id IN (${device:singlequote})
    ORDER BY ts DESC
    LIMIT 300
)
ORDER BY time
