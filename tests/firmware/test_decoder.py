"""The core's decoders: the contract's examples, and anything else that may arrive."""

from pathlib import Path
from random import Random

import pytest

from simulator.device.inputs import Control, Guard, Unfit
from simulator.device.words import Action
from simulator.messages import decode_control, decode_guard
from tests.firmware.build import ROOT
from tests.firmware.core import ask

EXAMPLES = ROOT / "contract" / "examples"
_COUNT = 20_000


def _files(message: str, fit: str) -> list[Path]:
    """Return the examples whose payload is the point: a bad topic never reaches a decoder."""
    return [
        path
        for path in sorted((EXAMPLES / message / fit).iterdir())
        if path.suffix != ".topic" and not path.with_suffix(".topic").exists()
    ]


def examples(message: str) -> list[bytes]:
    """Return the payloads of all examples of a message, good and bad."""
    return [path.read_bytes() for fit in ("valid", "invalid") for path in _files(message, fit)]


def _said(program: Path, message: str, payloads: list[bytes]) -> list[str]:
    return ask(program, [f"{message}\t{payload.hex()}" for payload in payloads])


@pytest.mark.parametrize("path", _files("control", "invalid"), ids=lambda path: path.name)
def test_an_unfit_control_is_refused(path: Path, runner: Path) -> None:
    (said,) = _said(runner, "control", [path.read_bytes()])
    assert said.split("\t")[0] in {"json", "fields"}


@pytest.mark.parametrize("path", _files("guard", "invalid"), ids=lambda path: path.name)
def test_an_unfit_guard_is_refused(path: Path, runner: Path) -> None:
    assert _said(runner, "guard", [path.read_bytes()]) == ["unfit"]


@pytest.mark.parametrize("message", ["control", "guard"])
def test_a_fit_message_is_read(message: str, runner: Path) -> None:
    payloads = [path.read_bytes() for path in _files(message, "valid")]
    assert payloads
    for said, payload in zip(_said(runner, message, payloads), payloads, strict=True):
        assert said == (_of_control(payload) if message == "control" else _of_guard(payload))
        assert said.split("\t")[0] not in {"json", "fields", "unfit"}


@pytest.mark.parametrize("message", ["control", "guard"])
def test_both_decoders_make_the_same_of_any_bytes(message: str, runner: Path) -> None:
    known = [text for text in examples(message) if len(text) < 1000]
    chance = Random(20_26)
    payloads = [mangled(chance, known) for _ in range(_COUNT)]
    read = _of_control if message == "control" else _of_guard
    found = [
        (payload, said, read(payload))
        for payload, said in zip(payloads, _said(runner, message, payloads), strict=True)
        if said != read(payload)
    ]
    assert found == []
    assert sum(read(payload).split("\t")[0] not in {"json", "fields", "unfit"} for payload in payloads) > _COUNT / 40


_PIECES = (
    *(b"0", b"-0", b"1.0", b"100", b"1e2", b"100.5", b"-1", b"1e999", b"0.1e-400", b"4294967295", b"4294967296"),
    *(b"1.5", b"01", b"1.", b"NaN", b"-Infinity", b"true", b"null", b"[]", b"{}", b'"stop"', b'"home"', b'"user"'),
    *(
        b'"\\u0061"',
        b'"\\ud83d\\ude00"',
        b'"\\ud800"',
        b'"\xc3\xa9"',
        b'"\xed\xa0\x80"',
        b'"\xc0\x80"',
        b'"\\x"',
        b'""',
    ),
    *(b'"full"', b'"ch\\u0069ld"', b" \t\r\n", b'"a b"', b'"' + b"x" * 65 + b'"', b"[" * 31 + b"]" * 31, b"1E+1"),
)


def mangled(chance: Random, known: list[bytes]) -> bytes:
    """Return an example with some of its values, bytes or ends changed."""
    payload = chance.choice(known)
    for _ in range(chance.randrange(4)):
        match chance.randrange(6):
            case 0 | 1 | 2 if b":" in payload:
                # A whole value, so that much of what comes out is JSON still.
                parts = payload.split(b":")
                place = chance.randrange(1, len(parts))
                tail = parts[place].find(b",")
                parts[place] = chance.choice(_PIECES) + (parts[place][tail:] if tail >= 0 else b"}")
                payload = b":".join(parts)
            case 3 if payload:
                at = chance.randrange(len(payload))
                payload = payload[:at] + bytes([chance.randrange(256)]) + payload[at + 1 :]
            case 4 if payload:
                payload = payload[: chance.randrange(len(payload))]
            case _:
                at = chance.randrange(len(payload) + 1)
                payload = payload[:at] + chance.choice(_PIECES) + payload[at:]
    return payload


def _of_control(payload: bytes) -> str:
    """Say what the Python decoder reads, as native/runner.cpp says it."""
    read: Control | Unfit = decode_control(payload)
    if isinstance(read, Unfit):
        return f"{read.reason}\t{read.command_id or ''}"
    aim = read.aim.value if isinstance(read.aim, Action) else _millionths(read.aim)
    rev = "null" if read.rev is None else read.rev
    return f"\t{read.command_id}\t{aim}\t{read.source}\t{read.session or ''}\t{rev}"


def _of_guard(payload: bytes) -> str:
    guard: Guard | None = decode_guard(payload)
    if guard is None:
        return "unfit"
    fields = (
        guard.hub,
        int(guard.machines),
        _millionths(guard.min),
        _millionths(guard.max),
        guard.lock,
        _millionths(guard.rain_position),
        int(guard.microphone),
    )
    return "\t".join(map(str, fields))


def _millionths(percent: float) -> int:
    return round(percent * 1_000_000)
