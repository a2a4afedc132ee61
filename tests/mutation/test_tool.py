"""The tool that plants faults, on a shed of a few lines whose faults are known: who notices the noticer?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.mutation.__main__ import interval
from tests.mutation.book import SOUND
from tests.mutation.places import ROOT

DOOR = '''
"""A door."""

LIMIT = 5


def opens(value):
    return value >= LIMIT


def is_large(value):
    return value > 100


def nobody_asks(value):
    return value + 7


def above(low):
    def read(value):
        return value > low

    return read


warm = above(20)
WORD = "open"


def waits(turns):
    while turns > 0:
        turns -= 1
    return True
'''
CHECKS = """
from shed import door
from shed.door import opens, is_large, warm, waits


def test_the_door_opens_at_the_limit():
    assert [opens(value) for value in (4, 5, 6)] == [False, True, True]


def test_what_is_far_from_the_edge():
    assert is_large(1000) and not is_large(1)


def test_what_was_made_at_import():
    assert [warm(value) for value in (19, 20, 21)] == [False, False, True]


def test_a_word_that_others_read():
    assert door.WORD == "open"


def test_it_ends():
    assert waits(2)
"""


type Tried = tuple[int, dict[str, str], dict[str, Any]]


def build(at: Path) -> Path:
    (at / "shed").mkdir()
    (at / "checks").mkdir()
    (at / "shed" / "__init__.py").touch()
    (at / "shed" / "door.py").write_text(DOOR)
    (at / "checks" / "test_door.py").write_text(CHECKS)
    return at


@pytest.fixture
def shed(tmp_path: Path) -> Path:
    return build(tmp_path)


@pytest.fixture(scope="module")
def all_tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tried]:
    """A shed, and what a run over all of its faults gave."""
    at = build(tmp_path_factory.mktemp("tried"))
    return at, run(at)


@pytest.fixture
def tried(all_tried: tuple[Path, Tried]) -> Tried:
    return all_tried[1]


@pytest.fixture
def tried_shed(all_tried: tuple[Path, Tried], tmp_path: Path) -> Path:
    shutil.copytree(all_tried[0], tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(shed: Path, *more: str) -> Tried:
    """How the tool ended, what became of each fault, and its last line."""
    words = ["--other", str(shed), "shed", "checks", "--folder", str(shed / "book"), "--workers", "1", "--budget", "2"]
    words += ["--grace", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutation", "door.py", *words, *more],
        cwd=shed,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{shed}", "PYTEST_ADDOPTS": "-p no:homeassistant --rootdir=."},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    book = shed / "book" / "book.jsonl"
    lines = [json.loads(line) for line in book.read_text().splitlines()] if book.exists() else []
    told = [line for line in lines if not line["key"].startswith(SOUND)]
    outcomes = {line["what"].split(" ", 1)[1]: line["outcome"] for line in told}
    said = done.stdout.splitlines()
    return done.returncode, outcomes, json.loads(said[-1]) if done.returncode != 2 else {"said": done.stderr}


def test_a_fault_that_a_test_sees_is_killed_and_one_that_none_sees_survives(tried: Tried) -> None:
    _, outcomes, said = tried
    assert outcomes["comparison: value >= LIMIT → value > LIMIT"] == "killed"
    assert outcomes["comparison: value > 100 → value >= 100"] == "survived"
    assert outcomes["constant: 100 → 101"] == "survived"
    assert outcomes["arithmetic: value + 7 → value - 7"] == "unreached"
    assert said["left"] == said["not_planted"] == 0
    assert said["survived"] == sum(outcome == "survived" for outcome in outcomes.values())
    assert (said["controls"], said["false_alarms"]) == (1, 0)
    noticed = sum(outcome in {"killed", "timeout"} for outcome in outcomes.values())
    assert said["killed"] == round(noticed / len(outcomes), 4)


def test_a_fault_at_import_is_planted_too(tried: Tried) -> None:
    _, outcomes, _ = tried
    assert outcomes["constant: 5 → 6"] == "killed"
    assert outcomes["constant: 20 → 21"] == "killed"


def test_a_test_that_runs_nothing_and_looks_may_notice_it(tried: Tried) -> None:
    [word] = [outcome for what, outcome in tried[1].items() if "XXopenXX" in what]
    assert word == "killed"


def test_a_function_that_was_made_before_the_fault_gets_it(tried: Tried) -> None:
    _, outcomes, _ = tried
    assert outcomes["comparison: value > low → value >= low"] == "killed"
    assert outcomes["comparison: value > low → value <= low"] == "killed"


def test_a_test_that_does_not_end_has_noticed(tried: Tried) -> None:
    _, outcomes, _ = tried
    assert outcomes["statement: turns -= 1 → pass"] == "timeout"


def test_nothing_is_planted_where_the_tests_fail_as_they_are(shed: Path) -> None:
    (shed / "checks" / "test_door.py").write_text(CHECKS.replace("[False, True, True]", "[True, True, True]"))
    code, outcomes, said = run(shed)
    assert code == 2
    assert outcomes == {}
    assert "fails as it is:\nchecks/test_door.py::test_the_door_opens_at_the_limit\n" in said["said"]


def test_a_test_that_fails_without_any_fault_is_told(shed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It passes while the reach is measured, and fails in each fork: it would kill whatever is planted."""
    late = """

def test_late():
    import os
    assert opens(5)
    assert "LATE" not in os.environ
"""
    (shed / "checks" / "test_door.py").write_text(CHECKS + late)
    run(shed, "--sample", "0")
    monkeypatch.setenv("LATE", "1")
    said = run(shed)[2]
    assert said["false_alarms"] == 1
    assert said["controls"] == 1


def test_too_few_killed_is_an_error(tried_shed: Path) -> None:
    assert run(tried_shed, "--least", "0.99")[0] == 1
    assert run(tried_shed, "--least", "0.2")[0] == 0


def test_what_survived_is_tried_again_when_asked(tried: Tried, tried_shed: Path) -> None:
    checks = tried_shed / "checks" / "test_door.py"
    checks.write_text(
        f"{CHECKS}\n\ndef test_at_the_edge():\n    assert [is_large(v) for v in (100, 101)] == [False, True]\n"
    )
    _, remembered, _ = run(tried_shed)
    assert remembered == tried[1]
    _, after, _ = run(tried_shed, "--again")
    assert after["comparison: value > 100 → value >= 100"] == "killed"
    assert after["constant: 100 → 101"] == "killed"
    assert after["arithmetic: value + 7 → value - 7"] == "unreached"


def test_a_sample_tells_how_sure_it_is(shed: Path) -> None:
    _, outcomes, said = run(shed, "--sample", "6")
    assert len(outcomes) == 6 == said["mutants"]
    assert said["of"] > 6
    assert 0 <= said["killed_low"] < said["killed"] < said["killed_high"] <= 1


def test_the_interval_is_wilsons() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263.
    low, high = interval(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
