"""The fuzz target: libFuzzer where there is a clang, else blind changes. Nightly it runs for 60 s and wants clang."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.firmware.build import CORE, NATIVE, ROOT, build
from tests.firmware.conftest import NIGHTLY

_OPTIONS = ("-std=c++17", "-g", "-O1", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all", f"-I{CORE}")
_PLAIN = ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-DWITHOUT_LIBFUZZER")


def _known() -> list[Path]:
    return [
        path
        for message in ("control", "guard")
        for path in sorted((ROOT / "contract" / "examples" / message).glob("*/*"))
        if path.suffix in {".json", ".bin", ".txt"}
    ]


def _clang() -> str | None:
    return os.environ.get("CLANGXX") or shutil.which("clang++")


def test_no_blindly_changed_payload_breaks_the_core() -> None:
    program = build(NATIVE / "fuzz.cpp", _PLAIN)
    done = subprocess.run(["nice", program, "2", *_known()], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert int(done.stdout.split()[0]) > len(_known())


@pytest.mark.timeout(300)
@pytest.mark.skipif(_clang() is None and not NIGHTLY, reason="there is no clang++ here: apt-get install clang")
def test_no_payload_breaks_the_core(fuzz_seconds: int, tmp_path: Path) -> None:
    clang = _clang()
    assert clang is not None, "the nightly run wants clang with libFuzzer: HYPOTHESIS_PROFILE=nightly ./scripts/setup"
    program = tmp_path / "fuzz"
    command = [clang, *_OPTIONS, str(NATIVE / "fuzz.cpp"), "-o", str(program)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode != 0 and "fuzzer" in built.stderr and not NIGHTLY:
        pytest.skip("this clang has no libFuzzer: apt-get install libclang-rt-14-dev, or of clang's own version")
    assert built.returncode == 0, built.stderr
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for path in _known():
        shutil.copy(path, corpus / f"{path.parent.parent.name}-{path.parent.name}-{path.name}")
    limits = (f"-max_total_time={fuzz_seconds}", "-max_len=4200", f"-artifact_prefix={tmp_path}/")
    done = subprocess.run(["nice", program, corpus, *limits], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
