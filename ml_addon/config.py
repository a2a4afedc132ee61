"""What the service is told: environment variables over the app's options over `service.yaml` over defaults.

Every setting is listed once, in `_read`; service.yaml shows them with their defaults.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import yaml

from .settings import ENV_PREFIX, ConfigError, Layer, Reader, flat_name
from .shelf import Choice
from .strict_json import ContractError, Json, parse_object
from .supervisor import TOKEN_VARIABLE
from .topics import is_id
from .wav import MAX_SECONDS, MIN_SECONDS

CONFIG_VARIABLE = "SMART_WINDOW_CONFIG"
OPTIONS = Path("/data/options.json")
SERVICE_YAML = "service.yaml"
_PACKAGE = Path(__file__).parent
_MIN_TOKEN = 16
_AUTO, _ALONE = "auto", "none"


class Backend(StrEnum):
    """Who computes the features. The numbers are the same; librosa takes several times as long."""

    TORCH = "torch"
    LIBROSA = "librosa"


@dataclass(frozen=True, slots=True)
class Mqtt:
    """How to reach the broker. `prefix` is empty or ends with a slash; for `share` see messages.Topics."""

    host: str
    port: int
    username: str | None
    password: str | None
    tls: bool
    ca_file: Path | None
    prefix: str
    share: str = ""


@dataclass(frozen=True, slots=True)
class Storage:
    """Whether clips are kept as WAV files. Off: no sound is ever written."""

    raw_clips: bool
    path: Path
    max_files: int
    max_bytes: int
    max_days: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests may wait, how many are worked on at a time, and how many one window may send a second."""

    queue: int
    workers: int
    per_device: float = 20.0


@dataclass(frozen=True, slots=True)
class Web:
    """Where the status page is served, and to whom: under the Supervisor to its ingress alone, without a token."""

    enabled: bool
    host: str
    port: int
    token: str | None = field(repr=False)
    ingress: bool


@dataclass(frozen=True, slots=True)
class Metrics:
    """Where Prometheus may read figures; port 0: nowhere."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, validated."""

    instance: str
    mqtt: Mqtt
    model_path: Path
    models: Choice
    backend: Backend
    max_seconds: float
    storage: Storage
    limits: Limits
    web: Web
    log_level: str
    log_json: bool = True
    metrics: Metrics = Metrics("127.0.0.1", 0)
    passing: bool = False  # the name is the container's own, and ends with it
    keeps_models: bool = False  # model_path is the container's own: what is chosen there is remembered


@dataclass(frozen=True, slots=True)
class Found:
    """A configuration, and what somebody may have meant otherwise."""

    config: Config
    warnings: tuple[str, ...]


def load_config(path: Path | None, env: Mapping[str, str], options: Path, offered: Mapping[str, Json]) -> Found:
    """Return the configuration or raise ConfigError with all that is wrong.

    `path` is the YAML file (None: the one that SMART_WINDOW_CONFIG names, else ./service.yaml where there is one).
    `offered` is what the Supervisor says of the broker, by the options' names.
    """
    named = path or (Path(env[CONFIG_VARIABLE]) if env.get(CONFIG_VARIABLE) else None)
    yaml_file = named or (Path(SERVICE_YAML) if Path(SERVICE_YAML).is_file() else None)
    layers = []
    names = {flat_name(name): name for name in setting_names()}
    if options.is_file():
        layers.append(_options_layer(options, names))
    if yaml_file is not None:
        layers.append(Layer(str(yaml_file), read_yaml(yaml_file)))
    layers.append(Layer("Supervisor", {names.get(name, name): value for name, value in offered.items()}))
    reader = Reader(layers, env)
    config = _read(reader, env)
    reader.finish()
    known = reader.env_names() | {CONFIG_VARIABLE}
    strangers = sorted(name for name in env if name.startswith(ENV_PREFIX) and name not in known)
    return Found(config, tuple(f"environment variable {name} is no setting of this service" for name in strangers))


def setting_names() -> tuple[str, ...]:
    """Every setting's name, as `_read` asks for it."""
    reader = Reader((), {})
    _read(reader, {})
    return tuple(sorted(reader.asked))


def _read(reader: Reader, env: Mapping[str, str]) -> Config:
    given = reader.text("instance", "ml-1")
    passing = given == _AUTO
    instance = f"ml-{env.get('HOSTNAME', '').lower()}" if passing else given
    if not is_id(instance):
        expected = "1 to 64 of a-z, 0-9, _ and -" + (", which $HOSTNAME is not" if passing else "")
        reader.refuse("instance", reader.origin_of("instance"), expected, given)
    return Config(
        instance=instance,
        passing=passing,
        mqtt=_read_mqtt(reader),
        model_path=Path(reader.text("model.path", str(_PACKAGE / "models"))),
        models=_read_models(reader),
        backend=Backend(reader.choice("features.backend", Backend.TORCH, tuple(Backend))),
        max_seconds=reader.number("audio.max_seconds", MAX_SECONDS, MIN_SECONDS, MAX_SECONDS),
        storage=Storage(
            raw_clips=reader.boolean("storage.raw_clips", default=False),
            path=Path(reader.text("storage.path", "clips")),
            max_files=reader.integer("storage.max_files", 100, 1, 100_000),
            max_bytes=1_000_000 * reader.integer("storage.max_mb", 100, 1, 1_000_000),
            max_days=reader.number("storage.max_days", 7, 0.01, 3650),
        ),
        limits=Limits(
            queue=reader.integer("limits.queue", 32, 1, 1000),
            workers=reader.integer("limits.workers", 1, 1, 16),
            per_device=reader.number("limits.per_device", 20.0, 0.1, 1000),
        ),
        web=_read_web(reader, ingress=bool(env.get(TOKEN_VARIABLE))),
        log_level=reader.choice("log.level", "info", ("debug", "info", "warning", "error")),
        log_json=reader.choice("log.format", "json", ("json", "text")) == "json",
        metrics=Metrics(
            host=reader.text("metrics.host", "127.0.0.1"), port=reader.integer("metrics.port", 0, 0, 65_535)
        ),
    )


def _read_models(reader: Reader) -> Choice:
    version, shadow = reader.optional_text("model.version"), reader.optional_text("model.shadow")
    if shadow is not None and shadow == version:
        expected = "another version than model.version: a model cannot look on itself"
        reader.refuse("model.shadow", reader.origin_of("model.shadow"), expected, shadow)
    return Choice(version, shadow=shadow)


def _read_mqtt(reader: Reader) -> Mqtt:
    prefix = reader.text("mqtt.prefix", "")
    if prefix.startswith("/") or set(prefix) & set("+#\0"):
        reader.refuse("mqtt.prefix", reader.origin_of("mqtt.prefix"), "a topic without wildcards or leading /", prefix)
    share = reader.text("mqtt.share", "smart-window")
    if not (is_id(share) or share == _ALONE):
        reader.refuse("mqtt.share", reader.origin_of("mqtt.share"), "1 to 64 of a-z, 0-9, _ and -, or none", share)
    ca_file = reader.optional_text("mqtt.ca_file")
    if ca_file is not None and not Path(ca_file).is_file():
        reader.refuse("mqtt.ca_file", reader.origin_of("mqtt.ca_file"), "a file that is there", ca_file)
    password = reader.secret("mqtt.password")
    return Mqtt(
        host=reader.text("mqtt.host", "localhost"),
        port=reader.integer("mqtt.port", 1883, 1, 65535),
        username=reader.optional_text("mqtt.username"),
        password=password,
        tls=reader.boolean("mqtt.tls", default=False),
        ca_file=None if ca_file is None else Path(ca_file),
        prefix=f"{prefix.rstrip('/')}/" if prefix else "",
        share="" if share == _ALONE else _group(share, password),
    )


def _group(share: str, password: str | None) -> str:
    """The name of the group, which nobody guesses who does not know the password.

    A broker deals questions out to whoever joins the group: mosquitto's access lists stop a stranger from reading its
    deals, and what was dealt to it is lost.
    """
    if password is None:
        return share
    return f"{share}-{hashlib.sha256(f'{share} {password}'.encode()).hexdigest()[:16]}"


def _read_web(reader: Reader, *, ingress: bool) -> Web:
    web = Web(
        enabled=reader.boolean("web.enabled", default=ingress),
        host=reader.text("web.host", "0.0.0.0" if ingress else "127.0.0.1"),  # noqa: S104  only ingress gets an answer
        port=reader.integer("web.port", 8099, 1, 65535),
        token=reader.secret("web.token"),
        ingress=ingress,
    )
    if web.enabled and not ingress and len(web.token or "") < _MIN_TOKEN:
        expected = f"a secret of {_MIN_TOKEN} characters or more for who wants to see the page"
        reader.refuse("web.token", reader.origin_of("web.token"), expected, web.token)
    return web


def _options_layer(path: Path, names: Mapping[str, str]) -> Layer:
    try:
        options = parse_object(path.read_bytes())
    except (OSError, ContractError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    return Layer(str(path), {names.get(name, name): value for name, value in options.items()})


def read_yaml(path: Path) -> dict[str, Json]:
    """Return the file's values by dotted name."""
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    # PyYAML lets out what Python's own readers of numbers and dates raise, and nests as deep as the file.
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise ConfigError(f"{path} is not YAML: {error}") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ConfigError(f"{path}: expected settings like `mqtt: {{host: localhost}}`")
    flat: dict[str, Json] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": item for inner, item in value.items()}
        else:
            flat[str(name)] = value
    return flat
