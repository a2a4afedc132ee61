"""Lets coverage lead: atheris, which is libFuzzer for Python, changes what brought it to new code."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from random import Random

from .mutator import Mutator
from .target import Target
from .watch import FaultError, Watch

HAS_ATHERIS = find_spec("atheris") is not None
_OURS = ["custom_components", "ml_addon", "replay", "simulator", "tests.fuzz.planted"]
_MOST_LENGTH = 16_384


@contextmanager
def instrumented(wanted: bool) -> Iterator[None]:
    """What is imported within tells which of its branches ran."""
    if not wanted:
        yield
        return
    import atheris  # noqa: PLC0415 - not everywhere there

    with atheris.instrument_imports(include=_OURS, enable_loader_override=False):
        yield


def attack_guided(target: Target, inputs: int, seed: int) -> None:
    """Feed so many, in a process of its own, since libFuzzer ends the one that it ran in.

    FaultError at the first fault.
    """
    with tempfile.TemporaryDirectory() as folder:
        corpus, found = Path(folder) / "corpus", Path(folder) / "found"
        corpus.mkdir()
        for number, payload in enumerate(target.seeds):
            (corpus / f"{number}").write_bytes(payload)
        child = os.fork()
        if child == 0:
            _fuzz(target, inputs, seed, corpus, found)
        _, status = os.waitpid(child, 0)
        if found.exists():
            Watch(target).feed(payload := found.read_bytes())
            raise FaultError(target, payload, "it did so once, after the inputs before it")
        if status:
            raise FaultError(target, b"", f"the process ended with {os.waitstatus_to_exitcode(status)}")


def _fuzz(target: Target, inputs: int, seed: int, corpus: Path, found: Path) -> None:
    import atheris  # noqa: PLC0415 - not everywhere there

    watch, mutator = Watch(target), Mutator(target.seeds, Random(seed), _MOST_LENGTH)

    def one(payload: bytes) -> None:
        try:
            watch.feed(payload)
        except FaultError as fault:
            sys.stderr.write(f"{fault}\n")
            found.write_bytes(fault.payload)
            os._exit(1)
        if watch.tally.inputs == inputs:
            sys.stdout.write(f"{json.dumps(watch.tally.as_dict() | {'guided': True})}\n")
            sys.stdout.flush()
            os._exit(0)

    def changed(payload: bytes, most: int, drawn: int) -> bytes:
        match drawn % 4:
            case 0:  # what it keeps is short and spoiled many times over: begin with something good again
                return mutator.payload()[:most]
            case 1:
                return mutator.change(payload)[:most]
            case _:
                return bytes(atheris.Mutate(payload, most))

    for payload in target.seeds:  # whole, however long they are
        one(payload)
    options = [
        f"-seed={seed}",
        "-runs=-1",
        f"-max_len={_MOST_LENGTH}",
        "-timeout=60",
        "-rss_limit_mb=4096",
        "-print_final_stats=0",
    ]
    atheris.Setup([sys.argv[0], *options, "-verbosity=0", str(corpus)], one, custom_mutator=changed)
    atheris.Fuzz()
