"""Policy vectors (contract/vectors/policy): a sequence of inputs to a window, and what must hold after each."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from .device.device import Device, Output
from .device.inputs import (
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
from .device.setup import LinkLost, LinkLostAction, Setup
from .device.words import Button
from .fields import Fields
from .messages import decode_control, decode_guard

_WITHIN = 1.0  # percent that a position and a target may be off
_STATE = frozenset(
    ("session", "rev", "hand_id", "position", "target", "operation", "source", "rain", "obstacle", "fault", "lock")
) | {"command_id"}


class VectorError(ValueError):
    """A vector is not written as contract/README.md says."""


def run_vector(path: Path) -> list[str]:
    """Play one file; return what did not come out as expected. Raises VectorError for a malformed one."""
    vector = _mapping(json.loads(path.read_text(encoding="utf-8")), "the file")
    _only(vector, {"name", "why", "setup", "steps"}, "the file")
    if vector.get("name") != path.stem:
        raise VectorError(f"{path.name}: the name is {vector.get('name')!r}")
    steps = _list(vector["steps"])
    device = Device(_setup(vector.get("setup")))
    wrong: list[str] = []
    before = 0.0
    for number, content in enumerate(steps, 1):
        step = _mapping(content, f"step {number}")
        _only(step, {"at", "input", "expect"}, f"step {number}")
        at = step["at"]
        if not isinstance(at, int | float) or at < before:
            raise VectorError(f"step {number}: at is {at!r}")
        before = float(at)
        output = device.handle(_input(_mapping(step["input"], f"step {number}")), before)
        wrong += [f"step {number} at {at}: {line}" for line in _compare(step.get("expect"), device, output)]
    return wrong


def _compare(expect: object, device: Device, output: Output) -> list[str]:
    wanted = _mapping(expect if expect is not None else {}, "expect")
    _only(wanted, _STATE | {"result", "reason"}, "expect")
    result = output.result
    found: dict[str, object] = asdict(device.state()) | {
        "result": None if result is None else result.verdict,
        "reason": None if result is None else result.reason,
    }
    return [
        f"{name} is {found[name]!r}, expected {value!r}"
        for name, value in wanted.items()
        if not _same(name, value, found[name])
    ]


def _same(name: str, wanted: object, found: object) -> bool:
    if name in ("position", "target") and isinstance(wanted, int | float) and isinstance(found, int | float):
        return abs(wanted - found) <= _WITHIN
    return wanted == found


def _setup(content: object) -> Setup:
    complaints: list[str] = []
    fields = Fields("setup", content, complaints)
    lost = fields.within("link_lost")
    position: float | None = fields.number("position", 0, 0, 100)
    if fields.has("position") and fields.raw("position") is None:
        position = None
    setup = Setup(
        position=position,
        travel_s=fields.number("travel_s", 20, 0.1, 600),
        hand_id=fields.line("hand_id", "") or None,
        obstacle=fields.flag("obstacle", default=False),
        rain_position=fields.number("rain_position", 0, 0, 100),
        rain=fields.flag("rain", default=False),
        link_lost=LinkLost(lost.choice("action", LinkLostAction.STAY), lost.number("after_s", 600, 0)),
    )
    lost.close()
    fields.close()
    if complaints:
        raise VectorError("; ".join(complaints))
    return setup


def _input(content: Mapping[str, object]) -> Input:
    retained = content.get("retained", False) is True
    names = [name for name in content if name != "retained"]
    if len(names) != 1 or names[0] not in _READ or ("retained" in content and names[0] not in _FROM_BROKER):
        raise VectorError(f"no input: {content!r}")
    return _READ[names[0]](content[names[0]], retained)


def _guard(value: object, retained: bool) -> Input:  # noqa: FBT001 - one signature for all inputs
    guard = decode_guard(json.dumps(value).encode())
    return Wait() if guard is None else GuardArrives(guard, retained)


def _control(value: object, retained: bool) -> Input:  # noqa: FBT001
    return ControlArrives(decode_control(json.dumps(value).encode()), retained)


def _control_raw(value: object, retained: bool) -> Input:  # noqa: FBT001
    return ControlArrives(decode_control(_text(value).encode()), retained)


def _press(value: object, _: bool) -> Input:  # noqa: FBT001
    press = _mapping(value, "press")
    return Press(Button(_text(press["button"])), _text(press["hand_id"]))


_FROM_BROKER = ("guard", "control", "control_raw")
_READ: Mapping[str, Callable[[object, bool], Input]] = {
    "connect": lambda value, _: Connect(_text(_mapping(value, "connect")["session"])),
    "disconnect": lambda _value, _: Disconnect(),
    "guard": _guard,
    "control": _control,
    "control_raw": _control_raw,
    "press": _press,
    "rain": lambda value, _: Rain(_flag(value)),
    "stall": lambda _value, _: Stall(),
    "jam": lambda value, _: Jam(_flag(value)),
    "power_cut": lambda _value, _: PowerCut(),
    "wait": lambda _value, _: Wait(),
}


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise VectorError(f"{what}: no mapping: {value!r}")
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list) or not value:
        raise VectorError(f"no list of steps: {value!r}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise VectorError(f"no text: {value!r}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise VectorError(f"neither true nor false: {value!r}")
    return value


def _only(content: Mapping[str, object], known: set[str] | frozenset[str], what: str) -> None:
    if unknown := set(content) - known:
        raise VectorError(f"{what}: unknown {sorted(unknown)}")
