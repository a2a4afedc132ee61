"""Which server, as whom, into which database. Pure."""

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from .retention import Retention

_DATABASE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_CLUSTER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_PORTS = {"http": 8123, "https": 8443}


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Checked settings of a connection. The password is never shown."""

    scheme: str
    host: str
    port: int
    path: str
    user: str
    password: str = field(repr=False)
    database: str
    ca_file: str = ""  # a CA of one's own, in PEM; empty: the system's
    cluster: str = ""  # the cluster that the schema is spread over; empty: none
    retention: Retention | None = None  # how long rows are kept; None: nobody touches that

    @classmethod
    def of(
        cls,
        *,
        url: str,
        user: str,
        password: str,
        database: str,
        ca_file: str = "",
        cluster: str = "",
        retention: Retention | None = None,
    ) -> Self:
        """Read what a person typed; https:// means TLS. Raises ValueError, whose message says what was expected."""
        shape = "The address must look like http://host:8123 or https://host:8443"
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError as error:
            raise ValueError(f"{shape}, with a port up to 65535") from error
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError(shape)
        if parts.username is not None or parts.password is not None:
            raise ValueError("The address must not hold a user or a password: they have fields of their own")
        if parts.query or parts.fragment:
            raise ValueError("The address must end after the host, the port and perhaps a path")
        if not user:
            raise ValueError("The user must not be empty")
        if not _DATABASE.fullmatch(database):
            raise ValueError("The database's name must be made of letters, digits and _, and not begin with a digit")
        if cluster and not _CLUSTER.fullmatch(cluster):
            raise ValueError("The cluster's name must be made of letters, digits, _, - and .")
        if ca_file and parts.scheme != "https":
            raise ValueError("A CA file is of use only with https://")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            path=parts.path.rstrip("/"),
            user=user,
            password=password,
            database=database,
            ca_file=ca_file.strip(),
            cluster=cluster,
            retention=retention,
        )
