"""The core's parts, tested in C++ under AddressSanitizer and UBSan."""

import subprocess

from tests.firmware.build import NATIVE, SANITIZED, build


def test_parts_of_the_core_hold() -> None:
    program = build(NATIVE / "units.cpp", ("-O0", *SANITIZED[1:]))  # optimising takes longer than running
    done = subprocess.run([program, "--minimal"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
