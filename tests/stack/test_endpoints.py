"""endpoints.json."""

import json
import stat
from pathlib import Path

import pytest

from stack.endpoints import Endpoints, read_endpoints, write_endpoints
from stack.errors import StackError
from stack.json_shape import ShapeError

ENDPOINTS = Endpoints(
    mqtt_host="127.0.0.1",
    mqtt_port=18830,
    home_assistant_url="http://127.0.0.1:18123",
    home_assistant_token="token",
    home_assistant_user="owner",
    home_assistant_password="password",
    home_assistant_client_id="http://127.0.0.1:18123/",
    home_assistant_tokens={"access_token": "a", "refresh_token": "r", "expires_in": 1800},
    clickhouse_url="http://127.0.0.1:18124",
    clickhouse_user="grafana",
    clickhouse_password="secret",
    clickhouse_database="smart_window",
    clickhouse_writer="smart_window",
    clickhouse_writer_password="another secret",
    ml_instance="demo",
    ml_status_topic="ml/status/demo",
    ml_log="service.log",
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.json"
    write_endpoints(path, ENDPOINTS)
    assert read_endpoints(path) == ENDPOINTS
    assert [entry.name for entry in tmp_path.iterdir()] == ["endpoints.json"]


def test_it_has_the_fields_that_others_rely_on(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.json"
    write_endpoints(path, ENDPOINTS)
    content = json.loads(path.read_text())
    assert content["mqtt"] == {"host": "127.0.0.1", "port": 18830}
    assert {"url", "token", "user", "password"} <= content["home_assistant"].keys()
    assert content["clickhouse"].keys() == {"url", "user", "password", "database"}
    assert "instance" in content["ml"]


def test_it_holds_keys_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.json"
    write_endpoints(path, ENDPOINTS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_absent_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"no demo runs.*\./scripts/demo"):
        read_endpoints(tmp_path / "endpoints.json")


def test_a_field_that_does_not_fit_is_named(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.json"
    content = ENDPOINTS.as_json()
    content["mqtt"] = {"host": "127.0.0.1", "port": "many"}
    path.write_text(json.dumps(content))
    with pytest.raises(ShapeError, match="mqtt, field 'port': expected a whole number"):
        read_endpoints(path)
    path.write_text("{")
    with pytest.raises(StackError, match="is not JSON"):
        read_endpoints(path)
