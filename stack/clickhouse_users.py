"""The users of our ClickHouse server: what each may do, as users.xml. Pure.

The engine has no storage for users made by SQL, so they come from a file; the same file works on a real server.
"""

import hashlib
from dataclasses import dataclass
from xml.etree import ElementTree as ET

DATABASE = "smart_window"
ADMIN, WRITER, READER = "admin", "smart_window", "grafana"

# What the migrations and inserts of the recorder need, and no more.
WRITER_GRANTS = (
    f"GRANT SELECT, INSERT, CREATE TABLE, CREATE VIEW, ALTER ON {DATABASE}.*",
    "GRANT TABLE ENGINE ON MergeTree",
    "GRANT TABLE ENGINE ON ReplacingMergeTree",
    "GRANT TABLE ENGINE ON AggregatingMergeTree",
)
ENGINE_GRANTS = ("GRANT SYSTEM LISTEN, CREATE TEMPORARY TABLE ON *.*", "GRANT READ ON FILE")
READER_GRANTS = (f"GRANT SELECT ON {DATABASE}.*",)
_READER_LIMITS = {"readonly": "1", "max_execution_time": "30", "max_memory_usage": "1000000000"}
_READER_LONGEST_S = "60"


@dataclass(frozen=True, slots=True)
class Passwords:
    """One password for each user that signs in over the network."""

    admin: str
    writer: str
    reader: str


def users_xml(passwords: Passwords) -> str:
    """Return users.xml with the three users and the engine's own `default`."""
    root = ET.Element("clickhouse")
    profiles = ET.SubElement(root, "profiles")
    ET.SubElement(profiles, "default")
    reader = ET.SubElement(profiles, "reader")
    for name, value in _READER_LIMITS.items():
        ET.SubElement(reader, name).text = value
    # Grafana's plugin sets max_execution_time itself, which readonly would refuse.
    longest = ET.SubElement(ET.SubElement(reader, "constraints"), "max_execution_time")
    ET.SubElement(longest, "max").text = _READER_LONGEST_S
    ET.SubElement(longest, "changeable_in_readonly")

    ET.SubElement(ET.SubElement(root, "quotas"), "default")

    users = ET.SubElement(root, "users")
    _engine_user(users)
    admin = _user(users, ADMIN, passwords.admin, "default", ())
    ET.SubElement(admin, "access_management").text = "1"
    _user(users, WRITER, passwords.writer, "default", WRITER_GRANTS)
    _user(users, READER, passwords.reader, "reader", READER_GRANTS)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def _engine_user(users: ET.Element) -> None:
    # The engine itself signs in as `default`, from this machine and without a password; who else does so finds that
    # it may do nothing but what keeps the engine running.
    user = ET.SubElement(users, "default")
    ET.SubElement(user, "password")
    _from_here(user)
    _grant(user, ENGINE_GRANTS)


def _user(users: ET.Element, name: str, password: str, profile: str, grants: tuple[str, ...]) -> ET.Element:
    user = ET.SubElement(users, name)
    ET.SubElement(user, "password_sha256_hex").text = hashlib.sha256(password.encode()).hexdigest()
    _from_here(user, profile)
    _grant(user, grants)
    return user


def _from_here(user: ET.Element, profile: str = "default") -> None:
    ET.SubElement(ET.SubElement(user, "networks"), "ip").text = "127.0.0.1"
    ET.SubElement(user, "profile").text = profile
    ET.SubElement(user, "quota").text = "default"


def _grant(user: ET.Element, grants: tuple[str, ...]) -> None:
    if grants:
        listed = ET.SubElement(user, "grants")
        for grant in grants:
            ET.SubElement(listed, "query").text = grant
