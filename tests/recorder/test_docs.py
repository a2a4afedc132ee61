"""docs/CLICKHOUSE.md says what the recorder needs, in words that the server understands."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from custom_components.smart_window.recorder.probe import GRANTS, probe
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse import ClickHouse
from stack.clickhouse_users import DATABASE

from .running import Recorders, readings

EMPTY_DATABASE = True
TEXT = (Path(__file__).parents[2] / "docs" / "CLICKHOUSE.md").read_text()


def block(language: str) -> str:
    """Return the only code block in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


def test_both_ways_give_the_grants_that_the_recorder_checks() -> None:
    wanted = [f"GRANT {grant.format(database=DATABASE)}" for grant in GRANTS]
    assert [query.text for query in ET.fromstring(block("xml")).iterfind(".//query")] == wanted
    assert re.findall(r"^(GRANT .*) TO smart_window;$", block("sql"), re.MULTILINE) == wanted


async def test_the_server_understands_every_statement(clickhouse: ClickHouse) -> None:
    # The engine here has no storage for users made by SQL, so it only parses them.
    statements = [statement.strip() for statement in block("sql").split(";") if statement.strip()]
    assert len(statements) == 6
    for statement in statements:
        assert await clickhouse.admin.execute(f"EXPLAIN AST {statement}")


async def test_a_user_with_no_more_than_that_records(
    clickhouse: ClickHouse, recorders: Recorders, settings: ServerSettings, tmp_path: Path
) -> None:
    password = "of the documented one"
    name = "documented"
    users = block("xml").replace("smart_window>", f"{name}>")
    users = users.replace("the hash", hashlib.sha256(password.encode()).hexdigest())
    folder = tmp_path / "clickhouse" / "run" / "users.d"
    folder.mkdir()
    (folder / "smart_window.xml").write_text(users)
    await clickhouse.restart()
    documented = replace(settings, user=name, password=password)
    await probe(documented)
    running = recorders.start(documented)
    running.recorder.put(readings(0, 1)[0])
    await running.stored(1)
    assert running.problems == []
