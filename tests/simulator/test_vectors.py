"""The virtual window does what contract/vectors/policy says."""

from pathlib import Path

import pytest

from simulator.vectors import VectorError, run_vector

VECTORS = sorted((Path(__file__).parents[2] / "contract" / "vectors" / "policy").glob("*.json"))


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_window_follows_the_vector(path: Path) -> None:
    assert run_vector(path) == []


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 30


def test_a_wrong_expectation_is_told(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text('{"name": "wrong", "why": "", "steps": [{"at": 0, "input": {"wait": {}}, "expect": {"rev": 2}}]}')
    assert run_vector(path) == ["step 1 at 0: rev is 1, expected 2"]


@pytest.mark.parametrize(
    "step",
    [
        '{"at": 0, "input": {"wave": {}}}',
        '{"at": -1, "input": {"wait": {}}}',
        '{"at": 0, "input": {"wait": {}}, "expect": {"speed": 1}}',
        '{"at": 0, "input": {"wait": {}}, "expects": {}}',
        '{"at": 0, "input": {"press": {}, "retained": true}}',
    ],
)
def test_a_misspelt_vector_is_refused(tmp_path: Path, step: str) -> None:
    path = tmp_path / "misspelt.json"
    path.write_text(f'{{"name": "misspelt", "why": "", "steps": [{step}]}}')
    with pytest.raises(VectorError):
        run_vector(path)
