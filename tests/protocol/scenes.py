"""The scenes: which outside events may happen, how often, in which order soever, and how it begins."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from .messages import Content, Guard
from .rules import WORDINGS, Rules
from .world import World


@dataclass(frozen=True, slots=True)
class Scene:
    """`events`: each as often as it is named. `small`: fewer of them, for every test run; "" where these are few."""

    name: str
    events: str
    small: str = ""
    rules: Rules = field(default_factory=Rules)
    begin: Callable[[World], None] = lambda _: None

    def start(self, words: frozenset[str] = frozenset(WORDINGS), *, small: bool = False) -> World:
        """The first moment."""
        budget = Counter(((small and self.small) or self.events).split())
        world = World(replace(self.rules, words=words), tuple(budget), tuple(budget.values()))
        world.device.rev = world.home.rev = 2  # the guard in force was the first change
        self.begin(world)
        world.broker.state = world.device.state()
        if not world.home.session:
            world.to_home(world.broker.state)
        return world


def _open(world: World) -> None:
    world.device.pos = world.device.target = 2


def _unknown(world: World) -> None:
    world.device.pos = world.device.target = None


def _adopted(world: World) -> None:
    """The first state ever of this window, which was pressed before."""
    home = world.home
    home.session = home.rev = 0
    home.handled = home.saved_handled = None
    home.heard = home.live = home.told = False
    home.sent = None
    world.device.hand = 7


def _rain_half(world: World, *, wet: bool = False) -> None:
    """A rain_position of its own, closed down to it."""
    content = Content(high=1 if wet else 2, rain_position=1)
    world.device.wet, world.device.rain_position, world.device.guard = wet, 1, content
    world.home.rain_position, world.home.sent = 1, content
    world.home.wet = wet
    world.broker.guard = Guard(content)


def _lost_and_half(world: World) -> None:
    """Its position unknown, and open to half in rain."""
    _rain_half(world)
    _unknown(world)


def _wet(world: World) -> None:
    _rain_half(world, wet=True)


_MOTOR = Rules(motor=True)
_STILL = Rules(still=True)
_LIVE = Rules(counts_asking=True)

SCENES: Final[Mapping[str, Scene]] = {
    scene.name: scene
    for scene in (
        Scene("hands-home", "reading press click_open restart link", "press click_open restart link"),
        Scene("hands-resume", "press click_open resume restart drop"),
        Scene("hands-lost", "press click_open resume link link restart", "press click_open resume link restart"),
        Scene("hands-device", "reading press click_open reboot", "press click_open reboot reboot"),
        Scene("hands-outbox", "press press drop resend restart"),
        Scene("adopt", "press restart drop", begin=_adopted),
        Scene(
            "repeat",
            "reading click_open click_close dup_home_device dup_service_device",
            "reading click_open click_close dup_home_device",
        ),
        Scene(
            "twin",
            "reading reading twin dup_service_device dup_home_service",
            "reading reading twin dup_service_device",
        ),
        Scene("unsure", "reading reading press drop", rules=Rules(may_be_unsure=True)),
        Scene("guard", "reading advise auto link"),
        Scene(
            "guard-dup",
            "reading advise auto dup_home_device dup_service_device",
            "reading advise auto dup_service_device",
        ),
        Scene("guard-old", "reading guard_old link automation"),
        Scene("guard-kept", "reading guard_old link drop automation", "reading guard_old link drop"),
        Scene("band", "reading narrow automation link", rules=Rules(may_be_unsure=True)),
        Scene("lock", "reading full press click_open", rules=_MOTOR),
        Scene("lock-stop", "full press_stop click_open click_stop", rules=_MOTOR),
        Scene("lock-child", "reading child unlock press press_stop"),
        Scene("lock-safety", "full unlock hazard safety_open", rules=_MOTOR),
        Scene("rain", "rain rain click_open link reading", "rain rain click_open link", rules=_MOTOR),
        Scene("rain-hand", "rain press click_open click_stop", "rain press click_stop", rules=_MOTOR, begin=_open),
        Scene("rain-stop", "rain reading auto_stop press", "rain auto_stop press", rules=_MOTOR, begin=_open),
        Scene(
            "rain-reboot",
            "reading rain reboot stranger_open stranger_stop",
            "rain reboot stranger_open stranger_stop",
            rules=_MOTOR,
            begin=_open,
        ),
        Scene("hazard", "hazard press click_open link reading", "hazard press click_open", rules=_MOTOR, begin=_open),
        Scene(
            "rain-tries",
            "rain click_stop click_stop click_stop click_stop link",
            "rain click_stop click_stop click_stop",
            rules=_MOTOR,
            begin=_open,
        ),
        Scene("rain-safety", "rain safety_open hazard reading", rules=_MOTOR),
        Scene("rain-share", "rain press safety_open", rules=_MOTOR),
        Scene("rain-lost", "rain press click_stop safety_open", rules=_MOTOR, begin=_unknown),
        Scene("rain-obstacle", "hazard stall safety_open rain press", rules=_MOTOR, begin=_open),
        Scene("rain-homing", "rain rain click_open press", rules=_MOTOR, begin=_lost_and_half),
        Scene("rain-home", "rain hazard press click_open", rules=_MOTOR, begin=_open),
        Scene("obstacle", "reading stall click_close rain", rules=_MOTOR, begin=_open),
        Scene(
            "obstacle-clear",
            "hazard hazard stall safety_clear click_clear reboot",
            "hazard hazard stall safety_clear reboot",
            rules=_MOTOR,
            begin=_open,
        ),
        Scene("homing", "reading click_home press reboot", "click_home press reboot", rules=_MOTOR, begin=_unknown),
        Scene("homing-stall", "hazard hazard stall reading", rules=_MOTOR, begin=_unknown),
        Scene(
            "alone", "off press stall reading", "off off press stall", rules=replace(_MOTOR, alone="soon"), begin=_open
        ),
        Scene("alone-late", "off link guard_old press", rules=replace(_MOTOR, alone="late"), begin=_open),
        Scene(
            "still",
            "restart link drop resend reboot reboot dup_home_device",
            "restart link drop resend reboot",
            rules=_STILL,
        ),
        Scene("still-wet", "restart link drop resend reboot reboot", rules=_STILL, begin=_wet),
        Scene(
            "still-unknown",
            "restart link drop resend reboot dup_home_device",
            "restart drop resend reboot",
            rules=_STILL,
            begin=_unknown,
        ),
        Scene("live", "reading advise auto drop lose", "reading advise drop lose", rules=_LIVE),
        Scene("live-early", "reading reading link early", rules=_LIVE),
        Scene("again", "reading lose deaf early click_close press", "reading deaf early click_close"),
        Scene("again-drop", "reading lose early early drop press", "reading lose early press"),
        Scene(
            "again-twin",
            "reading early early advise dup_service_device",
            "reading early early dup_service_device",
            rules=Rules(may_be_unsure=True),
        ),
        Scene("again-rain", "reading early lose rain deaf press", "reading early rain deaf"),
        Scene("live-again", "reading reading lose deaf early", "reading lose deaf early", rules=_LIVE),
        Scene("live-beats", "reading beats", rules=_LIVE),
        Scene("live-unsure", "reading reading press resume", rules=replace(_LIVE, may_be_unsure=True)),
        Scene(
            "hubs",
            "reading second_takes_over take_over advise",
            "reading second_takes_over take_over",
            rules=Rules(hubs=True),
        ),
        Scene(
            "hubs-restart",
            "reading second_takes_over restart drop",
            "second_takes_over restart drop",
            rules=Rules(hubs=True),
        ),
    )
}
