"""What must never happen, over random histories of a sash that is a body of its own."""

import subprocess

import pytest

from tests.firmware.build import NATIVE, build


@pytest.mark.timeout(1800)
def test_no_history_ends_in_harm(histories: int) -> None:
    program = build(NATIVE / "safety.cpp", ("-O2",))
    done = subprocess.run(["nice", program, str(histories)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == f"{histories} histories, 0 failed\n"


@pytest.mark.timeout(1800)
def test_no_history_reads_or_writes_astray() -> None:
    program = build(NATIVE / "safety.cpp")
    done = subprocess.run(["nice", program, "500"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
