"""Pauses, kept clips, what the Supervisor offers, and the log that does not flood."""

import itertools
import logging
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, strategies as st

from ml_addon.backoff import FIRST_S, LONGEST_S, Backoff
from ml_addon.clips import ClipStore
from ml_addon.config import Storage
from ml_addon.ledger import Ledger
from ml_addon.strict_json import Kind
from ml_addon.supervisor import offered_broker
from ml_addon.wav import Encoding, RawClip, read_wav


@given(st.integers(0, 100), st.integers(1, 60))
def test_pauses_grow_to_a_limit_and_are_spread(seed: int, count: int) -> None:
    backoff = Backoff(random.Random(seed).random)
    for k in range(count):
        whole = min(FIRST_S * 2**k, LONGEST_S)
        assert whole / 2 <= backoff.pause() <= whole
    backoff.reset()
    assert backoff.pause() <= FIRST_S


def test_two_clients_do_not_come_back_at_the_same_moment() -> None:
    assert Backoff(random.Random(1).random).pause() != Backoff(random.Random(2).random).pause()


def kept_clips(folder: Path, *, max_files: int, max_bytes: int, max_days: float) -> list[int]:
    """Five clips of 16 044 bytes, a day apart: which of them are left."""
    day = itertools.count(1_700_000_000, 86_400)
    now = next(day)
    store = ClipStore(Storage(True, folder, max_files, max_bytes, max_days), lambda: now)
    for k in range(5):
        now = next(day)
        store.keep("bedroom", RawClip(Encoding.S16, 16_000, 1, bytes([k, 0]) * 8000))
    return [read_wav(path.read_bytes()).data[0] for path in sorted(folder.iterdir())]


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"max_files": 3, "max_bytes": 10**6, "max_days": 99}, [2, 3, 4]),
        ({"max_files": 99, "max_bytes": 40_000, "max_days": 99}, [3, 4]),
        ({"max_files": 99, "max_bytes": 10**6, "max_days": 1.5}, [3, 4]),
        ({"max_files": 99, "max_bytes": 10_000, "max_days": 99}, []),
    ],
    ids=["number", "size", "age", "one is too large"],
)
def test_only_the_last_clips_are_kept(tmp_path: Path, limits: dict[str, Any], left: list[int]) -> None:
    assert kept_clips(tmp_path / "clips", **limits) == left


def test_a_kept_clip_is_for_its_owner_alone(tmp_path: Path) -> None:
    kept_clips(tmp_path / "clips", max_files=1, max_bytes=10**6, max_days=9)
    (path,) = (tmp_path / "clips").iterdir()
    assert path.stat().st_mode & 0o077 == 0


class Supervisor(BaseHTTPRequestHandler):
    """Answers as Home Assistant's does."""

    answer: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        known = self.path == "/services/mqtt" and self.headers["Authorization"] == "Bearer token"
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(self.answer if known else b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def supervisor() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Supervisor)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_supervisor_s_broker_is_offered(supervisor: str) -> None:
    Supervisor.answer = (
        b'{"result": "ok", "data": {"host": "core-mosquitto", "port": 1883, "ssl": false, "protocol": "3.1.1",'
        b' "username": "addons", "password": "secret", "addon": "core_mosquitto"}}'
    )
    assert offered_broker({"SUPERVISOR_TOKEN": "token"}, supervisor) == {
        "mqtt_host": "core-mosquitto",
        "mqtt_port": 1883,
        "mqtt_tls": False,
        "mqtt_username": "addons",
        "mqtt_password": "secret",
    }
    assert offered_broker({"SUPERVISOR_TOKEN": "wrong"}, supervisor) == {}


@pytest.mark.parametrize("answer", [b"", b"no", b"[]", b'{"data": 1}', b'{"result": "error"}', b"\xff"])
def test_a_supervisor_without_a_broker_offers_nothing(supervisor: str, answer: bytes) -> None:
    Supervisor.answer = answer
    assert offered_broker({"SUPERVISOR_TOKEN": "token"}, supervisor) == {}


def test_without_a_supervisor_nobody_is_asked() -> None:
    assert offered_broker({}, "http://127.0.0.1:1") == {}
    assert offered_broker({"SUPERVISOR_TOKEN": "token"}, "http://127.0.0.1:1") == {}


def test_trouble_is_told_once_per_window_and_kind_and_never_without_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    ledger = Ledger()
    for _ in range(3):
        ledger.bad("a", Kind.JSON, "broken")
        ledger.bad("a", Kind.FIELDS, "broken")
        ledger.bad("b", Kind.JSON, "broken")
    assert len(caplog.records) == 3
    assert ledger.counts == {"bad_json": 6, "bad_fields": 3}
    for k in range(3000):
        ledger.bad(f"w{k}", Kind.JSON, "broken")
    assert len(caplog.records) == 1001
