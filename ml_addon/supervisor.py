"""Asks Home Assistant's Supervisor for the broker, where this runs as an app."""

import http.client
import urllib.parse
from collections.abc import Mapping

from .strict_json import ContractError, Json, parse_object

TOKEN_VARIABLE = "SUPERVISOR_TOKEN"  # noqa: S105  the name, not the token
SUPERVISOR_URL = "http://supervisor"
_TIMEOUT_S = 10.0


def offered_broker(env: Mapping[str, str], url: str = SUPERVISOR_URL) -> dict[str, Json]:
    """Return host, port, username, password and tls as the options are called; nothing where there is no Supervisor."""
    if not (token := env.get(TOKEN_VARIABLE)):
        return {}
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", "/services/mqtt", headers={"Authorization": f"Bearer {token}"})
        answer = parse_object(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ContractError):
        return {}  # no broker is offered: the options or the defaults must name one
    finally:
        connection.close()
    data = answer.get("data")
    if not isinstance(data, dict):
        return {}
    names = {"host": "host", "port": "port", "username": "username", "password": "password", "ssl": "tls"}
    return {f"mqtt_{ours}": data[theirs] for theirs, ours in names.items() if data.get(theirs) is not None}
