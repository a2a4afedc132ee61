"""What the outside world does. An event that changes nothing is not counted."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

from .messages import Aim, Control, Guard, Lock, Source
from .world import World

type Event = Callable[[World], None]


def _reading(world: World) -> None:
    if world.home.link:
        world.home.take_reading(world.ghost)


def _press(world: World) -> None:
    """The button that does something: in a move any stops it."""
    device = world.device
    before = device.state()
    button: Literal["open", "close"] = "open" if device.target in {0, None} else "close"
    world.fail(device.press(button, world.ghost, world.rules))
    world.device_does(before)


def _press_stop(world: World) -> None:
    before = world.device.state()
    world.fail(world.device.press("stop", world.ghost, world.rules))
    world.device_does(before)


def _click(aim: Aim) -> Event:
    def click(world: World) -> None:
        if world.home.session:
            world.person_clicks(aim)

    return click


def _hub(source: Source, aim: Aim) -> Event:
    def command(world: World) -> None:
        if world.home.session:
            world.hub_commands(source, aim)

    return command


def _stranger(aim: Aim) -> Event:
    """Somebody who knows nothing of a fence."""

    def command(world: World) -> None:
        if world.device.connected:
            world.command_arrives(Control(world.ghost.other_id(), "automation", aim, 0, 0, world.ghost.seen()))

    return command


def _owner(*, auto: bool) -> Event:
    def choose(world: World) -> None:
        if world.home.auto != auto:
            world.owner_sets(auto=auto)

    return choose


def _narrow(world: World) -> None:
    if world.home.high > 1:
        world.home.high = 1
        world.home.owner_changes_rules()
        world.home_turns()


def _lock(lock: Lock) -> Event:
    def choose(world: World) -> None:
        if world.home.lock != lock:
            world.home.lock = lock
            world.home.owner_changes_rules()
            world.home_turns()

    return choose


def _resume(world: World) -> None:
    home = world.home
    if home.hold:
        home.hold = world.ghost.exposed = 0
        home.owner_changes_rules()
        home.saves(world.ghost)
        world.home_turns()


def _rain(world: World) -> None:
    before = world.device.state()
    world.device.rain_turns(world.ghost)
    world.device_does(before)


def _stall(world: World) -> None:
    before = world.device.state()
    world.device.stall(world.ghost)
    world.device_does(before)


def _link(world: World) -> None:
    """Home Assistant's connection breaks; it has not noticed yet."""
    if world.home.link:
        world.home.link = False
        world.broker.home_goes()


def _drop(world: World, *, repeat: bool = False) -> None:
    """The window's connection breaks and comes back."""
    world.device.disconnect(world.ghost, world.rules)
    world.broker.device_goes()
    world.connect(repeat=repeat)


def _off(world: World) -> None:
    """The window's connection breaks, for longer."""
    if world.device.connected:
        world.device.disconnect(world.ghost, world.rules)
        world.broker.device_goes()


def _reboot(world: World) -> None:
    world.device.lose_power(world.rules)
    world.broker.device_goes()
    before = world.device.state()
    world.device_does(before)
    world.connect()


def _guard_old(world: World) -> None:
    """Five minutes without a guard."""
    device, before = world.device, world.device.state()
    alone = world.home.link and device.connected
    if device.live and not alone and not device.driven and not device.waits:
        if device.lost == "open" and world.rules.alone == "soon":
            return  # it closes first
        device.guard_gets_old(world.ghost, world.rules)
        world.device_does(before)


def _lose(world: World) -> None:
    world.broker.service_device, world.broker.home_service = (), ()


def _deaf(world: World) -> None:
    """What the window said is lost on its way to Home Assistant: the broker drops what a slow reader lets wait."""
    world.broker.device_home = tuple(one for one in world.broker.device_home if isinstance(one, Guard))


def _repeat_home_device(world: World) -> None:
    world.broker.home_device = world.broker.last_home_device + world.broker.home_device


def _repeat_service_device(world: World) -> None:
    world.broker.service_device = world.broker.last_service_device + world.broker.service_device


def _repeat_home_service(world: World) -> None:
    world.broker.home_service = world.broker.last_home_service + world.broker.home_service


def _take_over(world: World) -> None:
    if world.home.foreign:
        world.home.foreign = False
        world.home_turns()


def _second_takes_over(world: World) -> None:
    if world.second.foreign:
        world.second.takes_over()


def _second_advises(world: World) -> None:
    if world.second.auto:
        world.second.auto = False
        world.second.guards()


EVENTS: Final[Mapping[str, Event]] = {
    "reading": _reading,
    "press": _press,
    "press_stop": _press_stop,
    "click_open": _click(2),
    "click_close": _click(0),
    "click_stop": _click("stop"),
    "click_home": _click("home"),
    "click_clear": _click("clear"),
    "automation": _hub("automation", 2),
    "auto_close": _hub("automation", 0),
    "auto_stop": _hub("automation", "stop"),
    "auto_clear": _hub("automation", "clear"),
    "hazard": _hub("safety", 0),
    "safety_clear": _hub("safety", "clear"),
    "safety_open": _hub("safety", 2),
    "stranger_open": _stranger(2),
    "stranger_stop": _stranger("stop"),
    "advise": _owner(auto=False),
    "auto": _owner(auto=True),
    "narrow": _narrow,
    "child": _lock("child"),
    "full": _lock("full"),
    "unlock": _lock("none"),
    "resume": _resume,
    "restart": World.home_restarts,
    "link": _link,
    "drop": _drop,
    "resend": lambda world: _drop(world, repeat=True),
    "off": _off,
    "reboot": _reboot,
    "guard_old": _guard_old,
    "rain": _rain,
    "stall": _stall,
    "lose": _lose,
    "deaf": _deaf,
    "dup_home_device": _repeat_home_device,
    "dup_service_device": _repeat_service_device,
    "dup_home_service": _repeat_home_service,
    "take_over": _take_over,
    "second_takes_over": _second_takes_over,
    "second_advises": _second_advises,
}
