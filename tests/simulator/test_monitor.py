"""The monitor tells each message in a line, whoever sent it."""

import pytest

from simulator.monitor import line


def test_a_command_and_its_result() -> None:
    command = b'{"position": 30, "source": "ml", "command_id": "c1", "confidence": 0.91}'
    assert line("window/bedroom/control", command, "12:00:00").split() == [
        *("12:00:00", "bedroom", "→", "30", "%", "ml", "confidence", "0.91", "c1")
    ]
    refused = b'{"command_id": "c1", "result": "stale", "reason": "rev"}'
    assert line("window/bedroom/control/result", refused, "12:00:00").split() == [
        *("12:00:00", "bedroom", "=", "stale", "(rev)", "c1")
    ]


@pytest.mark.parametrize(
    "payload", [b"", b"80", b"\xff\xfe", b"{", b'{"position": "\\u001b[2J"}', b"\x1b[2J", b'["' + b"x" * 500]
)
def test_nothing_harms_the_terminal(payload: bytes) -> None:
    said = line("window/bed\x1broom/control", payload, "12:00:00")
    assert said.isprintable()
    assert len(said) < 200
