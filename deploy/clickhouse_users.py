"""users.xml of a ClickHouse for Smart Window: who writes, who only reads, and within which limits. Pure."""

import hashlib
from xml.etree import ElementTree as ET

WRITER, READER, DATABASE = "smart_window", "grafana", "smart_window"

# Inserts, and the integration's own migrations; nothing can be dropped, and no other database be seen.
WRITER_GRANTS = (
    f"GRANT SELECT, INSERT, CREATE TABLE, CREATE VIEW, ALTER TABLE, ALTER VIEW ON {DATABASE}.*",
    "GRANT TABLE ENGINE ON MergeTree",
    "GRANT TABLE ENGINE ON ReplacingMergeTree",
    "GRANT TABLE ENGINE ON AggregatingMergeTree",
)
# Once the tables are there: no DDL at run time. An update of the integration needs the others again.
STRICT_WRITER_GRANTS = (f"GRANT SELECT, INSERT ON {DATABASE}.*",)
READER_GRANTS = (f"GRANT SELECT ON {DATABASE}.*",)
_READER_LIMITS = {
    "readonly": "1",
    "max_execution_time": "30",
    "max_memory_usage": "500000000",
    "max_rows_to_read": "200000000",
    "max_result_rows": "200000",
    "max_concurrent_queries_for_user": "8",
}
_READER_LONGEST_S = "60"


def users_xml(writer: str, reader: str, *, strict: bool = False) -> str:
    """Return users.xml for these two passwords; `strict`: the writer makes no tables."""
    root = ET.Element("clickhouse")
    limits = ET.SubElement(ET.SubElement(root, "profiles"), "smart_window_reader")
    for name, value in _READER_LIMITS.items():
        ET.SubElement(limits, name).text = value
    # Grafana's plugin sets this one itself, which readonly would refuse.
    longest = ET.SubElement(ET.SubElement(limits, "constraints"), "max_execution_time")
    ET.SubElement(longest, "max").text = _READER_LONGEST_S
    ET.SubElement(longest, "changeable_in_readonly")
    users = ET.SubElement(root, "users")
    # The image's own user needs no password from inside the container, and has none from elsewhere.
    default = ET.SubElement(users, "default")
    ET.SubElement(default, "networks", {"replace": "1"}).append(_text("ip", "127.0.0.1"))
    _user(users, WRITER, writer, "default", STRICT_WRITER_GRANTS if strict else WRITER_GRANTS)
    _user(users, READER, reader, "smart_window_reader", READER_GRANTS)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _user(users: ET.Element, name: str, password: str, profile: str, grants: tuple[str, ...]) -> None:
    user = ET.SubElement(users, name)
    ET.SubElement(user, "password_sha256_hex").text = hashlib.sha256(password.encode()).hexdigest()
    ET.SubElement(user, "networks").append(_text("ip", "::/0"))
    ET.SubElement(user, "profile").text = profile
    ET.SubElement(user, "quota").text = "default"
    listed = ET.SubElement(user, "grants")
    for grant in grants:
        ET.SubElement(listed, "query").text = grant


def _text(name: str, text: str) -> ET.Element:
    element = ET.Element(name)
    element.text = text
    return element
