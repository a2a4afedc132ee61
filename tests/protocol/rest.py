"""What must hold once everything is delivered and nothing happens by itself any more."""

from .second import HUB
from .world import World


def wrong_at_rest(world: World) -> str:
    """What does not hold, "" when all does."""
    device, home, ghost = world.device, world.home, world.ghost
    if not home.hold and any(hand not in ghost.clicks or hand in ghost.applied for hand in ghost.undealt):
        return "I6 a hand was missed"
    if device.wet and not device.fault and (device.pos is None or device.pos > device.rain_position):
        return "I3 wet, no hand's leave, and the window stays open without a fault"
    if ghost.trigger and ghost.total < world.rules.questions:
        return "I7 a standing trigger is never answered"
    if world.rules.hubs:
        return _hubs(world)
    return ""


def _hubs(world: World) -> str:
    """One hub guards, the other knows it, and the window has the word of the one that guards."""
    home, second, guard = world.home, world.second, world.device.guard
    if home.foreign == second.foreign:
        return "I13 at rest not exactly one hub guards"
    guarding = HUB if home.foreign else 1
    wish = second.auto if home.foreign else home.sent is not None and home.sent.machines
    if guard is None or (guard.hub, guard.machines) != (guarding, wish):
        return "I13 at rest the window has another word than that of the hub that guards"
    return ""
