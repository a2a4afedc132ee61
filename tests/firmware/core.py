"""The C++ core as a process: inputs go in as lines, what became of the window comes back. See native/runner.cpp."""

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.device import LinkLostAction, Setup
from simulator.device.inputs import (
    Connect,
    ControlArrives,
    Disconnect,
    GuardArrives,
    Input,
    Jam,
    PowerCut,
    Press,
    Rain,
    Stall,
    Wait,
)

_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """One input at a time in microseconds; `payload` is what came over MQTT, where it did."""

    at_us: int
    happened: Input
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """The window after a step. Places in percent; `state` and `result` as they go over the wire, without ts."""

    state: dict[str, object]
    position: float | None
    target: float | None
    result: dict[str, object] | None
    microphone: bool


def setup_line(setup: Setup) -> str:
    """Return the line that begins a history."""
    closes = setup.link_lost.action is LinkLostAction.CLOSE
    fields = (
        "setup",
        "null" if setup.position is None else _whole(setup.position),
        _whole(setup.travel_s),
        setup.hand_id or "-",
        _bit(setup.obstacle),
        _whole(setup.rain_position),
        _bit(setup.rain),
        _whole(setup.link_lost.after_s) if closes else "never",
    )
    return "\t".join(fields)


def step_line(step: Step) -> str:
    """Return the line of one input. A payload that fits nothing still arrives."""
    return "\t".join((str(step.at_us), *_fields(step)))


def _fields(step: Step) -> tuple[str, ...]:  # noqa: PLR0911 - one for each kind of input
    match step.happened:
        case Connect(session):
            return "connect", session
        case Disconnect():
            return ("disconnect",)
        case GuardArrives(_, retained):
            return "guard", _bit(retained), step.payload.hex()
        case ControlArrives(_, retained):
            return "control", _bit(retained), step.payload.hex()
        case Press(button, hand_id):
            return "press", button.value, hand_id
        case Rain(wet):
            return "rain", _bit(wet)
        case Stall():
            return ("stall",)
        case Jam(on):
            return "jam", _bit(on)
        case PowerCut():
            return ("power_cut",)
        case Wait():
            return ("wait",)


def ask(program: Path, lines: Iterable[str]) -> list[str]:
    """Run the program over the lines; return its lines."""
    done = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout.splitlines()


def play(program: Path, histories: Sequence[tuple[Setup, Sequence[Step]]]) -> list[list[Answer]]:
    """Play each history from its beginning; return an answer to each of its steps."""
    lines = [line for setup, steps in histories for line in (setup_line(setup), *map(step_line, steps))]
    said = iter(ask(program, lines))
    answers = [[_answer(next(said)) for _ in steps] for _, steps in histories]
    assert next(said, None) is None
    return answers


def _answer(line: str) -> Answer:
    state, position, target, result, microphone = line.split("\t")
    return Answer(json.loads(state), _percent(position), _percent(target), json.loads(result), microphone == "1")


def _percent(text: str) -> float | None:
    return None if text == "null" else int(text) / _MICRO


def _whole(value: float) -> str:
    return str(round(value * _MICRO))


def _bit(value: bool) -> str:
    return "1" if value else "0"
