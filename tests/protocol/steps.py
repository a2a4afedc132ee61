"""What can happen next: deliveries, what happens by itself sooner or later (fair), and the outside world's events."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from .events import EVENTS
from .messages import Guard
from .world import World


class Step(NamedTuple):
    """One step. `what` names it, `which` says which queue, answer or event."""

    what: str
    which: str = ""

    @property
    def fair(self) -> bool:
        """It happens by itself sooner or later; the others are the outside world's and spend their number."""
        return self.what not in {"event", "answer both", "give up early"}


MOST_BEATS: Final = 9
AIMS: Final[Mapping[str, tuple[int, ...]]] = {
    "answer open": (2,),
    "answer close": (0,),
    "answer": (),
    "answer both": (2, 0),
}


def steps(world: World) -> Iterator[Step]:
    """All that can happen now."""
    yield from _deliveries(world)
    yield from _by_itself_at_the_window(world)
    yield from _by_itself_at_home(world)
    for event, left in zip(world.events, world.left, strict=True):
        if left and event in EVENTS:
            yield Step("event", event)


def take(world: World, step: Step) -> World:
    """The world after this step, the same world when it changes nothing; `bad` says what must never have happened."""
    after = world.copy()
    if step.what == "event":
        EVENTS[step.which](after)
        if not after.bad and after.key() == world.key():
            return world
    elif step.what == "deliver":
        _deliver(after, step.which)
    elif step.what in AIMS:
        _serve(after, AIMS[step.what])
    else:
        _BY_ITSELF[step.what](after)
    if not step.fair:
        name = {"answer both": "twin", "give up early": "early"}.get(step.what, step.which)
        after.left = tuple(n - (e == name) for e, n in zip(after.events, after.left, strict=True))
        after.ghost.disturbed += after.rules.counts_asking
    if after.rules.still and after.device.target != world.device.target:
        after.fail("I4 the target changes although nobody wanted anything")
    if not after.remains("restart"):
        after.home.saves(after.ghost)  # where no restart is left, saving cannot matter
    return after


# --- deliveries


def _deliveries(world: World) -> Iterator[Step]:
    broker = world.broker
    if broker.home_device:
        yield Step("deliver", "home_device")
    if broker.service_device:
        yield Step("deliver", "service_device")
    if broker.home_service:
        if broker.home_service[0].act:
            yield Step("answer open")
            yield Step("answer close")
            if world.remains("twin"):
                yield Step("answer both")
        if world.rules.may_be_unsure or not broker.home_service[0].act:
            yield Step("answer")
    if broker.device_home and world.home.link:
        yield Step("deliver", "device_home")
    if broker.service_home and world.home.link:
        yield Step("deliver", "service_home")
    if world.rules.hubs:
        yield from _between_hubs(world)


def _between_hubs(world: World) -> Iterator[Step]:
    if world.home.queue and world.home.link:
        yield Step("broker takes", "home")
    if world.second.queue:
        yield Step("broker takes from second")
    if world.second.inbox:
        yield Step("second hears")


def _deliver(world: World, queue: str) -> None:
    broker = world.broker
    match queue:
        case "home_device":
            to_device, *broker_rest = broker.home_device
            broker.home_device = tuple(broker_rest)
            if world.remains("dup_home_device"):
                world.remember(queue, to_device)
            if isinstance(to_device, Guard):
                world.guard_arrives(to_device)
            else:
                world.command_arrives(to_device)
        case "service_device":
            control, *controls = broker.service_device
            broker.service_device = tuple(controls)
            if world.remains("dup_service_device"):
                world.remember(queue, control)
            world.command_arrives(control)
        case "device_home":
            to_home, *rest = broker.device_home
            broker.device_home = tuple(rest)
            world.home_hears(to_home)
        case _:
            answer, *answers = broker.service_home
            broker.service_home = tuple(answers)
            world.home.take_answer(answer, world.ghost, world.rules)


def _serve(world: World, aims: tuple[int, ...]) -> None:
    if world.remains("dup_home_service"):
        world.remember("home_service", world.broker.home_service[0])
    world.service_answers(aims)


def _broker_takes(world: World) -> None:
    message, *rest = world.home.queue
    world.home.queue = tuple(rest)
    world.at_broker(message)


def _broker_takes_from_second(world: World) -> None:
    guard, *rest = world.second.queue
    world.second.queue = tuple(rest)
    world.at_broker(guard)


def _second_hears(world: World) -> None:
    guard, *rest = world.second.inbox
    world.second.inbox = tuple(rest)
    world.second.hears(guard, world.rules)


# --- what happens by itself. A move takes seconds: the timers, of a minute and more, end when the sash stands.


def _by_itself_at_the_window(world: World) -> Iterator[Step]:
    device, home = world.device, world.home
    if device.driven:
        yield Step("sash moves")
    heard = device.connected and home.link
    if not device.driven:
        # A loss closes after 100 s ("soon") or 400 s ("late"), a guard is old after 300 s, a leave over after 1800 s.
        closes_first = device.lost == "open" and world.rules.alone == "soon"
        if device.waits:
            yield Step("retry")
        elif device.leave and (heard or not device.live) and device.lost != "open":
            yield Step("leave ends")
        if device.lost == "open" and (closes_first or not device.live):
            yield Step("close alone")
    if not device.connected:
        yield Step("reconnect")
    elif not world.broker.device_home and (
        world.broker.state != device.state() or (heard and not home.live) or (heard and _unheard(world))
    ):
        yield Step("heartbeat")


def _unheard(world: World) -> bool:
    """What the window said last was lost on its way."""
    return "deaf" in world.events and world.home.fence != (world.device.session, world.device.rev)


def _by_itself_at_home(world: World) -> Iterator[Step]:
    home, device, broker = world.home, world.device, world.broker
    if not home.link:
        yield Step("link is back")
    if (home.handled, home.hold) != (home.saved_handled, home.saved_hold) or world.ghost.unsaved:
        yield Step("save")
    may_ask = world.ghost.total < world.rules.questions
    if may_ask and home.can_ask():
        yield Step("ask")
    quiet = not broker.home_device and device.connected and home.link
    if quiet and home.told and (not device.live or _may_beat(world)):
        yield Step("repeat guard")
    if may_ask and quiet and device.live and home.want and not home.out and home.live and home.refused == home.fence:
        yield Step("half an hour")
    if home.out and home.link:
        carried = broker.carries(home.out) or any(
            not isinstance(message, Guard) and message.id == home.out for message in home.queue
        )
        if not carried:
            yield Step("give up")
        elif world.remains("early"):
            yield Step("give up early")


def _may_beat(world: World) -> bool:
    """Where beats are told apart, so many of them."""
    return bool(world.remains("beats") and world.ghost.total) and world.broker.guard.beat < MOST_BEATS


def _leave_ends(world: World) -> None:
    before = world.device.state()
    world.device.leave = False
    world.device_does(before)


def _retry(world: World) -> None:
    before = world.device.state()
    world.device.waits = False
    world.device_does(before)


def _sash_moves(world: World) -> None:
    before = world.device.state()
    world.fail(world.device.sash_moves())
    world.device_does(before)


def _close_alone(world: World) -> None:
    before = world.device.state()
    world.fail(world.device.close_alone(world.ghost, world.rules))
    world.device_does(before)


def _repeat_guard(world: World) -> None:
    beat = world.broker.guard.beat + bool(world.remains("beats"))
    if world.home.sent is not None:
        world.from_home(Guard(world.home.sent, beat))


def _half_an_hour(world: World) -> None:
    world.home.refused = (0, 0)


_BY_ITSELF: Final[Mapping[str, Callable[[World], None]]] = {
    "broker takes": _broker_takes,
    "broker takes from second": _broker_takes_from_second,
    "second hears": _second_hears,
    "sash moves": _sash_moves,
    "leave ends": _leave_ends,
    "retry": _retry,
    "close alone": _close_alone,
    "reconnect": World.connect,
    "heartbeat": lambda world: world.tell_state(world.device.state()),
    "link is back": World.home_link_is_back,
    "save": lambda world: world.home.saves(world.ghost),
    "ask": World.home_asks,
    "repeat guard": _repeat_guard,
    "half an hour": _half_an_hour,
    "give up": lambda world: world.home.gives_up(),
    "give up early": lambda world: world.home.gives_up(),
}
