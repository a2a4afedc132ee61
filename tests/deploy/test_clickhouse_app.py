"""The start of the ClickHouse app: the real engine reads its options, and all mistakes are told before it starts."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / ".venv-ch" / "bin" / "python"
LOCAL = """#!/bin/sh
# `clickhouse local --query Q` on the engine that the tests have; nothing else is asked of it here.
[ "$1" = local ] || exit 1
exec "$ENGINE" -I -c '
import importlib, importlib.util, pathlib, sys
sys.path.insert(0, str(pathlib.Path(importlib.util.find_spec("chdb").origin).parent))
print(importlib.import_module("_chdb").query(sys.argv[1], "TSVRaw").bytes().decode(), end="")' "$3"
"""
ENTRYPOINT = """#!/bin/sh
env | grep ^SMART_WINDOW_
kill -- -$$
"""


def start(folder: Path, options: object) -> subprocess.CompletedProcess[str]:
    """Run the script as the app does, up to where ClickHouse would start."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    for name, text in (("clickhouse", LOCAL), ("entrypoint.sh", ENTRYPOINT)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    (folder / "options.json").write_text(json.dumps(options))
    env = {
        "PATH": f"{programs}:{os.environ['PATH']}", "ENGINE": str(ENGINE),
        "SMART_WINDOW_DATA": str(folder), "SMART_WINDOW_ENTRYPOINT": str(programs / "entrypoint.sh"),
    }  # fmt: skip
    return subprocess.run(
        ("bash", ROOT / "clickhouse_addon" / "start.sh"),
        env=env, capture_output=True, text=True, timeout=60, check=False, process_group=0,
    )  # fmt: skip


def told(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """What ClickHouse would be given."""
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_options_become_limits_and_users_and_the_writers_password_stays(tmp_path: Path) -> None:
    first = told(start(tmp_path, {"memory_mb": 1200, "grafana_password": "a good password"}))
    assert first["SMART_WINDOW_MEMORY"] == "1200000000"
    assert first["SMART_WINDOW_READER_HASH"] == sha("a good password")
    password = tmp_path / "writer.password"
    assert first["SMART_WINDOW_WRITER_HASH"] == sha(password.read_text())
    assert len(password.read_text()) >= 32
    assert password.stat().st_mode & 0o077 == 0
    again = told(start(tmp_path, {"memory_mb": 1000}))
    assert again["SMART_WINDOW_WRITER_HASH"] == first["SMART_WINDOW_WRITER_HASH"]
    assert again["SMART_WINDOW_READER_HASH"] not in {first["SMART_WINDOW_READER_HASH"], sha("")}


@pytest.mark.parametrize("memory", [100, "much", None, -5])
def test_every_wrong_option_is_told_at_once_and_nothing_starts(tmp_path: Path, memory: object) -> None:
    done = start(tmp_path, {"memory_mb": memory, "grafana_password": "short"})
    assert done.returncode == 78
    assert "memory_mb: expected a number from 500" in done.stderr
    assert "grafana_password: expected 12 characters or more" in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "writer.password").exists()
