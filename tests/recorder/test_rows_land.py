"""A row arrives in its table as it was put."""

import pytest

from custom_components.smart_window.recorder.recorder import Limits
from custom_components.smart_window.recorder.rows import (
    ActionKind,
    ActionRow,
    AudioRow,
    ConfigurationRow,
    CorrectionKind,
    CorrectionRow,
    DecisionRow,
    DeviceRow,
    HealthKind,
    HealthRow,
    HeardBy,
    HoldRow,
    HumidityRow,
    PredictionRow,
    ReplayRow,
    Row,
    TemperatureRow,
    TraceStep,
)
from custom_components.smart_window.recorder.server import ServerSettings
from custom_components.smart_window.recorder.tables import TABLES
from stack.clickhouse import ClickHouse

from .running import Recorders, readings
from .test_encode import ODD

NAME = "Schlafzimmer „süd“ 寝室 🪟"
AT = 1_795_363_200.123
ON_WIRE = "2026-11-22 16:00:00.123"
HEAD = {"ts": ON_WIRE, "device_id": "bedroom"}

CASES: list[tuple[str, Row, dict[str, object]]] = [
    (
        "sensor_temperature",
        TemperatureRow(ts=AT, device_id="bedroom", value=-12.25),
        HEAD | {"value": -12.25},
    ),
    ("sensor_humidity", HumidityRow(ts=AT, device_id="bedroom", value=48.5), HEAD | {"value": 48.5}),
    (
        "sensor_audio",
        AudioRow(
            ts=AT,
            device_id="bedroom",
            heard_by=HeardBy.SERVICE,
            clip_id=4294967295,
            duration_s=5.0,
            sample_rate=16000,
            level_dbfs=-31.5,
            levels={"laeq": 48.25, "lärm": 51.0},
            features={"rms": 0.125, "centroid": 1500.0},
            feature_schema="mfcc-1",
        ),
        HEAD
        | {
            "heard_by": "service",
            "clip_id": 4294967295,
            "duration_s": 5,
            "sample_rate": 16000,
            "level_dbfs": -31.5,
            "levels": {"laeq": 48.25, "lärm": 51},
            "features": {"rms": 0.125, "centroid": 1500},
            "feature_schema": "mfcc-1",
            "correlation_id": None,
        },
    ),
    (
        "sensor_audio",
        AudioRow(ts=AT, device_id="bedroom", heard_by=HeardBy.WINDOW),
        HEAD
        | {
            "heard_by": "window",
            "clip_id": None,
            "duration_s": None,
            "sample_rate": None,
            "level_dbfs": None,
            "levels": {},
            "features": {},
            "feature_schema": None,
            "correlation_id": None,
        },
    ),
    (
        "window_actions",
        ActionRow(
            ts=AT,
            device_id="bedroom",
            kind=ActionKind.RESULT,
            source="ml",
            command_id="c-1",
            correlation_id="c-1",
            position_from=12.5,
            position_to=33.3,
            action="stop",
            result="accepted",
            reason="band",
            confidence=0.82,
            model_version="1.2.0 ü",
            session="s1",
            rev=7,
        ),
        HEAD
        | {
            "kind": "result",
            "source": "ml",
            "command_id": "c-1",
            "correlation_id": "c-1",
            "position_from": 12.5,
            "position_to": 33.3,
            "action": "stop",
            "result": "accepted",
            "reason": "band",
            "confidence": 0.82,
            "model_version": "1.2.0 ü",
            "session": "s1",
            "rev": 7,
        },
    ),
    (
        "window_actions",
        ActionRow(ts=AT, device_id="bedroom", kind=ActionKind.HAND),
        HEAD
        | {"kind": "hand"}
        | dict.fromkeys(
            (
                "source",
                "command_id",
                "correlation_id",
                "position_from",
                "position_to",
                "action",
                "result",
                "reason",
                "confidence",
                "model_version",
                "session",
                "rev",
            )
        ),
    ),
    (
        "device_registry",
        DeviceRow(
            ts=AT,
            device_id="bedroom",
            name=NAME,
            model="SW-1",
            sw_version="1.0",
            hw="esp32s3",
            area="Schlafzimmer",
            capabilities=("position", "audio"),
            configuration='{"a": "\\u00fc"}',
            last_seen=AT,
            mode="advise",
        ),
        HEAD
        | {
            "name": NAME,
            "model": "SW-1",
            "sw_version": "1.0",
            "hw": "esp32s3",
            "area": "Schlafzimmer",
            "capabilities": ["position", "audio"],
            "configuration": '{"a": "\\u00fc"}',
            "last_seen": ON_WIRE,
            "mode": "advise",
        },
    ),
    (
        "ml_predictions",
        PredictionRow(
            ts=AT,
            device_id="bedroom",
            correlation_id="q-1",
            position=41.7,
            confidence=0.91,
            reasons=(("noise", -31.5), ("heat", 12.0), ("noise", 0.5)),
            model_version="1.0",
            acted=True,
            grant_act=True,
            grant_min=0,
            grant_max=80,
            grant_min_confidence=0.6,
            temperature=24.1,
            humidity=55.2,
            context={"rain": 1, "hour": 13.7},
            timings_ms={"model": 1.5},
            latency_ms=62.5,
            decision="comfort",
            cause="temperature",
            temperature_ts=AT,
            audio_ts=AT,
            request='{"contract": 1}',
        ),
        HEAD
        | {
            "correlation_id": "q-1",
            "position": 41.7,
            "confidence": 0.91,
            "reasons": [
                {"code": "noise", "effect": -31.5},
                {"code": "heat", "effect": 12},
                {"code": "noise", "effect": 0.5},
            ],
            "model_version": "1.0",
            "acted": True,
            "error": None,
            "error_message": None,
            "grant_act": True,
            "grant_min": 0,
            "grant_max": 80,
            "grant_min_confidence": 0.6,
            "temperature": 24.1,
            "humidity": 55.2,
            "context": {"rain": 1, "hour": 13.7},
            "timings_ms": {"model": 1.5},
            "latency_ms": 62.5,
            "decision": "comfort",
            "cause": "temperature",
            "temperature_ts": ON_WIRE,
            "humidity_ts": None,
            "audio_ts": ON_WIRE,
            "request": '{"contract": 1}',
        },
    ),
    (
        "decisions",
        DecisionRow(
            ts=AT,
            device_id="bedroom",
            why="held",
            ask=True,
            grant_act=False,
            grant_min=0,
            grant_max=80,
            grant_min_confidence=0.6,
            correlation_id="q-1",
            machines=False,
            position=30,
            temperature=24.1,
            hold_left_s=59.5,
            trace=(TraceStep(rule="hand", outcome="no_move", why="held", facts='{"value": 59.5}'),),
            told="moved_by_model",
            mode="automatic",
            command_position=0,
            command_source="safety",
            suggestion_position=12.5,
            snapshot='{"now": 1}',
        ),
        HEAD
        | {
            "correlation_id": "q-1",
            "why": "held",
            "ask": True,
            "grant_act": False,
            "grant_min": 0,
            "grant_max": 80,
            "grant_min_confidence": 0.6,
            "machines": False,
            "position": 30,
            "temperature": 24.1,
            "humidity": None,
            "level_dbfs": None,
            "hold_left_s": 59.5,
            "trace": [{"rule": "hand", "outcome": "no_move", "why": "held", "facts": '{"value": 59.5}'}],
            "told": "moved_by_model",
            "mode": "automatic",
            "command_position": 0,
            "command_source": "safety",
            "suggestion_position": 12.5,
            "snapshot": '{"now": 1}',
        },
    ),
    (
        "corrections",
        CorrectionRow(
            ts=AT,
            device_id="bedroom",
            correlation_id="q-1",
            position_model=70,
            position_owner=10,
            after_s=61.5,
            confidence=0.8,
            model_version="1.0",
            request='{"contract": 1}',
            kind=CorrectionKind.REFUSED,
        ),
        HEAD
        | {
            "correlation_id": "q-1",
            "position_model": 70,
            "position_owner": 10,
            "after_s": 61.5,
            "confidence": 0.8,
            "model_version": "1.0",
            "learned": None,
            "detail": None,
            "request": '{"contract": 1}',
            "kind": "refused",
        },
    ),
    (
        "health",
        HealthRow(
            ts=AT,
            device_id="bedroom",
            kind=HealthKind.WINDOW,
            state="stuck",
            reasons=("frozen_temperature",),
            latency_ms=1.5,
            rssi_dbm=-70,
            clock_drift_s=-2.5,
            last_seen=AT,
            metrics={"messages": 3},
        ),
        HEAD
        | {
            "kind": "window",
            "state": "stuck",
            "reasons": ["frozen_temperature"],
            "latency_ms": 1.5,
            "rssi_dbm": -70,
            "clock_drift_s": -2.5,
            "last_seen": ON_WIRE,
            "metrics": {"messages": 3},
        },
    ),
    (
        "window_configuration",
        ConfigurationRow(ts=AT, device_id="bedroom", setting="mode", value="off", value_before="advise", source="user"),
        {**HEAD, "setting": "mode", "value": "off", "value_before": "advise", "source": "user"},
    ),
    (
        "holds",
        HoldRow(ts=AT, device_id="bedroom", cause="window", ends=AT),
        HEAD | {"cause": "window", "ends": ON_WIRE, "ended": None},
    ),
    (
        "replays",
        ReplayRow(
            ts=AT,
            device_id="bedroom",
            replay_id="r-1",
            replayed_at=AT,
            correlation_id="q-1",
            position_then=70,
            position_now=30.5,
            confidence_then=0.8,
            model_then="1.0",
            model_now="2.0",
            why_then="ready",
            why_now="held",
            moves_then=70,
            differs=True,
            error="no_answer",
        ),
        HEAD
        | {
            "replay_id": "r-1",
            "replayed_at": ON_WIRE,
            "correlation_id": "q-1",
            "position_then": 70,
            "position_now": 30.5,
            "confidence_then": 0.8,
            "confidence_now": None,
            "model_then": "1.0",
            "model_now": "2.0",
            "why_then": "ready",
            "why_now": "held",
            "moves_then": 70,
            "moves_now": None,
            "differs": True,
            "error": "no_answer",
        },
    ),
]


def test_every_table_is_tried() -> None:
    assert {table for table, _, _ in CASES} == set(TABLES)


async def test_every_table_holds_exactly_what_was_put(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings)
    for _, row, _ in CASES:
        assert running.recorder.put(row)
    await running.stored(len(CASES))
    for table in {table for table, _, _ in CASES}:
        expected = [row for name, _, row in CASES if name == table]
        found = await clickhouse.reader.rows(f"SELECT * FROM {table}")  # noqa: S608  # our own names
        assert sorted(map(_sorted, found)) == sorted(map(_sorted, expected))
    assert running.problems == []


def _sorted(row: object) -> str:
    assert isinstance(row, dict)
    return repr(sorted(row.items()))


async def test_a_question_without_an_answer_is_recorded(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings)
    running.recorder.put(
        PredictionRow(
            ts=AT,
            device_id="bedroom",
            correlation_id="q-2",
            error="timeout",
            error_message="keine Antwort",
            grant_act=False,
            grant_min=0,
            grant_max=100,
            grant_min_confidence=0.6,
        )
    )
    await running.stored(1)
    (row,) = await clickhouse.reader.rows("SELECT position, acted, reasons, error, error_message FROM ml_predictions")
    assert row == {
        "position": None,
        "acted": False,
        "reasons": [],
        "error": "timeout",
        "error_message": "keine Antwort",
    }


async def test_rows_with_values_that_fit_no_column_are_stored_without_them_beside_good_ones(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings)
    good = readings(0, 10, "a")
    for row in (*good, *(odd for _, odd, _ in ODD)):
        assert running.recorder.put(row)
    await running.stored(len(good) + len(ODD))
    assert (running.recorder.counts.nulled, running.recorder.counts.failures) == (len(ODD), 0)
    assert running.problems == []
    for column, odd, stored in ODD:
        if stored is None and not isinstance(odd, TemperatureRow):
            (table,) = {table for table, row, _ in CASES if type(row) is type(odd)}
            nulls = f"SELECT count() AS n FROM {table} WHERE isNull({column})"  # noqa: S608  # our own names
            assert (await clickhouse.reader.rows(nulls))[0]["n"]
    odd_readings = sum(isinstance(odd, TemperatureRow) for _, odd, _ in ODD)
    assert await clickhouse.reader.rows("SELECT count() AS n, count(value) AS good FROM sensor_temperature") == (
        {"n": len(good) + odd_readings, "good": len(good)},
    )


async def test_milliseconds_and_order_of_a_stream_are_kept(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings)
    rows = readings(0, 1000)
    assert all(running.recorder.put(row) for row in rows)
    await running.stored(1000)
    found = await clickhouse.reader.rows(
        "SELECT toUnixTimestamp64Milli(ts) AS ms, value FROM sensor_temperature ORDER BY ts"
    )
    assert [(int(str(row["ms"])), row["value"]) for row in found] == [
        (round(row.ts * 1000), int(row.value)) for row in rows
    ]


async def test_a_batch_over_ten_years_of_months_is_stored(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings, Limits(batch_age_s=0.05))
    months = [
        HumidityRow(ts=1_400_000_000 + month * 31 * 86_400, device_id="bedroom", value=month % 100)
        for month in range(120)
    ]
    assert all(running.recorder.put(row) for row in months)
    await running.stored(120)
    assert await clickhouse.reader.rows("SELECT count() AS n FROM sensor_humidity") == ({"n": 120},)


async def test_a_configuration_seen_again_replaces_its_row_and_a_new_one_adds_a_row(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders
) -> None:
    running = recorders.start(settings)
    for ts, last_seen, version in ((AT, None, "1"), (AT, AT + 60, "1"), (AT + 90, AT + 90, "2"), (AT, AT + 30, "1")):
        running.recorder.put(
            DeviceRow(ts=ts, device_id="bedroom", name="Bedroom", sw_version=version, last_seen=last_seen)
        )
        await running.until("stored", lambda recorder: recorder.waiting == 0 and recorder.counts.stored > 0)
    await running.stored(4)
    found = await clickhouse.reader.rows(
        "SELECT sw_version, toUnixTimestamp64Milli(last_seen) AS seen FROM device_registry FINAL ORDER BY ts"
    )
    assert [(row["sw_version"], int(str(row["seen"]))) for row in found] == [
        ("1", round((AT + 60) * 1000)),
        ("2", round((AT + 90) * 1000)),
    ]


@pytest.mark.parametrize("age_s", [0.05, 0.4])
async def test_a_lone_row_leaves_when_its_batch_is_old_enough(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders, age_s: float
) -> None:
    running = recorders.start(settings)
    for row in readings(0, 1):
        running.recorder.put(row)
    await running.stored(1)
    assert running.recorder.waiting == 0
