"""endpoints.json: where a running stack can be reached, and with which keys."""

import json
from dataclasses import dataclass
from pathlib import Path

from .errors import StackError
from .json_shape import Json, JsonObject, as_object, member, text, whole


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What a running stack offers. `tokens` are the browser's, as the front end keeps them."""

    mqtt_host: str
    mqtt_port: int
    home_assistant_url: str
    home_assistant_token: str
    home_assistant_user: str
    home_assistant_password: str
    home_assistant_client_id: str
    home_assistant_tokens: JsonObject
    clickhouse_url: str
    clickhouse_user: str
    clickhouse_password: str
    clickhouse_database: str
    clickhouse_writer: str
    clickhouse_writer_password: str
    ml_instance: str
    ml_status_topic: str
    ml_log: str

    def as_json(self) -> JsonObject:
        """Return the content of the file."""
        return {
            "mqtt": {"host": self.mqtt_host, "port": self.mqtt_port},
            "home_assistant": {
                "url": self.home_assistant_url,
                "token": self.home_assistant_token,
                "user": self.home_assistant_user,
                "password": self.home_assistant_password,
                "client_id": self.home_assistant_client_id,
                "tokens": self.home_assistant_tokens,
            },
            "clickhouse": {
                "url": self.clickhouse_url,
                "user": self.clickhouse_user,
                "password": self.clickhouse_password,
                "database": self.clickhouse_database,
            },
            "recorder": {"user": self.clickhouse_writer, "password": self.clickhouse_writer_password},
            "ml": {"instance": self.ml_instance, "status_topic": self.ml_status_topic, "log": self.ml_log},
        }

    @classmethod
    def from_json(cls, content: JsonObject) -> Endpoints:
        """Read the content of the file; raises ShapeError that names the field which is missing or unfit."""
        mqtt, home = member(content, "mqtt", "endpoints"), member(content, "home_assistant", "endpoints")
        recorder = member(content, "recorder", "endpoints")
        clickhouse, service = member(content, "clickhouse", "endpoints"), member(content, "ml", "endpoints")
        return cls(
            mqtt_host=text(mqtt, "host", "mqtt"),
            mqtt_port=whole(mqtt, "port", "mqtt"),
            home_assistant_url=text(home, "url", "home_assistant"),
            home_assistant_token=text(home, "token", "home_assistant"),
            home_assistant_user=text(home, "user", "home_assistant"),
            home_assistant_password=text(home, "password", "home_assistant"),
            home_assistant_client_id=text(home, "client_id", "home_assistant"),
            home_assistant_tokens=member(home, "tokens", "home_assistant"),
            clickhouse_url=text(clickhouse, "url", "clickhouse"),
            clickhouse_user=text(clickhouse, "user", "clickhouse"),
            clickhouse_password=text(clickhouse, "password", "clickhouse"),
            clickhouse_database=text(clickhouse, "database", "clickhouse"),
            clickhouse_writer=text(recorder, "user", "recorder"),
            clickhouse_writer_password=text(recorder, "password", "recorder"),
            ml_instance=text(service, "instance", "ml"),
            ml_status_topic=text(service, "status_topic", "ml"),
            ml_log=text(service, "log", "ml"),
        )


def write_endpoints(path: Path, endpoints: Endpoints) -> None:
    """Write the file at once and whole, readable by its owner alone: it holds keys."""
    unfinished = path.with_suffix(".new")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(endpoints.as_json(), indent=2) + "\n")
    unfinished.replace(path)


def read_endpoints(path: Path) -> Endpoints:
    """Read the file of a running demo."""
    try:
        content: Json = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise StackError(
            f"{path} is not there: no demo runs, or it is not up yet. Start one: ./scripts/demo"
        ) from error
    except ValueError as error:
        raise StackError(f"{path} is not JSON: {error}") from error
    return Endpoints.from_json(as_object(content, str(path)))
