"""What an owner or the Supervisor writes for the service: service.yaml, the app's options, secrets in files."""

import tempfile
from pathlib import Path

from ml_addon.config import load_config
from ml_addon.settings import ConfigError
from ml_addon.strict_json import ContractError, parse_object
from tests.fuzz.engine.target import Target, promise

_SHIPPED = (Path(__file__).parents[3] / "ml_addon" / "service.yaml").read_bytes()
_YAML = (
    _SHIPPED,
    b"instance: ml-1\nmqtt: {host: broker, port: 1883, tls: false}\nlimits:\n  queue: 32\n  workers: 1\n",
    b"mqtt: &a {host: x, port: 2001-12-14, username: 0x1F}\nweb: {<<: *a, port: 1_000}\nlog: {level: 190:20:30}\n",
    b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\ninstance: *b\n",
    b"storage: {raw_clips: yes, max_days: .inf, path: !!binary aGk=, max_mb: !!int 5, max_files: !!float 3}\n",
    b"[[[[[[[[",
    b"? [a, b]\n: c\n--- \n%TAG",
)
_OPTIONS = (
    b'{"instance":"ml-1","mqtt_host":"broker","mqtt_port":1883,"mqtt_password":"secret","log_level":"info"}',
    b'{"limits_queue":32,"storage_raw_clips":true,"storage_max_days":7.5,"model_version":null,"mqtt_prefix":"home"}',
    b"{}",
)
_ANSWER = (b'{"result":"ok","data":{"host":"core-mosquitto","port":1883,"username":"u","password":"p","ssl":false}}',)
_MOST_TEXT = 100_000


def targets() -> list[Target]:
    """Each file alone; and what the Supervisor answers."""
    return [
        _file("yaml", _YAML, 40),
        _file("options", _OPTIONS, 4),
        _file("secret", (b"hunter2\n", b""), 10),
        _answer(),
    ]


def _file(kind: str, seeds: tuple[bytes, ...], one_of: int) -> Target:
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / kind
    nowhere = Path(folder.name) / "nothing"

    def feed(payload: bytes) -> bool:
        path.write_bytes(payload)
        env = {"SMART_WINDOW_MQTT_PASSWORD_FILE": str(path)} if kind == "secret" else {}
        try:
            load_config(path if kind == "yaml" else None, env, path if kind == "options" else nowhere, {})
        except ConfigError as error:
            promise("a refusal is short", len(str(error)) < _MOST_TEXT)
            return False
        return True

    feed.__dict__["folder"] = folder  # it goes when the target goes
    return Target(kind, seeds, feed, 20_000, one_of=one_of, most_memory=20_000_000)


def _answer() -> Target:
    def feed(payload: bytes) -> bool:
        try:
            data = parse_object(payload).get("data")
        except ContractError:
            return False
        if not isinstance(data, dict):
            return False
        offered = {f"mqtt_{name}": value for name, value in data.items()}
        try:
            load_config(None, {}, Path("/nonexistent"), offered)
        except ConfigError:
            return False
        return True

    return Target("supervisor", _ANSWER, feed, one_of=2)
