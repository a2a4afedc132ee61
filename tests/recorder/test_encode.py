"""A value that does not fit its column is found before it is queued, and costs no more than itself."""

import json
import math
import struct
import time
from random import Random

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.recorder.encode import InvalidRowError, encode
from custom_components.smart_window.recorder.recorder import Recorder
from custom_components.smart_window.recorder.rows import (
    ActionKind,
    ActionRow,
    AudioRow,
    DeviceRow,
    HealthKind,
    HealthRow,
    HeardBy,
    HumidityRow,
    Row,
    TemperatureRow,
)
from custom_components.smart_window.recorder.server import ServerSettings

NOWHERE = ServerSettings.of(url="http://127.0.0.1:9", user="u", password="p", database="d")

NO_PLACE: list[tuple[str, Row]] = [
    ("ts", TemperatureRow(ts=-1.0, device_id="a", value=1)),
    ("ts", TemperatureRow(ts=math.nan, device_id="a", value=1)),
    ("ts", TemperatureRow(ts=1.8e12, device_id="a", value=1)),  # milliseconds
    ("device_id", TemperatureRow(ts=1.0, device_id="", value=1)),
    ("device_id", TemperatureRow(ts=1.0, device_id="\ud800", value=1)),
    ("device_id", AudioRow(ts=1.0, device_id="x" * 65_537, heard_by=HeardBy.HOME)),
]
MANY = {str(number): 0.0 for number in range(1025)}
ODD: list[tuple[str, Row, object]] = [
    ("value", TemperatureRow(ts=1.0, device_id="a", value=math.nan), None),
    ("value", HumidityRow(ts=1.0, device_id="a", value=-math.inf), None),
    ("value", TemperatureRow(ts=1.0, device_id="a", value=1e39), None),
    ("value", TemperatureRow(ts=1.0, device_id="a", value=10**400), None),
    ("clip_id", AudioRow(ts=1.0, device_id="a", heard_by=HeardBy.HOME, clip_id=2**32), None),
    ("levels", AudioRow(ts=1.0, device_id="a", heard_by=HeardBy.HOME, levels={"a": math.nan, "b": 1}), {"b": 1.0}),
    ("features", AudioRow(ts=1.0, device_id="a", heard_by=HeardBy.HOME, features={"\udfff": 1.0}), {}),
    (
        "features",
        AudioRow(ts=1.0, device_id="a", heard_by=HeardBy.HOME, features=MANY),
        dict(list(MANY.items())[:1024]),
    ),
    ("rev", ActionRow(ts=1.0, device_id="a", kind=ActionKind.MOVED, rev=-1), None),
    ("reason", ActionRow(ts=1.0, device_id="a", kind=ActionKind.MOVED, reason="x" * 65_537), None),
    ("last_seen", DeviceRow(ts=1.0, device_id="a", name="n", last_seen=math.inf), None),
    ("name", DeviceRow(ts=1.0, device_id="a", name="n\ud800m"), "n?m"),
    ("configuration", DeviceRow(ts=1.0, device_id="a", name="n", configuration="x" * 65_540), "x" * 65_536),
    ("capabilities", DeviceRow(ts=1.0, device_id="a", name="n", capabilities=("a", "\ud800")), ["a"]),
    ("metrics", HealthRow(ts=1.0, device_id="a", kind=HealthKind.HOME, state="", metrics={"a": math.inf}), {}),
]


@pytest.mark.parametrize(("column", "row"), NO_PLACE)
def test_a_row_without_time_or_device_is_refused_by_its_column(column: str, row: Row) -> None:
    with pytest.raises(InvalidRowError, match=rf"^{column}: expected ") as caught:
        encode(row)
    assert caught.value.column == column


@pytest.mark.parametrize(("column", "row", "stored"), ODD)
def test_a_value_that_does_not_fit_is_left_out_and_named(column: str, row: Row, stored: object) -> None:
    table, values, faults = encode(row)
    assert values[table.names.index(column)] == stored
    assert len(faults) == 1
    assert faults[0].startswith(f"{column}: expected ")
    assert len(values) == len(table.names)


async def test_put_takes_the_row_counts_the_value_and_tells_once(caplog: pytest.LogCaptureFixture) -> None:
    recorder = Recorder(NOWHERE, on_problem=lambda _: None, clock=time.monotonic, random=Random(1))
    assert recorder.put(ODD[0][1])
    assert recorder.put(ODD[0][1])
    assert not recorder.put(NO_PLACE[0][1])
    assert (recorder.counts.nulled, recorder.counts.invalid, recorder.waiting) == (2, 1, 2)
    assert [record.getMessage() for record in caplog.records] == [
        "TemperatureRow: value: expected a finite number that fits 32 bits; stored without it",
        "TemperatureRow: ts: expected Unix seconds before the year 2100",
    ]


@given(st.floats(0, 4_102_444_799), st.text(min_size=1, max_size=80), st.floats())
def test_whatever_is_taken_is_finite_and_can_be_written_as_utf8(ts: float, device_id: str, value: float) -> None:
    _, values, faults = encode(TemperatureRow(ts=ts, device_id=device_id, value=value))
    ticks, name, number = values
    assert isinstance(ticks, int)
    assert abs(ticks / 1000 - ts) <= 0.001
    assert isinstance(name, str)
    assert name.encode().decode() == device_id
    assert (number is None) == bool(faults)
    if number is None:
        assert not abs(value) <= 3.4028234663852886e38
    else:
        assert isinstance(number, float)
        struct.pack("<f", number)
        assert number == value


@given(st.text(max_size=70), st.lists(st.floats(), max_size=5))
def test_every_text_and_list_comes_out_storable(text: str, numbers: list[float]) -> None:
    row = AudioRow(
        ts=1.0,
        device_id="a",
        heard_by=HeardBy.HOME,
        feature_schema=text,
        features={f"{text}{number}": value for number, value in enumerate(numbers)},
    )
    _, values, _ = encode(row)
    json.dumps(values, allow_nan=False).encode()
