"""A short run of the fuzz target, where there is a clang with libFuzzer; `--fuzz-seconds 60` is the nightly one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.firmware.build import CORE, NATIVE, ROOT

_OPTIONS = ("-std=c++17", "-g", "-O1", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all", f"-I{CORE}")


@pytest.mark.timeout(300)
def test_no_payload_breaks_the_core(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    program = tmp_path / "fuzz"
    clang = os.environ.get("CLANGXX") or shutil.which("clang++")
    if clang is None:
        pytest.skip("there is no clang++ here: apt-get install clang")
    built = subprocess.run(
        [clang, *_OPTIONS, NATIVE / "fuzz.cpp", "-o", program], capture_output=True, text=True, check=False
    )
    if built.returncode != 0 and "fuzzer" in built.stderr:
        pytest.skip("this clang has no libFuzzer: apt-get install libclang-rt-14-dev")
    assert built.returncode == 0, built.stderr
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for message in ("control", "guard"):
        for path in (ROOT / "contract" / "examples" / message).glob("*/*.json"):
            shutil.copy(path, corpus / f"{message}-{path.parent.name}-{path.name}")
    seconds = request.config.getoption("--fuzz-seconds", default=5)
    command = [
        "nice",
        str(program),
        str(corpus),
        f"-max_total_time={seconds}",
        "-max_len=4200",
        f"-artifact_prefix={tmp_path}/",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
