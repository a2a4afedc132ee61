"""Payloads on their way between the real parts, and what the model would call them."""

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

from custom_components.smart_window.contract import (
    ControlResult,
    Guard as HomeGuard,
    MessageKind,
    Request,
    Response,
    State as HomeState,
    decode,
)
from simulator.device.inputs import Control as WindowControl
from simulator.device.words import Source as WindowSource
from simulator.messages import decode_control

from ..messages import Aim, Answer, Content, Control, Guard, Question, Result, Seen, Source, State

NOBODY = Seen(0, 0, 0, 0, 0, 0)
HALF = 50.0


class Wire(NamedTuple):
    """One message as bytes."""

    kind: MessageKind
    payload: bytes
    retained: bool = False


_SOURCES: Final[Mapping[WindowSource, Source]] = {
    WindowSource.ML: "ml",
    WindowSource.USER: "user",
    WindowSource.AUTOMATION: "automation",
    WindowSource.SAFETY: "safety",
}

type Modelled = State | Guard | Control | Result | Question | Answer


def modelled(wire: Wire) -> Modelled:
    """The model's message for these bytes, read by the decoder of the one that gets it."""
    if wire.kind is MessageKind.CONTROL:
        control = decode_control(wire.payload)
        assert isinstance(control, WindowControl), wire
        source = _SOURCES[control.source]
        fence = number(control.session), control.rev or 0
        return Control(number(control.command_id), source, _aim(control.aim), *fence, NOBODY)
    match decode(wire.kind, wire.payload):
        case HomeState() as state:
            bad = state.obstacle or state.fault is not None
            ids = number(state.session), state.rev, number(state.hand_id), number(state.command_id)
            return State(*ids, state.rain, bad, wire.retained)
        case HomeGuard() as guard:
            return Guard(content(guard), retained=wire.retained)
        case ControlResult() as result:
            return Result(number(result.command_id), result.result.value)
        case Request() as request:
            grant = request.grant
            fence = number(request.session), request.rev or 0
            band = step(grant.min), step(grant.max)
            return Question(number(request.correlation_id), *fence, grant.act, *band, NOBODY)
        case Response() as response:
            assert not response.acted
            return Answer(number(response.correlation_id))
        case other:
            raise AssertionError(f"nobody sends {other}")


def content(guard: HomeGuard) -> Content:
    band = step(guard.min), step(guard.max)
    return Content(number(guard.hub), guard.machines, *band, guard.lock.value, step(guard.rain_position))


def number(name: str | None) -> int:
    """Ids are a letter and the model's number."""
    return 0 if name is None else int(name[1:])


def step(percent: float) -> int:
    """0, 1 or 2. AssertionError for a position between them."""
    steps = percent / HALF
    assert steps.is_integer(), f"{percent} % is no step of the model"
    return int(steps)


def control_of_service(request: bytes, position: int) -> bytes:
    """What the service publishes when it acts on a question."""
    question = json.loads(request)
    grant = question["grant"]
    within = max(grant["min"], min(grant["max"], position * HALF))
    names = {"command_id": question["correlation_id"], "session": question["session"], "rev": question["rev"]}
    return json.dumps({"source": "ml", "position": within, "confidence": 0.9, **names}).encode()


def answer_of_service(request: bytes, *, acted: bool) -> bytes:
    """What the service answers."""
    said: dict[str, object] = {
        "contract": 1,
        "correlation_id": json.loads(request)["correlation_id"],
        "position": 40.0,
        "confidence": 0.9,
        "reasons": [],
        "model_version": "m-1",
        "timings_ms": {},
        "acted": acted,
        "error": None,
    }
    return json.dumps(said).encode()


def _aim(aim: float | str) -> Aim:
    match aim:
        case "stop" | "home" | "clear":
            return aim
        case float():
            return step(aim)
        case other:
            raise AssertionError(other)
