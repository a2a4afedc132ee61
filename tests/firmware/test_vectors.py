"""The C++ core does what contract/vectors/policy says."""

import json
from pathlib import Path

import pytest

from simulator.device import Setup
from simulator.device.inputs import ControlArrives, GuardArrives, Wait
from simulator.messages import decode_control
from simulator.vectors import _input, _setup
from tests.firmware.build import ROOT
from tests.firmware.core import Answer, Step, play

VECTORS = sorted((ROOT / "contract" / "vectors" / "policy").glob("*.json"))
_WITHIN = 1.0


def _step(content: dict[str, object]) -> Step:
    """Read a step; the payload of a message stays as it is written, so that the core's own decoder reads it."""
    at_us = round(float(str(content["at"])) * 1_000_000)
    given = content["input"]
    assert isinstance(given, dict)
    happened = _input(given)
    payload = b""
    for name in ("guard", "control"):
        if name in given:
            payload = json.dumps(given[name]).encode()
    if "control_raw" in given:
        payload = str(given["control_raw"]).encode()
        happened = ControlArrives(decode_control(payload), given.get("retained", False) is True)
    if "guard" in given and isinstance(happened, Wait):  # a guard that the Python decoder refused still arrives here
        happened = GuardArrives(None, given.get("retained", False) is True)  # type: ignore[arg-type]
    return Step(at_us, happened, payload)


def _found(answer: Answer) -> dict[str, object]:
    result = answer.result or {}
    said: dict[str, object] = {"result": result.get("result"), "reason": result.get("reason")}
    return answer.state | said | {"position": answer.position, "target": answer.target}


def _same(name: str, wanted: object, found: object) -> bool:
    if name in ("position", "target") and isinstance(wanted, int | float) and isinstance(found, int | float):
        return abs(wanted - found) <= _WITHIN
    return wanted == found


def steps_of(path: Path) -> tuple[Setup, list[Step]]:
    """Return how a vector begins and what happens in it."""
    vector = json.loads(path.read_text(encoding="utf-8"))
    return _setup(vector.get("setup")), [_step(content) for content in vector["steps"]]


def wrong_in(path: Path, program: Path) -> list[str]:
    """Play one vector on the core; return what did not come out as expected."""
    vector = json.loads(path.read_text(encoding="utf-8"))
    (answers,) = play(program, [steps_of(path)])
    return [
        f"step {number} at {content['at']}: {name} is {_found(answer)[name]!r}, expected {wanted!r}"
        for number, (content, answer) in enumerate(zip(vector["steps"], answers, strict=True), 1)
        for name, wanted in content.get("expect", {}).items()
        if not _same(name, wanted, _found(answer)[name])
    ]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_core_follows_the_vector(path: Path, runner: Path) -> None:
    assert wrong_in(path, runner) == []


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 100


def test_a_wrong_expectation_is_told(tmp_path: Path, runner: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text('{"name": "wrong", "why": "", "steps": [{"at": 0, "input": {"wait": {}}, "expect": {"rev": 2}}]}')
    assert wrong_in(path, runner) == ["step 1 at 0: rev is 1, expected 2"]
