"""Recorded questions are asked again on the running stack: nothing moves, and the record holds what was found."""

import asyncio
import os
import sys
from pathlib import Path

from stack.endpoints import write_endpoints
from stack.json_shape import flag, number, text
from stack.waiting import until

from .at_work import ask
from .house import House

ROOT = Path(__file__).parents[2]
READ = "import pyarrow.parquet as p, sys; t = p.read_table(sys.argv[1]); print(t.num_rows, *t.column_names)"


async def program(*arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *arguments, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=-1, stderr=-1
    )
    out, errors = await process.communicate()
    return process.returncode or 0, out.decode(), errors.decode()


async def replay(endpoints: Path, *more: str) -> tuple[int, str, str]:
    arguments = ("--device", "bedroom", "--from", "1h", "--endpoints", str(endpoints), *more)
    return await program(sys.executable, "-m", "replay", *arguments)


async def test_old_questions_are_asked_again_and_nothing_moves(house: House, tmp_path: Path) -> None:
    answer = await ask(house, "bedroom")
    correlation_id = text(answer.content, "correlation_id", "an answer")
    admin = house.stack.clickhouse.admin

    async def recorded() -> bool:
        (row,) = await admin.rows(
            "SELECT count() AS n FROM ml_predictions AS p JOIN decisions AS d ON d.correlation_id = p.correlation_id "
            "WHERE p.correlation_id = {id:String} AND d.snapshot != ''",
            {"id": correlation_id},
        )
        return number(row, "n", "the record") > 0

    await until("the question and its decision recorded", recorded, 30)
    endpoints = tmp_path / "endpoints.json"
    write_endpoints(endpoints, house.stack.endpoints)
    before, mark = await house.position("bedroom"), house.tap.mark
    code, out, errors = await replay(endpoints, "--all")
    assert (code, errors) == (0, "")
    assert "0 were not answered" in out
    (row,) = await admin.rows(
        "SELECT differs, error, position_then, position_now FROM replays WHERE correlation_id = {id:String}",
        {"id": correlation_id},
    )
    # Asked by the features that its sound came to, the same model says the same.
    assert row["error"] is None
    assert not flag(row, "differs", "a replay")
    assert abs(number(row, "position_then", "a replay") - number(row, "position_now", "a replay")) < 1
    assert house.commands(mark) == []
    assert await house.position("bedroom") == before

    file = tmp_path / "questions.parquet"
    code, out, errors = await replay(endpoints, "--parquet", str(file))
    assert (code, errors) == (0, "")
    python = house.stack.settings.environments.clickhouse
    code, out, errors = await program(str(python), "-c", READ, str(file))
    assert (code, errors) == (0, "")
    count, *columns = out.split()
    assert int(count) >= 1
    assert {"request", "position", "owner"} <= set(columns)


async def test_what_cannot_be_is_an_error_in_plain_words(house: House, tmp_path: Path) -> None:
    endpoints = tmp_path / "endpoints.json"
    write_endpoints(endpoints, house.stack.endpoints)
    code, _, errors = await replay(endpoints, "--to", "tomorrow")
    assert (code, errors.startswith("error: tomorrow: expected now")) == (1, True)
    code, _, errors = await replay(endpoints, "--clickhouse-url", "http://127.0.0.1:1")
    assert (code, errors.startswith("error: ")) == (1, True)
    assert "Traceback" not in errors
