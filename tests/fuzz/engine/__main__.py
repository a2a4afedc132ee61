"""Attacks the targets of one module: python -m tests.fuzz.engine MODULE [--inputs N] [--seed S] [--guided]

MODULE has `targets()`. Prints one line of JSON per target; ends with 1 and the input at the first fault. `--guided`
lets coverage lead (atheris, where there is a build of it); else the changes are blind. `--input FILE` repeats one.
"""

import argparse
import importlib
import json
import sys
import tempfile
from pathlib import Path
from random import Random

from .guided import attack_guided, instrumented
from .mutator import Mutator
from .target import Target
from .watch import FaultError, Tally, Watch


def attack(target: Target, inputs: int, seed: int) -> Tally:
    """Feed so many blind changes; all depends on `seed`. FaultError at the first fault."""
    watch = Watch(target)
    mutator = Mutator(target.seeds, Random(f"{seed} {target.name}"), target.most_bytes)
    for payload in target.seeds[:inputs]:
        watch.feed(payload)
    while watch.tally.inputs < inputs:
        watch.feed(mutator.payload())
    return watch.tally


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.engine", description=__doc__)
    parser.add_argument("module")
    parser.add_argument("--inputs", type=int, default=20_000, help="shared by the module's targets")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--guided", action="store_true")
    parser.add_argument("--only", help="one target of them")
    parser.add_argument("--input", type=Path, help="feed this file alone")
    asked = parser.parse_args()
    with instrumented(asked.guided):
        module = importlib.import_module(asked.module)
    targets: list[Target] = [one for one in module.targets() if asked.only in {None, one.name}]
    if not targets:
        parser.error(f"{asked.module} has no target {asked.only}")
    each = -(-asked.inputs // len(targets))
    for target in targets:
        count = max(1, each // target.one_of)
        try:
            if asked.input is not None:
                _repeat(target, asked.input.read_bytes())
            elif asked.guided:
                attack_guided(target, count, asked.seed)
            else:
                _say(json.dumps(attack(target, count, asked.seed).as_dict()))
        except FaultError as fault:
            kept = Path(tempfile.mkdtemp(prefix="fuzz-")) / "input"
            kept.write_bytes(fault.payload)
            again = f"python -m tests.fuzz.engine {asked.module} --only '{target.name}' --input {kept}"
            _say(f"{fault}\n  again: {again}")
            return 1
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _repeat(target: Target, payload: bytes) -> None:
    for _ in range(2):  # every second one is mended
        Watch(target).feed(payload)
    _say("nothing happened")


if __name__ == "__main__":
    sys.exit(main())
