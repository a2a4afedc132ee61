"""What became of each mutant, line by line in a file: a run that was broken off goes on where it was."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum, unique
from pathlib import Path
from typing import Final

from .mutants import Mutant

SOUND: Final = "sound:"


@unique
class Outcome(StrEnum):
    """What the tests made of a fault."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    """They did not end: noticed."""
    SURVIVED = "survived"
    UNREACHED = "unreached"
    """No test runs its line: not noticed."""
    NOT_PLANTED = "not_planted"
    """It could not be planted, and does not count."""


class Book:
    """One file of JSON lines, the last word on a mutant counts. Several processes may write it."""

    def __init__(self, path: Path, forget: frozenset[Outcome] = frozenset()) -> None:
        """`forget`: outcomes that are to be tried again."""
        self._path = path
        self._outcomes = {key: found for key, found in _read(path).items() if found not in forget}

    def knows(self, mutant: Mutant) -> bool:
        """It was tried."""
        return mutant.key in self._outcomes

    def note(self, mutant: Mutant, outcome: Outcome, seconds: float = 0.0, *, sound: bool = False) -> None:
        """It was tried now. `sound`: as a control, without its fault."""
        key = f"{SOUND}{mutant.key}" if sound else mutant.key
        self._outcomes[key] = outcome
        line = json.dumps({"key": key, "outcome": outcome, "s": round(seconds, 2), "what": mutant.told})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def outcomes(self, mutants: Sequence[Mutant]) -> Mapping[Mutant, Outcome]:
        """Of those that were tried, by this process or another."""
        known = _read(self._path)
        return {mutant: known[mutant.key] for mutant in mutants if mutant.key in known}

    def controls(self, mutants: Sequence[Mutant]) -> Mapping[Mutant, Outcome]:
        """Of those that were tried without their fault: each should have survived."""
        known = _read(self._path)
        return {mutant: known[key] for mutant in mutants if (key := f"{SOUND}{mutant.key}") in known}


def _read(path: Path) -> dict[str, Outcome]:
    if not path.exists():
        return {}
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {line["key"]: Outcome(line["outcome"]) for line in lines}
