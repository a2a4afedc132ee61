"""What a person types as the address."""

import pytest

from custom_components.smart_window.recorder.server import ServerSettings


def typed(url: str, user: str = "u", database: str = "d") -> ServerSettings:
    return ServerSettings.of(url=url, user=user, password="p", database=database)


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "path"),
    [
        ("http://db", "http", "db", 8123, ""),
        (" https://db.example.org/ ", "https", "db.example.org", 8443, ""),
        ("https://db:443/clickhouse/", "https", "db", 443, "/clickhouse"),
        ("http://[fd00::1]:18123", "http", "fd00::1", 18123, ""),
    ],
)
def test_addresses_that_are_understood(url: str, scheme: str, host: str, port: int, path: str) -> None:
    read = typed(url)
    assert (read.scheme, read.host, read.port, read.path) == (scheme, host, port, path)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "must look like"),
        ("db:8123", "must look like"),
        ("tcp://db:9000", "must look like"),
        ("http://", "must look like"),
        ("http://u:p@db", "fields of their own"),
        ("http://db?user=u", "end after the host"),
        ("http://db:port", "port"),
        ("http://db:99999", "port"),
        ("http://[fd00::1", "must look like"),
    ],
)
def test_addresses_that_are_not(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        typed(url)


@pytest.mark.parametrize("database", ["", "a-b", "a.b", "1a", "a`; DROP DATABASE b", "x" * 65])
def test_names_that_are_no_database(database: str) -> None:
    with pytest.raises(ValueError, match="database's name"):
        typed("http://db", database=database)


def test_a_user_is_needed() -> None:
    with pytest.raises(ValueError, match="user must not be empty"):
        typed("http://db", user="")


def test_a_cluster_and_a_ca_file() -> None:
    made = ServerSettings.of(
        url="https://db", user="u", password="p", database="d", ca_file=" /ssl/ca.pem ", cluster="a-1"
    )
    assert (made.ca_file, made.cluster) == ("/ssl/ca.pem", "a-1")
    with pytest.raises(ValueError, match="only with https"):
        ServerSettings.of(url="http://db", user="u", password="p", database="d", ca_file="/ssl/ca.pem")
    with pytest.raises(ValueError, match="cluster's name"):
        ServerSettings.of(url="http://db", user="u", password="p", database="d", cluster="a' SYNC")
