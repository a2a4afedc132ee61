-- A year of a house with ten windows: what fills its tables, and so the roll-ups. `start` and `end` are Unix seconds.
-- Columns that no panel reads (traces, whole questions, features) stay empty: where columns lie apart they would take
-- room on disk and change no figure.

-- A new firmware each two months.
INSERT INTO device_registry (ts, device_id, name, sw_version, last_seen)
SELECT toDateTime64({start:UInt32} + intDiv(number, 10) * 5000000, 3, 'UTC'), concat('window_0', toString(number % 10)),
    concat('Window ', toString(number % 10)), concat('1.', toString(intDiv(number, 10))), toDateTime64({end:UInt32}, 3)
FROM numbers(60);

-- A clip each five minutes.
INSERT INTO sensor_audio (ts, device_id, level_dbfs, heard_by)
SELECT toDateTime64({start:UInt32} + intDiv(number, 10) * 300 + number % 10, 3, 'UTC'),
    concat('window_0', toString(number % 10)), -70 + rand() % 400 / 10., 'home'
FROM numbers(intDiv({end:UInt32} - {start:UInt32}, 300) * 10);

-- A question each ten minutes: one in six moves the window, one in ninety-seven has no answer, two months a model.
INSERT INTO ml_predictions (ts, device_id, correlation_id, position, confidence, reasons, model_version, acted, error,
    temperature, humidity, latency_ms, decision)
WITH intDiv(number, 10) AS turn, concat('window_0', toString(number % 10)) AS device, turn % 97 = 0 AS is_lost
SELECT toDateTime64({start:UInt32} + turn * 600 + number % 10, 3, 'UTC'), device, concat(device, '-', toString(turn)),
    if(is_lost, NULL, rand(1) % 21 * 5), if(is_lost, NULL, least(0.99, 0.3 + rand(2) % 1000 / 1300.)),
    [('too_warm', 20.), ('street_noise', -8.), ('comfortable', 4.)],
    if(is_lost, NULL, concat('2026.', toString(1 + intDiv(turn, 8640)), '.0')), turn % 6 = 0 AND NOT is_lost,
    if(is_lost, 'no_answer', NULL), 22, 55, 20 + rand(3) % 60, 'ready'
FROM numbers(intDiv({end:UInt32} - {start:UInt32}, 600) * 10);

-- A decision for each question, and one between: a rule took over, or gave way.
INSERT INTO decisions (ts, device_id, correlation_id, why, ask, grant_act, grant_min, grant_max, position)
WITH intDiv(number, 10) AS turn, concat('window_0', toString(number % 10)) AS device
SELECT toDateTime64({start:UInt32} + turn * 300 + number % 10, 3, 'UTC'), device,
    if(turn % 2 = 0, concat(device, '-', toString(intDiv(turn, 2))), NULL),
    transform(turn % 23, [1, 2, 3, 5], ['rain', 'held', 'wind', 'mode_advise'], 'ready'), 1, 1, 0, 100, rand() % 100
FROM numbers(intDiv({end:UInt32} - {start:UInt32}, 300) * 10);

-- Each hour a command, its result and the move.
INSERT INTO window_actions (ts, device_id, kind, source, command_id, correlation_id, position_from, position_to, result)
WITH intDiv(number, 30) AS turn, concat('window_0', toString(number % 10)) AS device, intDiv(number, 10) % 3 AS step
SELECT toDateTime64({start:UInt32} + turn * 3600 + step * 5 + number % 10, 3, 'UTC'), device,
    transform(step, [0, 1], ['command', 'result'], 'moved'), 'ml', concat(device, '-', toString(turn * 6)),
    concat(device, '-', toString(turn * 6)), if(step = 2, (turn + 20) * 7 % 21 * 5, NULL),
    if(step = 1, NULL, turn * 7 % 21 * 5), if(step = 1, 'accepted', NULL)
FROM numbers(intDiv({end:UInt32} - {start:UInt32}, 3600) * 30);

-- Three hands a day after the model's word, each with a hold.
INSERT INTO corrections (ts, device_id, correlation_id, position_model, position_owner, after_s, confidence,
    model_version, learned, kind, request)
WITH intDiv(number, 10) AS turn, concat('window_0', toString(number % 10)) AS device
SELECT toDateTime64({start:UInt32} + turn * 28800 + 300 + number % 10, 3, 'UTC'), device,
    concat(device, '-', toString(turn * 48)), 40, 80, 300, least(0.99, 0.3 + rand() % 1000 / 1300.),
    concat('2026.', toString(1 + intDiv(turn, 180)), '.0'), 1,
    transform(turn % 3, [0, 1], ['undone', 'refused'], 'agreed'), '{}'
FROM numbers(intDiv({end:UInt32} - {start:UInt32}, 28800) * 10);

INSERT INTO holds (ts, device_id, cause, ends, ended)
WITH toDateTime64({start:UInt32} + intDiv(number, 10) * 28800 + 300 + number % 10, 3, 'UTC') AS begin
SELECT begin, concat('window_0', toString(number % 10)), 'window', begin + 7200, begin + 7200
FROM numbers(intDiv({end:UInt32} - {start:UInt32}, 28800) * 10);

-- A look at each window each five minutes.
INSERT INTO health (ts, device_id, kind, state, reasons, last_seen)
WITH toDateTime64({start:UInt32} + intDiv(number, 10) * 300 + number % 10, 3, 'UTC') AS seen
SELECT seen, concat('window_0', toString(number % 10)), 'window', if(number % 499 = 0, 'silent', 'online'), [], seen
FROM numbers(intDiv({end:UInt32} - {start:UInt32}, 300) * 10);

-- The house and its parts each minute. The maps of a whole year at once would take too much memory.
INSERT INTO health (ts, device_id, kind, state, metrics)
SELECT toDateTime64({start:UInt32} + number * 60, 3, 'UTC'), 'home', 'home', 'ok',
    map('messages_temperature', 60. + rand(1) % 40, 'messages_humidity', 60. + rand(2) % 40, 'messages_audio', 2,
        'messages_state', 10. + rand(3) % 4, 'messages_response', 1, 'dropped_json', number % 300 = 0,
        'errors_unreachable', number % 900 = 0, 'questions', 1, 'answers', number % 97 != 0,
        'no_answers', number % 97 = 0, 'answers_failed', 0, 'rows_stored', 200, 'rows_spooled', number % 900 = 0,
        'rows_lost', 0, 'values_nulled', 0, 'queue_rows', rand(4) % 50, 'spool_rows', number % 900 = 0,
        'spool_bytes', number % 900 = 0, 'insert_ms', 9, 'windows', 10, 'windows_online', 10)
FROM numbers(intDiv({end:UInt32} - {start:UInt32}, 60))
SETTINGS max_block_size = 40000, min_insert_block_size_rows = 40000;

INSERT INTO health (ts, device_id, kind, state, latency_ms)
WITH number % 3 AS part
SELECT toDateTime64({start:UInt32} + intDiv(number, 3) * 60, 3, 'UTC'),
    transform(part, [0, 1], ['broker', 'database'], 'inference'), transform(part, [0, 1], ['broker', 'database'], 'service'),
    transform(part, [0, 1], ['online', 'ok'], 'ready'), transform(part, [0, 1], [1, 9], 30) + rand() % 100 / 10.
FROM numbers(intDiv({end:UInt32} - {start:UInt32}, 60) * 3);

INSERT INTO replays (ts, device_id, replay_id, replayed_at, correlation_id, position_then, position_now, model_now,
    why_then, why_now, differs)
SELECT toDateTime64({end:UInt32} - number * 600, 3, 'UTC'), concat('window_0', toString(number % 10)),
    concat('run ', toString(intDiv(number, 1000))), toDateTime64({end:UInt32}, 3), toString(number), 40, rand() % 100,
    '2026.7.0', 'ready', 'ready', number % 4 = 0
FROM numbers(20000);
