"""The tests take the branches of the core."""

from pathlib import Path

import pytest

from tests.firmware.branches import measure, share_of

_LEAST_PERCENT = 95.0


@pytest.mark.timeout(600)
def test_the_tests_take_95_percent_of_the_cores_branches(tmp_path: Path) -> None:
    headers = measure(tmp_path)
    assert share_of(headers) >= _LEAST_PERCENT, "python -m tests.firmware.branches says which are not taken"
    assert all(header.count for name, header in headers.items() if name in {"device.h", "motor.h", "policy.h"})
