"""What is said to Home Assistant's Supervisor, where this runs as an app: where is the broker, and here we are."""

import http.client
import json
import urllib.parse
from collections.abc import Mapping

from .strict_json import ContractError, Json, parse_object

TOKEN_VARIABLE = "SUPERVISOR_TOKEN"  # noqa: S105  the name, not the token
SUPERVISOR_URL = "http://supervisor"
SERVICE = "smart_window"  # the integration's domain
_TIMEOUT_S = 10.0
_MAX_ANSWER = 65_536


def offered_broker(env: Mapping[str, str], url: str = SUPERVISOR_URL) -> dict[str, Json]:
    """Return host, port, username, password and tls as the options are called; nothing where there is no Supervisor."""
    if not (token := env.get(TOKEN_VARIABLE)):
        return {}
    try:
        data = _call("GET", "/services/mqtt", token, url, None).get("data")
    except (OSError, http.client.HTTPException, ContractError):
        return {}  # no broker is offered: the options or the defaults must name one
    if not isinstance(data, dict):
        return {}
    names = {"host": "host", "port": "port", "username": "username", "password": "password", "ssl": "tls"}
    return {f"mqtt_{ours}": data[theirs] for theirs, ours in names.items() if data.get(theirs) is not None}


def announce(env: Mapping[str, str], instance: str, prefix: str, url: str = SUPERVISOR_URL) -> str | None:
    """Let Home Assistant offer the integration. Return why that failed; None where it worked or nobody is to know."""
    if not (token := env.get(TOKEN_VARIABLE)):
        return None
    found: dict[str, Json] = {"service": SERVICE, "config": {"instance": instance, "prefix": prefix.rstrip("/")}}
    try:
        answer = _call("POST", "/discovery", token, url, found)
    except (OSError, http.client.HTTPException, ContractError) as error:
        return f"{type(error).__name__}: {error}"
    return None if answer.get("result") == "ok" else str(answer.get("message") or "it gave no reason")


def _call(method: str, path: str, token: str, url: str, content: dict[str, Json] | None) -> dict[str, Json]:
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_TIMEOUT_S)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request(method, path, None if content is None else json.dumps(content), headers)
        return parse_object(connection.getresponse().read(_MAX_ANSWER))
    finally:
        connection.close()
