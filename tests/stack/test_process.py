"""Child processes: real ones, small Python programs."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from stack.process import Child, ChildError, Program
from stack.waiting import TooLateError, until

ROOT = Path(__file__).parents[2]

WRITES_AND_SLEEPS = """
import pathlib, time
print("here I am", flush=True)
pathlib.Path("up").touch()
time.sleep(600)
"""
IGNORES_SIGTERM = """
import pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path("up").touch()
time.sleep(600)
"""
ENDS_IN_ORDER = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
pathlib.Path("up").touch()
time.sleep(600)
"""
HAS_A_CHILD = """
import pathlib, subprocess, sys, time
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path("grandchild").write_text(str(grandchild.pid))
pathlib.Path("up").touch()
time.sleep(600)
"""
HAS_A_STUBBORN_CHILD = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
pathlib.Path("grandchild").write_text(str(grandchild.pid))
pathlib.Path("up").touch()
time.sleep(600)
"""
# A stack that is killed: its own child must not outlive it.
PARENT = """
import asyncio, pathlib, sys
from stack.process import Child, Program
async def main():
    child = Child(Program("child", (sys.executable, "-c", "import time; time.sleep(600)"),
                          pathlib.Path("child.log"), pathlib.Path.cwd()))
    await child.start()
    pathlib.Path("child.pid.new").write_text(str(child.pid))
    pathlib.Path("child.pid.new").rename("child.pid")
    await asyncio.Event().wait()
asyncio.run(main())
"""


def program(folder: Path, code: str, grace_s: float = 10, *, holds_stdin: bool = False) -> Program:
    return Program(
        "sleeper",
        (sys.executable, "-c", code),
        folder / "sleeper.log",
        folder,
        grace_s=grace_s,
        holds_stdin=holds_stdin,
    )


async def started(folder: Path, code: str, grace_s: float = 10) -> Child:
    child = Child(program(folder, code, grace_s))
    await child.start()
    await child.ready(lambda: is_there(folder / "up"), 20)
    return child


async def is_there(path: Path) -> bool:
    return path.exists()


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def is_gone(pid: int) -> bool:
    return not is_alive(pid)


async def test_stop_ends_it_by_sigterm(tmp_path: Path) -> None:
    child = await started(tmp_path, WRITES_AND_SLEEPS)
    assert child.pid is not None
    assert is_alive(child.pid)
    assert await child.stop() == -signal.SIGTERM
    assert child.pid is None


async def test_what_ignores_sigterm_is_killed_after_the_grace(tmp_path: Path) -> None:
    child = await started(tmp_path, IGNORES_SIGTERM, grace_s=0.2)
    assert await child.stop() == -signal.SIGKILL


async def test_a_frozen_one_is_stopped_all_the_same(tmp_path: Path) -> None:
    child = await started(tmp_path, ENDS_IN_ORDER, grace_s=0.2)
    child.pause()
    assert await child.stop() == -signal.SIGKILL


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_its_own_children_end_with_it(tmp_path: Path, end: str) -> None:
    child = await started(tmp_path, HAS_A_CHILD)
    grandchild = int((tmp_path / "grandchild").read_text())
    assert is_alive(grandchild)
    await (child.stop() if end == "stop" else child.kill())
    await until("the grandchild's end", lambda: is_gone(grandchild), 10)


async def test_a_child_of_its_own_that_ignores_sigterm_does_not_outlive_an_end_in_order(tmp_path: Path) -> None:
    child = await started(tmp_path, HAS_A_STUBBORN_CHILD)
    grandchild = int((tmp_path / "grandchild").read_text())
    assert await child.stop() == 0
    await until("the grandchild's end", lambda: is_gone(grandchild), 10)


async def test_nothing_is_left_when_the_one_that_started_it_is_killed(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    await until("the child", lambda: is_there(tmp_path / "child.pid"), 20)
    pid = int((tmp_path / "child.pid").read_text())
    assert is_alive(pid)
    parent.kill()
    await parent.wait()
    await until("the child's end", lambda: is_gone(pid), 10)


async def test_an_early_end_is_an_error_that_shows_the_log(tmp_path: Path) -> None:
    child = Child(program(tmp_path, "print('no such broker'); raise SystemExit(3)"))
    await child.start()
    with pytest.raises(ChildError, match=r"(?s)sleeper ended with 3 before it was ready.*no such broker"):
        await child.ready(lambda: is_there(tmp_path / "up"), 20)


async def test_a_start_that_takes_too_long_is_an_error_with_the_log_as_a_note(tmp_path: Path) -> None:
    child = await started(tmp_path, WRITES_AND_SLEEPS)
    with pytest.raises(TooLateError, match=r"sleeper ready: not within 0\.1 s") as caught:
        await child.ready(lambda: is_there(tmp_path / "never"), 0.1)
    assert "here I am" in caught.value.__notes__[0]
    await child.stop()


async def test_the_log_of_an_earlier_start_is_kept_but_not_shown(tmp_path: Path) -> None:
    child = Child(program(tmp_path, "import os; print('run', os.getpid())"))
    await child.start()
    first = child.pid
    await child.wait()
    await child.start()
    await child.wait()
    assert f"run {first}" in (tmp_path / "sleeper.log").read_text()
    assert f"run {first}" not in child.tail()
    assert "run" in child.tail()


async def test_it_can_be_started_again_but_not_twice(tmp_path: Path) -> None:
    child = await started(tmp_path, WRITES_AND_SLEEPS)
    with pytest.raises(ChildError, match="already runs"):
        await child.start()
    await child.kill()
    with pytest.raises(ChildError, match="does not run"):
        await child.kill()
    await child.start()
    assert child.is_running
    await child.stop()


async def test_stopping_closes_the_standard_input_that_it_held(tmp_path: Path) -> None:
    ends_with_its_input = "import pathlib, sys;pathlib.Path('up').touch(); sys.stdin.read(); sys.exit(5)"
    child = Child(program(tmp_path, ends_with_its_input, holds_stdin=True))
    await child.start()
    await child.ready(lambda: is_there(tmp_path / "up"), 20)
    assert await child.stop() == 5


async def test_the_variables_of_our_interpreter_are_not_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("SMART_WINDOW_KEPT", "kept")
    child = Child(program(tmp_path, "import os; print(*sorted(os.environ))"))
    await child.start()
    await child.wait()
    names = (tmp_path / "sleeper.log").read_text().split()
    assert "SMART_WINDOW_KEPT" in names
    assert "PYTHONDONTWRITEBYTECODE" not in names
