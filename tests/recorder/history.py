"""What each version of the schema wrote: rows of every table that it had.

The rows of version V lie at V o'clock, two days before `END`, so that those of all versions are told apart.
"""

END = 1_795_132_800  # Unix seconds, a midnight

_FIRST = """
sensor_temperature (ts, device_id, value) VALUES ({at}, 'bedroom', 20.5), ({at} + 90, 'bedroom', 21.5);
sensor_humidity (ts, device_id, value) VALUES ({at}, 'bedroom', 50), ({at} + 90, 'bedroom', 52);
sensor_audio (ts, device_id, level_dbfs, heard_by, features) VALUES
    ({at}, 'bedroom', -40, 'home', map()), ({at} + 1, 'bedroom', NULL, 'service', map('loudness', 0.5));
window_actions (ts, device_id, kind, source, command_id, position_from, position_to, result) VALUES
    ({at} + 1, 'bedroom', 'command', 'ml', 'question-{version}', NULL, 40, NULL),
    ({at} + 2, 'bedroom', 'result', NULL, 'question-{version}', NULL, NULL, 'accepted'),
    ({at} + 9, 'bedroom', 'moved', 'ml', 'question-{version}', 0, 40, NULL);
device_registry (ts, device_id, name, sw_version, last_seen) VALUES ({at}, 'bedroom', 'Bedroom', '1.0', {at});
ml_predictions (ts, device_id, correlation_id, position, confidence, reasons, model_version, acted, error, grant_act,
        grant_min, grant_max, grant_min_confidence, temperature, latency_ms) VALUES
    ({at}, 'bedroom', 'question-{version}', 40, 0.8, [('too_warm', 12)], '1', 1, NULL, 1, 0, 100, 0.6, 20.5, 35),
    ({at} + 600, 'bedroom', 'lost-{version}', NULL, NULL, [], NULL, 0, 'no_answer', 1, 0, 100, 0.6, NULL, NULL)
"""
_ROLL_UPS = "sensor_temperature (ts, device_id, value) VALUES ({at} + 120, 'bedroom', NULL)"
_DECISIONS = """
decisions (ts, device_id, correlation_id, why, ask, grant_act) VALUES
    ({at}, 'bedroom', 'question-{version}', 'ready', 1, 1), ({at} + 60, 'bedroom', NULL, 'rain', 0, 0);
corrections (ts, device_id, correlation_id, position_model, position_owner, confidence, model_version, request) VALUES
    ({at} + 300, 'bedroom', 'question-{version}', 40, 0, 0.8, '1', '{{}}');
health (ts, device_id, kind, state, reasons, latency_ms, metrics) VALUES
    ({at}, 'bedroom', 'window', 'online', [], NULL, map()), ({at}, 'broker', 'broker', 'online', [], 2, map()),
    ({at}, 'home', 'home', 'ok', [], NULL, map('messages_audio', 3, 'dropped_json', 1, 'queue_rows', 5));
window_configuration (ts, device_id, setting, value) VALUES ({at}, 'bedroom', 'mode', 'automatic')
"""
_WHOLE_QUESTIONS = """
holds (ts, device_id, cause, ends) VALUES ({at} + 300, 'bedroom', 'window', {at} + 7500);
replays (ts, device_id, replay_id, replayed_at, correlation_id, why_then, why_now, differs) VALUES
    ({at}, 'bedroom', 'again', {at} + 900, 'question-{version}', 'ready', 'rain', 1)
"""
_ADDED = (_FIRST, _ROLL_UPS, _DECISIONS, _WHOLE_QUESTIONS, "")

VERSIONS = range(1, len(_ADDED) + 1)


def rows_of(version: int) -> tuple[str, ...]:
    """What goes after INSERT INTO: rows as this version wrote them, into every table that it had."""
    at = f"toDateTime64({END - 2 * 86_400 + version * 3_600}, 3, 'UTC')"
    text = ";".join(_ADDED[:version]).format(at=at, version=version)
    return tuple(part for raw in text.split(";") if (part := raw.strip()))


def tables_of(version: int) -> frozenset[str]:
    """The tables that those rows go to."""
    return frozenset(text.split()[0] for text in rows_of(version))
