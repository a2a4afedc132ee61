"""Every variable of compose.yaml: what it means, what it may be, and what it is by default. Pure."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

PROFILES = ("broker", "service", "clickhouse", "grafana", "home-assistant")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_MEMORY = re.compile(r"([1-9][0-9]*)([mg])")
_PREFIX = re.compile(r"([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)?")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+([a-z0-9.-]*)?")
_ZONE = re.compile(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*")
_MEGABYTES = {"m": 1, "g": 1024}
_HIGHEST_PORT, _HIGHEST_ID = 65_535, 2**31 - 1


@dataclass(frozen=True, slots=True)
class Variable:
    """`check` says whether a text fits; `expected` is what a person is told otherwise."""

    name: str
    default: str
    meaning: str
    expected: str
    check: Callable[[str], bool]
    required: bool = False


def _integer(low: int, high: int) -> Callable[[str], bool]:
    return lambda text: text.isascii() and text.isdigit() and low <= int(text) <= high


def _fits(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _one_of(*words: str) -> Callable[[str], bool]:
    return lambda text: text in words


def _profiles(text: str) -> bool:
    return bool(text) and all(word.strip() in PROFILES for word in text.split(","))


def _address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _at_least(megabytes: int) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        found = _MEMORY.fullmatch(text)
        return found is not None and int(found[1]) * _MEGABYTES[found[2]] >= megabytes

    return check


def _port(name: str, default: str, meaning: str) -> Variable:
    return Variable(name, default, meaning, "a port from 1 to 65535", _integer(1, _HIGHEST_PORT))


def _ports(text: str) -> bool:
    first, dash, last = text.partition("-")
    is_port = _integer(1, _HIGHEST_PORT)
    return is_port(first) and (not dash or (is_port(last) and int(first) < int(last)))


def _ports_of(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _bind(name: str, default: str, meaning: str) -> Variable:
    return Variable(name, default, meaning, "an IP address of this machine, or 0.0.0.0 for all", _address)


def _memory(name: str, default: str, least: int, who: str) -> Variable:
    return Variable(
        name, default, f"The most memory that {who} may take", f"at least {least}m, such as {default}", _at_least(least)
    )


VARIABLES = (
    Variable(
        "COMPOSE_PROFILES", "broker,service,clickhouse,grafana",
        "What runs here. Leave out what you have elsewhere; home-assistant is for trying out",
        f"a list, divided by commas, of {', '.join(PROFILES)}", _profiles, required=True,
    ),
    Variable(
        "SMART_WINDOW_UID", "1000", "The user that the containers run as: who owns deploy/keys, by `id -u`",
        "a number from 1: not root", _integer(1, _HIGHEST_ID), required=True,
    ),
    Variable(
        "SMART_WINDOW_GID", "1000", "The group that the containers run as, by `id -g`", "a number from 1: not root",
        _integer(1, _HIGHEST_ID), required=True,
    ),
    Variable("SMART_WINDOW_VERSION", "0.1.0", "The service's image", "a version such as 0.1.0", _fits(_VERSION)),
    _bind("SMART_WINDOW_BIND", "0.0.0.0", "Where the windows reach the broker"),  # noqa: S104  that is what windows need
    _port("SMART_WINDOW_MQTT_PORT", "8883", "The port at which windows reach the broker, by TLS"),
    _bind("SMART_WINDOW_HOUSE_BIND", "127.0.0.1", "Where a Home Assistant elsewhere reaches the broker"),
    _port("SMART_WINDOW_HOUSE_PORT", "8884", "The port at which it does, by TLS"),
    Variable(
        "SMART_WINDOW_INSTANCE", "ml-1",
        "The service's name on ml/status/{instance}; auto gives each replica a name of its own",
        "1 to 64 of a-z, 0-9, _ and -", _fits(_ID),
    ),
    Variable(
        "SMART_WINDOW_REPLICAS", "1", "How many services share the questions; see docs/DEPLOYMENT.md",
        "a number from 1 to 16", _integer(1, 16),
    ),
    Variable(
        "SMART_WINDOW_MQTT_HOST", "broker", "The broker that the service uses; another name for one elsewhere",
        "a host name or IP address", _fits(_HOST),
    ),
    _port("SMART_WINDOW_MQTT_HOST_PORT", "1883", "That broker's port, without TLS"),
    Variable(
        "SMART_WINDOW_MQTT_USERNAME", "service", "The service's user there, by deploy/keys/service.password",
        "1 to 64 of a-z, 0-9, _ and -", _fits(_ID),
    ),
    Variable(
        "SMART_WINDOW_MQTT_PREFIX", "", "What stands in front of every topic; in Home Assistant and the windows too",
        "levels of letters, digits, . _ - divided by /", _fits(_PREFIX),
    ),
    Variable(
        "SMART_WINDOW_LOG_LEVEL", "info", "How much the service tells", "debug, info, warning or error",
        _one_of("debug", "info", "warning", "error"),
    ),
    _bind("SMART_WINDOW_PAGE_BIND", "127.0.0.1", "Where the status page is seen"),
    Variable(
        "SMART_WINDOW_PAGE_PORT", "8099", "The status page's port, or a range with one for each replica",
        "a port from 1 to 65535, or a range such as 8099-8102", _ports,
    ),
    Variable(
        "SMART_WINDOW_CLICKHOUSE_HOST", "clickhouse", "The ClickHouse that Grafana reads", "a host name or IP address",
        _fits(_HOST),
    ),
    _bind("SMART_WINDOW_CLICKHOUSE_BIND", "127.0.0.1", "Where a Home Assistant elsewhere reaches ClickHouse"),
    _port("SMART_WINDOW_CLICKHOUSE_PORT", "8124", "The port at which it does, without TLS"),
    _bind("SMART_WINDOW_GRAFANA_BIND", "127.0.0.1", "Where Grafana is seen"),
    _port("SMART_WINDOW_GRAFANA_PORT", "3000", "Grafana's port"),
    _bind("SMART_WINDOW_HOME_BIND", "127.0.0.1", "Where Home Assistant is seen, with the profile home-assistant"),
    _port("SMART_WINDOW_HOME_PORT", "8123", "Home Assistant's port"),
    Variable("TZ", "Etc/UTC", "The time zone of Home Assistant", "a time zone such as Europe/Berlin", _fits(_ZONE)),
    _memory("SMART_WINDOW_BROKER_MEMORY", "128m", 32, "the broker"),
    _memory("SMART_WINDOW_SERVICE_MEMORY", "512m", 400, "the service"),
    _memory("SMART_WINDOW_CLICKHOUSE_MEMORY", "1500m", 1024, "ClickHouse"),
    _memory("SMART_WINDOW_GRAFANA_MEMORY", "512m", 256, "Grafana"),
    _memory("SMART_WINDOW_HOME_MEMORY", "1500m", 768, "Home Assistant"),
)  # fmt: skip

_PORTS = {
    "SMART_WINDOW_MQTT_PORT": "broker",
    "SMART_WINDOW_HOUSE_PORT": "broker",
    "SMART_WINDOW_PAGE_PORT": "service",
    "SMART_WINDOW_CLICKHOUSE_PORT": "clickhouse",
    "SMART_WINDOW_GRAFANA_PORT": "grafana",
    "SMART_WINDOW_HOME_PORT": "home-assistant",
}
"""Every port that is published, and whose it is."""
_SECRETS = {
    "broker": ("ca.crt", "broker.crt", "broker.key", "house.passwd", "devices.passwd", "service.password"),
    "service": ("service.password", "page.token"),
    "clickhouse": ("clickhouse_users.xml",),
    "grafana": ("clickhouse_reader.password", "grafana_admin.password"),
}


def faults_of(values: Mapping[str, str], has_secret: Callable[[str], bool]) -> list[str]:
    """Say all that is wrong: missing, impossible, unknown, at odds with each other, and secrets that are not there."""
    faults = []
    for variable in VARIABLES:
        text = values.get(variable.name, "")
        if not text and variable.required:
            faults.append(f"{variable.name} is missing: expected {variable.expected}")
        elif text and not variable.check(text):
            faults.append(f"{variable.name} is {text!r}: expected {variable.expected}")
    known = {variable.name for variable in VARIABLES}
    faults += [
        f"{name} is no variable of compose.yaml: .env.example names them all"
        for name in values
        if name not in known and name.startswith("SMART_WINDOW_")
    ]
    return faults + _at_odds(values) + _missing_secrets(values, has_secret)


def _running(values: Mapping[str, str]) -> list[str]:
    return [word.strip() for word in values.get("COMPOSE_PROFILES", "").split(",")]


def _at_odds(values: Mapping[str, str]) -> list[str]:
    defaults = {variable.name: variable.default for variable in VARIABLES}
    running = _running(values)
    taken: dict[int, str] = {}
    faults = _replicas_at_odds({**defaults, **{name: text for name, text in values.items() if text}}, running)
    for name, profile in _PORTS.items():
        wanted = values.get(name) or defaults[name]
        if profile not in running or not _ports(wanted):
            continue
        if port := next((port for port in _ports_of(wanted) if port in taken), None):
            faults.append(f"{name} is {wanted!r}, which {taken[port]} has already: expected another port")
        taken |= {port: taken.get(port, name) for port in _ports_of(wanted)}
    if (
        "service" in running
        and "broker" not in running
        and values.get("SMART_WINDOW_MQTT_HOST", "broker") in ("", "broker")
    ):
        faults.append("SMART_WINDOW_MQTT_HOST is 'broker', and no broker runs here: expected the host name of yours")
    if "grafana" in running and "clickhouse" not in running:
        here = values.get("SMART_WINDOW_CLICKHOUSE_HOST", "clickhouse") in ("", "clickhouse")
        if here:
            faults.append(
                "SMART_WINDOW_CLICKHOUSE_HOST is 'clickhouse', and none runs here: expected the host of yours"
            )
    return faults


def _replicas_at_odds(values: Mapping[str, str], running: list[str]) -> list[str]:
    """Replicas need names and ports of their own: a broker knows one client of a name, a machine one of a port."""
    replicas, ports = values["SMART_WINDOW_REPLICAS"], values["SMART_WINDOW_PAGE_PORT"]
    if "service" not in running or not _integer(2, 16)(replicas):
        return []
    faults = []
    if values["SMART_WINDOW_INSTANCE"] != "auto":
        faults.append(f"SMART_WINDOW_INSTANCE is {values['SMART_WINDOW_INSTANCE']!r} for {replicas}: expected auto")
    if _ports(ports) and len(_ports_of(ports)) < int(replicas):
        faults.append(
            f"SMART_WINDOW_PAGE_PORT is {ports!r} for {replicas} replicas: expected a range with a port for each"
        )
    return faults


def _missing_secrets(values: Mapping[str, str], has_secret: Callable[[str], bool]) -> list[str]:
    wanted = dict.fromkeys(name for profile in _running(values) for name in _SECRETS.get(profile, ()))
    return [
        f"deploy/keys/{name} is not there or empty: expected what ./scripts/secrets makes"
        for name in wanted
        if not has_secret(name)
    ]


def example() -> str:
    """The text of .env.example."""
    lines = [
        "# The settings of compose.yaml. Copy it to .env, change what you need, run ./scripts/check-env.",
        "# What is commented out has the value that is shown.",
    ]
    for variable in VARIABLES:
        mark = "" if variable.required else "# "
        lines += [
            "",
            f"# {variable.meaning}.",
            f"# Expected: {variable.expected}.",
            f"{mark}{variable.name}={variable.default}",
        ]
    return "\n".join(lines) + "\n"
