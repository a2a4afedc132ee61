"""The folder of a run."""

import os
import subprocess
import sys
from pathlib import Path

from stack.run_folder import run_folder

ROOT = Path(__file__).parents[2]
HOLDS_IT = """
import pathlib, sys
from stack.run_folder import run_folder
with run_folder(pathlib.Path(sys.argv[1])) as path:
    (path / "mine").touch()
    print(path, flush=True)
    sys.stdin.read()
"""


def holder(base: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLDS_IT, str(base)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_run_gets_a_folder_of_its_own_and_leaves_the_first_alone(tmp_path: Path) -> None:
    base = tmp_path / ".demo"
    with holder(base) as first:
        assert line_of(first) == str(base)
        with run_folder(base) as second:
            assert second == base / "2"
        assert (base / "mine").exists()
        first.communicate()


def test_what_an_earlier_run_left_is_gone_but_not_the_folder_of_one_beside_it(tmp_path: Path) -> None:
    base = tmp_path / ".demo"
    with run_folder(base) as path:
        (path / "endpoints.json").write_text("{}")
        (path / "broker").mkdir()
        (path / "broker" / "log").touch()
        with holder(base) as second:
            assert line_of(second) == str(base / "2")
            (path / "link").symlink_to(tmp_path)
    # The second one still runs: it holds its lock until its input ends.
    with holder(base / "2") as beside:
        assert line_of(beside) == str(base / "2")
        with run_folder(base) as path:
            assert sorted(entry.name for entry in path.iterdir()) == ["2", "lock"]
            assert (base / "2" / "mine").exists()
        beside.communicate()
    assert tmp_path.exists()


def test_the_lock_of_a_killed_run_is_free(tmp_path: Path) -> None:
    base = tmp_path / ".demo"
    with holder(base) as first:
        assert line_of(first) == str(base)
        first.kill()
        first.wait()
        with run_folder(base) as again:
            assert again == base
            assert not (base / "mine").exists()
