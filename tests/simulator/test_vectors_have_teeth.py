"""Each rule of a window, once broken, fails some vector: what no vector would notice is no rule."""

import importlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from tests.simulator.mutations import MUTATIONS, Mutation

ROOT = Path(__file__).parents[2]
VECTORS = sorted((ROOT / "contract" / "vectors" / "policy").glob("*.json"))
PARTS = ("device", "errors.py", "fields.py", "json_text.py", "messages.py", "vectors.py")


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutants")


@pytest.mark.parametrize(("number", "mutation"), list(enumerate(MUTATIONS)), ids=[what for what, *_ in MUTATIONS])
def test_broken_rule_is_noticed(number: int, mutation: Mutation, copies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, name, text, instead = mutation
    package = copies / f"mutant{number}"
    package.mkdir()
    (package / "__init__.py").touch()
    for part in PARTS:
        source = ROOT / "simulator" / part
        if source.is_dir():
            shutil.copytree(source, package / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, package / part)
    whole = (package / name).read_text()
    assert whole.count(text) == 1, "the text of this mutation is gone from the source: write it anew"
    (package / name).write_text(whole.replace(text, instead))
    monkeypatch.syspath_prepend(str(copies))
    run = cast("Callable[[Path], list[str]]", importlib.import_module(f"mutant{number}.vectors").run_vector)
    assert any(run(path) for path in VECTORS), "no vector notices"
