"""The engine finds faults that were planted, and draws the same inputs from the same seed."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from stack.process import interpreter
from tests.contract.contract_files import NotJsonError, strict_json
from tests.fuzz import planted
from tests.fuzz.engine import watch
from tests.fuzz.engine.__main__ import attack
from tests.fuzz.engine.guided import HAS_ATHERIS
from tests.fuzz.engine.mutator import Mutator
from tests.fuzz.engine.spans import text_of
from tests.fuzz.engine.target import Target
from tests.fuzz.engine.watch import FaultError
from tests.fuzz.test_decoders import ROOT

TARGETS = {target.name: target for target in planted.targets()}
SEEDS = TARGETS["sound"].seeds


def payloads(seed: int, count: int = 4000) -> Iterator[bytes]:
    mutator = Mutator(SEEDS, Random(seed), 4096)
    return (mutator.payload() for _ in range(count))


def test_a_sound_decoder_passes() -> None:
    tally = attack(TARGETS["sound"], 20_000, 1)
    assert tally.inputs == tally.taken + tally.refused == 20_000
    assert tally.taken > 500
    assert tally.refused > 5000


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nesting", "RecursionError"),
        ("surrogates", "UnicodeEncodeError"),
        ("integers", "OverflowError"),
        ("memory", "bytes of memory"),
        ("promise", "it is small"),
        ("state", "something changed"),
    ],
)
def test_a_planted_fault_is_found_within_the_usual_inputs(name: str, says: str) -> None:
    with pytest.raises(FaultError, match=says) as found:
        attack(TARGETS[name], 20_000, 1)
    again = watch.Watch(TARGETS[name])
    with pytest.raises(FaultError, match=says):
        again.feed(found.value.payload)


def test_work_that_grows_with_the_square_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST_S", 0.1)
    with pytest.raises(FaultError, match="s of CPU"):
        attack(TARGETS["time"], 20_000, 1)


@pytest.mark.skipif(not HAS_ATHERIS, reason="atheris has no build for this machine")
def test_a_planted_fault_is_found_where_coverage_leads() -> None:
    command: list[str | Path] = [interpreter(ROOT / ".venv", "test"), "-m", "tests.fuzz.engine", "tests.fuzz.planted"]
    options = ["--guided", "--only", "surrogates", "--inputs", "50000"]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "UnicodeEncodeError" in done.stdout
    kept = Path(done.stdout.rsplit("--input ", 1)[1].strip())
    repeated = subprocess.run(
        [*command, "--only", "surrogates", "--input", kept], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "UnicodeEncodeError" in repeated.stdout


def test_the_same_seed_draws_the_same_inputs_and_another_one_others() -> None:
    assert list(payloads(1)) == list(payloads(1))
    assert list(payloads(1)) != list(payloads(2))


def test_inputs_are_of_many_kinds() -> None:
    drawn = list(payloads(1, 20_000))
    kinds = {
        "the seed itself": lambda one: one in SEEDS,
        "still JSON": is_json,
        "nested deep": lambda one: b"[" * 33 in one,
        "a huge number": lambda one: b"9" * 309 in one,
        "a lone surrogate": lambda one: b"\\ud800" in one,
        "the same name twice": lambda one: one.count(b'"rev":') > 1,
        "cut short": lambda one: 0 < len(one) < 30 and SEEDS[0].startswith(one),
        "one byte too long": lambda one: len(one) == 4097,
        "no UTF-8": lambda one: b"\xff" in one,
    }
    missing = [name for name, fits in kinds.items() if not any(map(fits, drawn))]
    assert not missing
    assert len(set(drawn)) > 10_000


def is_json(payload: bytes) -> bool:
    try:
        strict_json(payload)
    except NotJsonError:
        return False
    return True


def test_values_and_members_of_a_text_are_found() -> None:
    text = text_of(b' {"a": [1, {"b": "\xc3\xa9"}], "c": null} ')
    assert text is not None
    members = {text.data[begin:end] for begin, end in text.members}
    assert members == {b'"a":[1,{"b":"\\u00e9"}]', b'"b":"\\u00e9"', b'"c":null'}
    values = [text.data[begin:end] for begin, end in text.values]
    assert values == [b"1", b'"\\u00e9"', b'{"b":"\\u00e9"}', b'[1,{"b":"\\u00e9"}]', b"null", text.data]
    assert text_of(b"1") is None
    assert text_of(b"{") is None


def test_checksums_are_mended_every_second_time() -> None:
    fed: list[bytes] = []

    def fed_to(payload: bytes) -> bool:
        fed.append(payload)
        return True

    target = Target("mended", (b"x",), fed_to, mend=lambda one: one + b"!")
    for _ in range(4):
        watch.Watch(target).feed(b"x")
    seen = watch.Watch(target)
    fed.clear()
    for _ in range(4):
        seen.feed(b"x")
    assert fed == [b"x", b"x!", b"x", b"x!"]
