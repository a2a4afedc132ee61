"""What an app of Home Assistant says of itself through Supervisor. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .const import CONF_CLICKHOUSE_DATABASE, CONF_CLICKHOUSE_PASSWORD, CONF_CLICKHOUSE_URL, CONF_CLICKHOUSE_USER
from .contract import ContractError
from .contract.topics import check_prefix
from .recorder.server import ServerSettings

_MAX_TEXT = 1000


@dataclass(frozen=True, slots=True)
class ServiceApp:
    """The inference service; the prefix is in front of its topics."""

    prefix: str


@dataclass(frozen=True, slots=True)
class RecordingApp:
    """A ClickHouse to record into, by the names of the options. They hold a password."""

    options: Mapping[str, str] = field(repr=False)


def read_app(config: Mapping[str, object]) -> ServiceApp | RecordingApp | None:
    """Which app that is; None where it is none of ours."""
    if CONF_CLICKHOUSE_URL in config:
        return _recording(config)
    prefix = config.get("prefix", "")
    if "instance" not in config or not isinstance(prefix, str):
        return None
    try:
        return ServiceApp(check_prefix(prefix))
    except ContractError:
        return None


def _recording(config: Mapping[str, object]) -> RecordingApp | None:
    names = (CONF_CLICKHOUSE_URL, CONF_CLICKHOUSE_USER, CONF_CLICKHOUSE_PASSWORD, CONF_CLICKHOUSE_DATABASE)
    given = {name: value for name in names if isinstance(value := config.get(name), str) and len(value) <= _MAX_TEXT}
    if len(given) < len(names):
        return None
    url, user, password, database = (given[name] for name in names)
    try:
        ServerSettings.of(url=url, user=user, password=password, database=database)
    except ValueError:
        return None
    return RecordingApp(given)
