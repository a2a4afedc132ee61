-- Of each replay: how many of the old questions would end otherwise by today's rules and model.
SELECT replay_id AS replay, max(replayed_at) AS time, count() AS questions, countIf(differs) AS otherwise,
    countIf(error IS NOT NULL) AS unanswered, any(ifNull(model_now, '')) AS model,
    avg(abs(position_now - position_then)) AS points
FROM replays
WHERE $__timeFilter_ms(ts) AND $__conditionalAll(device_id IN (${device:singlequote}), $device)
GROUP BY replay
ORDER BY time DESC
LIMIT 20
