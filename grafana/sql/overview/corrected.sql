-- Of the moves by the model: the share that no hand undid.
SELECT if(acted = 0, NULL, 1 - least(undone / acted, 1)) AS kept
FROM (
    SELECT
        (SELECT sum(acted) FROM ml_predictions_hour
         WHERE $__timeFilter(hour) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)) AS acted,
        (SELECT count() FROM corrections
         WHERE kind = 'undone' AND $__timeFilter_ms(ts)
             AND $__conditionalAll(device_id IN (${device:singlequote}), $device)) AS undone
)
