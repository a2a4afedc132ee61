"""Logs are JSON with the id of what they are about; figures can be read by Prometheus."""

import json
import logging
import socket
from urllib.request import urlopen

import pytest

from ml_addon.chronicle import BOUNDS_MS, Answered, Chronicle
from ml_addon.logs import JsonFormatter
from ml_addon.metrics import Figures, serve_metrics
from ml_addon.prediction import ErrorCode, Failure, Prediction
from ml_addon.status_messages import State, Status

ANSWER = Prediction(70.0, 0.8, (), "v1", {})


def line(**extra: object) -> dict[str, object]:
    record = logging.getLogger("ml_addon.desk").makeRecord(
        "ml_addon.desk", logging.WARNING, "", 0, "Window %s: %s", ("bedroom", 'a "quoted"\nword'), None, extra=extra
    )
    text = JsonFormatter().format(record)
    assert "\n" not in text
    found: dict[str, object] = json.loads(text)
    return found


def test_a_line_is_one_object_with_its_level_and_the_fields_that_apply() -> None:
    found = line(device_id="bedroom", correlation_id="q1", secret="of no concern")
    assert str(found.pop("ts")).endswith("+00:00")
    assert found == {
        "level": "warning",
        "logger": "ml_addon.desk",
        "message": 'Window bedroom: a "quoted"\nword',
        "device_id": "bedroom",
        "correlation_id": "q1",
    }


def test_an_exception_stays_in_its_line() -> None:
    error = ValueError("invalid literal")
    record = logging.getLogger("x").makeRecord("x", logging.ERROR, "", 0, "failed", (), (ValueError, error, None))
    found = json.loads(JsonFormatter().format(record))
    assert "ValueError: invalid literal" in found["exception"]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
        return found


def test_prometheus_reads_states_counts_and_latency(port: int) -> None:
    chronicle = Chronicle()
    for took_ms in (1.0, 15.0, 15.0, 5000.0):
        chronicle.note(Answered(0.0, "bedroom", ANSWER, False, took_ms))
    chronicle.note(Answered(0.0, "bedroom", Failure(ErrorCode.BUSY, "full"), False, 1.0))
    status = Status("ml-1", State.READY, model_version="v1", counters={"answered": 4, "error_busy": 1})
    server = serve_metrics("127.0.0.1", port, Figures(lambda: status, chronicle))
    try:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as reply:
            text = reply.read().decode()
    finally:
        server.shutdown()
        server.server_close()
    values = dict(row.rsplit(" ", 1) for row in text.splitlines() if not row.startswith("#"))
    assert values['smart_window_state{state="ready"}'] == "1.0"
    assert values['smart_window_model{version="v1"}'] == "1.0"
    assert values['smart_window_events_total{kind="answered"}'] == "4.0"
    assert values['smart_window_events_total{kind="error_busy"}'] == "1.0"
    assert values['smart_window_answer_seconds_bucket{le="0.002"}'] == "1.0"
    assert values['smart_window_answer_seconds_bucket{le="0.02"}'] == "3.0"
    assert (
        values['smart_window_answer_seconds_bucket{le="+Inf"}'] == values["smart_window_answer_seconds_count"] == "4.0"
    )
    assert float(values["smart_window_answer_seconds_sum"]) == pytest.approx(5.031)
    assert "bedroom" not in text
    assert len(chronicle.buckets) == len(BOUNDS_MS) + 1


def test_a_port_that_is_taken_is_an_error(port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            serve_metrics("127.0.0.1", port, Figures(lambda: Status("ml-1", State.READY), Chronicle()))
