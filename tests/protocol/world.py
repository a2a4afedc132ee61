"""All parts together: messages leave, travel and arrive; what follows at once follows."""

from dataclasses import dataclass, field

from .applied import broken_by
from .broker import REPEATED, Broker
from .device import Device
from .ghost import Ghost
from .home import Home
from .messages import Aim, Answer, Content, Control, FromHome, Guard, Question, Result, Source, State, ToHome
from .rules import Rules
from .second import SecondHome

type Key = tuple[
    tuple[object, ...],
    tuple[object, ...],
    tuple[object, ...],
    tuple[object, ...],
    tuple[object, ...],
    tuple[int, ...],
]


@dataclass(slots=True, eq=False)
class World:
    """One moment. `events` are the scene's, `left` how often each may still happen."""

    rules: Rules
    events: tuple[str, ...]
    left: tuple[int, ...]
    device: Device = field(default_factory=Device)
    home: Home = field(default_factory=Home)
    broker: Broker = field(default_factory=Broker)
    ghost: Ghost = field(default_factory=Ghost)
    second: SecondHome = field(default_factory=SecondHome)
    bad: str = ""
    """The first thing that happened and must never."""

    def key(self) -> Key:
        return (
            self.device.key(),
            self.home.key(),
            self.broker.key(),
            self.ghost.key(),
            self.second.key(),
            self.left,
        )

    def copy(self) -> World:
        parts = self.device.copy(), self.home.copy(), self.broker.copy(), self.ghost.copy()
        second = self.second.copy() if self.rules.hubs else self.second
        return World(self.rules, self.events, self.left, *parts, second)

    def at(self, key: Key) -> World:
        """The world of this key, in the same scene."""
        device, home, broker, ghost, second, left = key
        parts = Device(*device), Home(*home), Broker(*broker), Ghost(*ghost)  # type: ignore[arg-type]
        return World(self.rules, self.events, left, *parts, SecondHome(*second))  # type: ignore[arg-type]

    def remains(self, event: str) -> int:
        """How often it may still happen."""
        return self.left[self.events.index(event)] if event in self.events else 0

    def fail(self, text: str) -> None:
        self.bad = self.bad or text

    # --- the window

    def device_does(self, before: State) -> None:
        """What follows at once from a change at the window: the rule of rain, and another state is told."""
        device = self.device
        self.fail(device.keep_rain_out(self.ghost, self.rules))
        if not self.rules.motor:
            device.sash_arrives()
            self.fail(device.keep_rain_out(self.ghost, self.rules))
        state = device.state()
        if device.connected and state != before:
            self.tell_state(state)

    def tell_state(self, state: State) -> None:
        self.broker.keep(state)
        self.to_home(state)

    def to_home(self, message: ToHome) -> None:
        """From the window, or from the broker. Who is not connected hears nothing."""
        if self.home.link:
            self.broker.device_home += (message,)

    def command_arrives(self, control: Control) -> None:
        """The window answers, then tells its state."""
        device, words, before = self.device, self.rules.words, self.device.state()
        verdict, fresh = device.judge(control, words)
        if verdict == "accepted":
            hand = control.source == "user" and control.aim != "clear" and (fresh or "stop-fenced" not in words)
            self.fail(broken_by(control, device, self.ghost, hand=hand))
            device.obey(control, self.ghost, words, fresh=fresh)
        elif verdict == "stale" and control.id in device.ring and control.source != "user":
            self.fail("I5b the repeat of an applied command is called stale")
        if device.connected:
            self.to_home(Result(control.id, verdict))
        self.device_does(before)

    def guard_arrives(self, guard: Guard) -> None:
        before = self.device.state()
        self.device.take_guard(guard, self.ghost, self.rules)
        self.device_does(before)

    def connect(self, *, repeat: bool = False) -> None:
        """A new connection: its state, perhaps an older one from the outbox, and what the broker keeps comes."""
        before, old = self.device.state(), self.broker.state_before
        self.device.connect(self.ghost, self.rules)
        self.device_does(before)
        if repeat and old is not None:
            self.broker.state = old
            self.to_home(old)
        self.to_device(self.broker.guard._replace(retained=True))

    def to_device(self, message: Control | Guard) -> None:
        if self.device.connected:
            self.broker.home_device += (message,)

    # --- Home Assistant

    def from_home(self, message: FromHome) -> None:
        """It leaves, unless the connection is gone: then it waits in the client. Two hubs meet at the broker."""
        if not self.home.link or self.rules.hubs:
            self.home.queue += (message,)
        else:
            self.at_broker(message)

    def at_broker(self, message: FromHome) -> None:
        if isinstance(message, Question):
            self.broker.home_service += (message,)
            return
        if isinstance(message, Guard):
            self.broker.guard = message
            if self.rules.hubs:
                self.to_home(message)
                self.second.inbox += (message,)
        self.to_device(message)

    def home_turns(self) -> None:
        """What follows from a change at Home Assistant: the guard leaves when it must."""
        content = self.home.guard_due()
        if content is not None:
            self.from_home(Guard(content))

    def home_hears(self, message: ToHome) -> None:
        home, ghost = self.home, self.ghost
        match message:
            case State():
                self.fail(home.take_state(message, ghost, self.rules))
            case Result():
                home.take_result(message, ghost)
            case Guard():
                home.take_guard(message, self.rules)
        self.home_turns()

    def home_asks(self) -> None:
        home, ghost, quiet = self.home, self.ghost, self.broker
        again = home.again(self.rules)
        new = ghost.question_id()
        if again in ghost.applied and home.asked_with != home.fence:
            self.fail("I5c the id of a command that was obeyed is given to another question")
        question = Question(again or new, home.session, home.rev, home.may_act(), 0, home.highest, ghost.seen())
        home.asks(question.id, self.rules)
        if self.rules.counts_asking:
            ghost.asked_in_quiet += not (quiet.home_device or quiet.service_device or quiet.device_home)
            if ghost.asked_in_quiet > 1 + ghost.disturbed:
                self.fail("I7 asked again and again in a quiet network, always stale")
        self.from_home(question)

    def person_clicks(self, aim: Aim) -> None:
        home, ghost = self.home, self.ghost
        hand = ghost.click_id()
        ghost.hand_made(hand)
        ghost.clicks += (hand,)
        control = Control(hand, "user", aim, home.session, home.rev, ghost.seen())
        self.fail(home.begins_hold(hand, ghost))
        if "hold-saved" in self.rules.words:
            home.saves(ghost)
        ghost.exposed = ghost.exposed or 1
        self.from_home(control)
        self.home_turns()

    def hub_commands(self, source: Source, aim: Aim) -> None:
        home, ghost = self.home, self.ghost
        self.from_home(Control(ghost.other_id(), source, aim, home.session, home.rev, ghost.seen()))

    def owner_sets(self, *, auto: bool) -> None:
        self.home.auto, self.ghost.exposed = auto, 0 if auto else 1
        self.home.owner_changes_rules()
        self.home_turns()

    def home_restarts(self) -> None:
        self.home.restarts(self.ghost, self.rules)
        self.broker.home_goes()
        if self.rules.hubs:
            self.to_home(self.broker.guard._replace(retained=True))
        self.to_home(self.broker.state._replace(retained=True))

    def home_link_is_back(self) -> None:
        home, waiting = self.home, self.home.queue
        home.link_is_back(self.ghost)
        home.queue = ()
        for message in waiting:
            self.from_home(message)
        self.to_home(self.broker.state._replace(retained=True))

    # --- the service

    def service_answers(self, aims: tuple[int, ...]) -> None:
        """It acts (each aim within the grant's band), or tells that it did not."""
        question, *rest = self.broker.home_service
        self.broker.home_service = tuple(rest)
        for aim in aims:
            within = max(question.low, min(question.high, aim))
            control = Control(question.id, "ml", within, question.session, question.rev, question.seen)
            if self.device.connected:
                self.broker.service_device += (control,)
        if self.home.link and (not aims or "rearm" not in self.rules.words):
            self.broker.service_home += (Answer(question.id),)

    # --- the broker

    def remember(self, queue: str, message: Control | Guard | Question) -> None:
        """Keep what may come again."""
        name = f"last_{queue}"
        setattr(self.broker, name, (*getattr(self.broker, name), message)[-REPEATED:])

    @property
    def guard_in_force(self) -> Content | None:
        return self.device.guard if self.device.live else None
