"""Every decoder of every room under fire: nothing but the room's own error, nothing changed by what is refused.

Each module under targets/ and service/ is attacked in a process of its own, in the environment that its room runs in.
Nightly these are 1.2 million inputs in all, since the slow targets get fewer, and for a third of them coverage leads
(atheris) where there is a build of it.
"""

import json
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from stack.process import interpreter

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
FORMS = (("blind", 200_000), ("guided", 100_000)) if NIGHTLY else (("blind", 20_000),)
ENVIRONMENTS = {"targets": (".venv", "test"), "service": (".venv-ml", "ml")}
MODULES = [
    f"{path.parent.name}.{path.stem}"
    for folder in ENVIRONMENTS
    for path in sorted((HERE / folder).glob("*.py"))
    if path.stem != "__init__"
]


def attack(module: str, *options: str) -> list[dict[str, object]]:
    """What came of each target, or the fault that was found."""
    folder, part = ENVIRONMENTS[module.partition(".")[0]]
    command: list[str | Path] = [
        interpreter(ROOT / folder, part),
        "-m",
        "tests.fuzz.engine",
        f"tests.fuzz.{module}",
        *options,
    ]
    single = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=single, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_there_is_something_to_attack_in_both_environments() -> None:
    assert {module.partition(".")[0] for module in MODULES} == set(ENVIRONMENTS)


@pytest.mark.parametrize(("form", "inputs"), FORMS)
@pytest.mark.parametrize("module", MODULES)
def test_whatever_comes_is_taken_or_refused_in_the_rooms_own_words(module: str, form: str, inputs: int) -> None:
    guided = ["--guided"] if form == "guided" and find_spec("atheris") else []
    seed = os.urandom(3) if NIGHTLY else b"\1"
    tallies = attack(module, "--inputs", str(inputs), "--seed", str(int.from_bytes(seed)), *guided)
    assert tallies
    for tally in tallies:
        assert tally["taken"], f"nothing that {tally['target']} knows was taken: {tally}"
        assert tally["refused"], f"{tally['target']} took everything: {tally}"
