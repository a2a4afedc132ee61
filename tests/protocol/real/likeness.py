"""What the real parts and the model have in common, compared field by field."""

from collections.abc import Iterator, Sequence

from custom_components.smart_window.contract import Source
from custom_components.smart_window.settings import Mode
from simulator.device.inputs import Guard as WindowGuard

from ..messages import Answer, Content, Control, Guard, Lock, Question, Result, State
from ..world import World
from .home import RealHome
from .house import RealHouse
from .wire import HALF, NOBODY, Wire, content, modelled, number, step

type Fact = tuple[str, object, object]
"""A name, what is real, what the model says."""


def differences(house: RealHouse, world: World) -> list[str]:
    """Where the real parts and the model differ."""
    facts = (*_window(house, world), *_home(house.home, world), *_ways(house, world), *_second(house, world))
    return [f"{name}: really {real!r}, in the model {model!r}" for name, real, model in facts if real != model]


def _window(house: RealHouse, world: World) -> Iterator[Fact]:
    real, model = house.window.device, world.device
    state = real.state()
    yield "session", number(state.session), model.session if model.connected else 0
    yield "rev", state.rev, model.rev
    yield "floor", real._fence.floor, model.floor
    yield "ring", tuple(number(name) for name in real._fence._ring), model.ring
    yield "hand_id", number(state.hand_id), model.hand
    yield "command_id", number(state.command_id), model.command
    yield "position", None if state.position is None else step(state.position), model.pos
    yield "target", None if state.target is None else step(state.target), model.target
    yield "moves", real.is_moving, model.driven
    yield "rain", state.rain, model.wet
    yield "a hand's leave", real._rain.leave_until is not None, model.leave
    yield "tries", real._rain.tries, model.tries
    yield "waits for a try", real._rain.next_try_at is not None and real._rain.waits(house.window._now), model.waits
    yield "rain_position", step(real._rain_position), model.rain_position
    yield "obstacle", state.obstacle, model.obstacle
    yield "fault", state.fault or "", model.fault
    yield "lock", state.lock.value, "none" if model.guard is None else model.guard.lock
    yield "guard", _content(real._link.guard), model.guard
    yield "link", real._link.is_up, model.live and model.connected
    if world.rules.alone:
        yield "loss is open", real._link.open_loss_at is not None, model.lost == "open"


def _content(guard: WindowGuard | None) -> Content | None:
    if guard is None:
        return None
    lock: Lock = guard.lock.value
    return Content(number(guard.hub), guard.machines, step(guard.min), step(guard.max), lock, step(guard.rain_position))


def _home(real: RealHome, world: World) -> Iterator[Fact]:
    model, window = world.home, real.window
    state = window.state
    yield "home's link", real.link, model.link
    yield "home's session", 0 if state is None else number(state.session), model.session
    yield "home's rev", 0 if state is None else state.rev, model.rev
    yield "home knows of rain", state is not None and state.rain, model.wet
    yield "home knows of an obstacle or fault", state is not None and (state.obstacle or bool(state.fault)), model.bad
    yield "hands", _hands(window.hands.handled), model.handled
    yield "hold", window.hands.hold is not None, bool(model.hold)
    yield "saved hands", _hands(real.saved.handled), model.saved_handled
    yield "saved hold", real.saved.hold is not None, bool(model.saved_hold)
    yield "automatic", window.mode is Mode.AUTOMATIC, model.auto
    question = window.question
    yield "question out", 0 if question is None else number(question.correlation_id), model.out
    yield "trigger", window._trigger.cause is not None, model.want
    yield "asks soon", real.would_ask, model.can_ask()
    yield "grant", real.decision.grant.act, model.may_act() and model.live
    if real.wants is not None:  # the model's event `hazard`, at any time: but only this, and only against rain
        yield "home's own wish", real.wants, (Source.SAFETY, model.rain_position * HALF) if model.wet else None
    yield "foreign", window.foreign_hub is not None, model.foreign
    yield "guard told", real.guard is not None, model.told
    if real.guard is not None:
        yield "guard that left", content(real.guard), model.sent


def _hands(handled: Sequence[str] | None) -> tuple[int, ...] | None:
    return None if handled is None else tuple(number(name) for name in handled)


def _ways(house: RealHouse, world: World) -> Iterator[Fact]:
    broker = world.broker
    yield "kept state", modelled(house.kept_state), _blind(broker.state)
    yield "kept guard", modelled(house.kept_guard), _blind(broker.guard)
    yield "to the window", _messages(house.queues["home_device"]), _blinds(broker.home_device)
    yield "service to the window", _messages(house.queues["service_device"]), _blinds(broker.service_device)
    yield "to the service", _messages(house.queues["home_service"]), _blinds(broker.home_service)
    yield "to home", _messages(house.queues["device_home"]), _blinds(broker.device_home)
    yield "service to home", _messages(house.queues["service_home"]), _blinds(broker.service_home)
    yield "waits in the client", _messages(house.waiting), _blinds(world.home.queue)


def _second(house: RealHouse, world: World) -> Iterator[Fact]:
    real, model = house.second, world.second
    if real is None:
        return
    yield "second's foreign", real.window.foreign_hub is not None, model.foreign
    yield "second's guard told", real.guard is not None, model.told
    if real.guard is not None:
        yield "second's guard", content(real.guard), model.sent
    yield "waits in second's client", _messages(house.second_waiting), _blinds(model.queue)
    yield "second's inbox", _messages(house.second_inbox), _blinds(model.inbox)


type _Message = State | Guard | Control | Result | Question | Answer


def _messages(wires: Sequence[Wire]) -> list[_Message]:
    return [modelled(wire) for wire in wires]


def _blinds(messages: Sequence[_Message]) -> list[_Message]:
    return [_blind(message) for message in messages]


def _blind(message: _Message) -> _Message:
    """Without what only the checker knows, and what is for the trace alone."""
    match message:
        case Control() | Question():
            return message._replace(seen=NOBODY)
        case Guard():
            return message._replace(beat=0)
        case other:
            return other
