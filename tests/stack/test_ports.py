"""Free ports."""

import socket
from pathlib import Path
from random import Random

import pytest

from stack.ports import LOWEST, first_outgoing_port, free_ports


def test_they_differ_and_can_be_listened_on() -> None:
    ports = free_ports(20, Random(1))
    assert len(set(ports)) == 20
    for port in ports:
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_one_that_is_taken_is_not_given() -> None:
    (first,) = free_ports(1, Random(7))
    with socket.create_server(("127.0.0.1", first)):
        assert first not in free_ports(5, Random(7))


def test_they_lie_below_those_of_outgoing_connections(tmp_path: Path) -> None:
    kernel_range = tmp_path / "range"
    kernel_range.write_text("20000\t60999\n")
    end = first_outgoing_port(kernel_range)
    assert end == 20000
    assert all(LOWEST <= port < end for port in free_ports(50, Random(2), end))


def test_a_system_without_that_range_gets_the_usual_one(tmp_path: Path) -> None:
    assert first_outgoing_port(tmp_path / "absent") == 32768


def test_too_few_are_an_error_that_says_where_was_looked() -> None:
    with pytest.raises(OSError, match=f"between {LOWEST} and {LOWEST + 1000}"):
        free_ports(1001, Random(3), LOWEST + 1000)
