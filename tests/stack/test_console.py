"""How a program of the stack ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNS = """
import asyncio, sys
from stack.console import run_until_told
async def main():
    try:
        print("up", flush=True)
        await asyncio.Event().wait()
    finally:
        print("cleaning up", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        print("clean", flush=True)
    return 0
sys.exit(run_until_told(main))
"""
FAILS = """
import asyncio, sys
from stack.console import run_until_told
from stack.errors import MissingPartError
async def part(name):
    error = MissingPartError(f"{name} is missing: install it")
    error.add_note("the end of its log")
    raise error
async def main():
    async with asyncio.TaskGroup() as parts:
        parts.create_task(part("mosquitto"))
sys.exit(run_until_told(main))
"""


def start(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize(("told", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=str)
def test_each_signal_ends_it_in_order_and_a_second_one_does_not_disturb(told: signal.Signals, code: int) -> None:
    with start(RUNS) as process:
        assert line_of(process) == "up"
        process.send_signal(told)
        assert [line_of(process) for _ in range(3)] == ["", "stopping …", "cleaning up"]
        process.send_signal(told)
        rest, _ = process.communicate("\n")
    assert rest.split() == ["clean"]
    assert process.returncode == code


def test_an_error_of_a_part_is_told_without_a_traceback() -> None:
    with start(FAILS) as process:
        _, errors = process.communicate()
    assert errors == "✗ mosquitto is missing: install it\nthe end of its log\n"
    assert process.returncode == 1
