"""The pure core and the virtual window, joined by a wire of bytes that may lag and break. No clock but its own."""

from collections import deque
from dataclasses import dataclass, field, replace

from custom_components.smart_window.contract import (
    Context,
    Control,
    Guard,
    MessageKind,
    Request,
    Source,
    decode,
    encode,
)
from custom_components.smart_window.decision import Decision, Hazards
from custom_components.smart_window.hands import Hands
from custom_components.smart_window.inference_services import ServiceView
from custom_components.smart_window.inputs import Surroundings
from custom_components.smart_window.settings import HubSettings, Mode, WindowSettings
from custom_components.smart_window.window import Window, WindowMessage
from simulator.device import Device
from simulator.device.inputs import (
    Connect,
    ControlArrives,
    Disconnect,
    GuardArrives,
    Input,
    PowerCut,
    Press,
)
from simulator.device.setup import Setup
from simulator.device.words import Button, Verdict
from simulator.messages import decode_control, decode_guard, encode_result, encode_state

MINUTE_S = 60.0
MACHINES = frozenset({Source.ML, Source.FALLBACK, Source.AUTOMATION})


@dataclass(frozen=True)
class Letter:
    """One message on the wire. `to_home` False: it goes to the window."""

    kind: MessageKind
    payload: bytes
    to_home: bool
    retained: bool = False


@dataclass(frozen=True)
class Asked:
    """A question that left, and how many hands and guards the window had taken by then."""

    request: Request
    hands: int
    guards: int


@dataclass(frozen=True)
class Obeyed:
    """An answer that the window obeyed: its question, and how many hands and guards the window had taken by then."""

    asked: Asked
    hands: int
    guards: int


@dataclass
class Kept:
    """What Home Assistant has on disk."""

    mode: Mode
    hands: object
    hazards: object


@dataclass
class Twin:
    """One house. Every message between its halves is encoded and decoded as the contract says."""

    house: HubSettings
    own: WindowSettings
    mode: Mode
    position: float = 30.0
    now: float = 1000.0
    wall_ahead: float = 1_700_000_000.0
    services: ServiceView = field(default_factory=ServiceView)
    surroundings: Surroundings = field(default_factory=lambda: Surroundings(local_minute=720.0))
    lag: bool = False
    asked: list[Asked] = field(default_factory=list)
    commanded: list[tuple[float, Control, Decision]] = field(default_factory=list)
    accepted: list[tuple[float, Control]] = field(default_factory=list)
    obeyed: list[Obeyed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.device = Device(Setup(position=self.position, travel_s=20.0), self.now)
        self.wire: deque[Letter] = deque()
        self.retained: dict[tuple[MessageKind, bool], Letter] = {}
        self.online = self.home_online = False
        self.ids = 0
        self.hands_taken = self.guards_taken = 0
        self.hands_seen = 0
        self.wet_since: float | None = None
        self.guard: Guard | None = None
        self.kept = Kept(self.mode, Hands().to_dict(), Hazards().to_dict(0, 0))
        self.lives = 0
        self.next_minute = self.now
        self.next_beat = self.now
        self.start()
        self.connect_window()

    # --- Home Assistant's half

    @property
    def wall(self) -> float:
        return max(0.0, self.wall_ahead + self.now)

    def start(self) -> None:
        """Home Assistant starts with what is on disk."""
        self.lives += 1
        kept = self.kept
        self.window = Window(
            "bedroom",
            "home",
            self.house,
            mode=kept.mode,
            hands=Hands.from_dict(kept.hands, self.now, self.wall),
            own=self.own,
            hazards=Hazards.from_dict(kept.hazards, self.now, self.wall),
        )
        self.guard = None
        self.connect_home()
        self.surround(self.surroundings)

    def connect_home(self) -> None:
        self.home_online = True
        self.window.disconnected()
        for letter in list(self.retained.values()):
            if letter.to_home or letter.kind is MessageKind.GUARD:
                self.post(replace(letter, to_home=True, retained=True))

    def disconnect_home(self) -> None:
        self.home_online = False
        self.wire = deque(letter for letter in self.wire if not letter.to_home)
        self.window.disconnected()
        self.turn()

    def save(self) -> None:
        window = self.window
        self.kept = Kept(window.mode, window.hands.to_dict(), window.hazards.to_dict(self.now, self.wall))

    def surround(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        minute = (720.0 + self.now / 60) % 1440
        if self.window.surround(replace(surroundings, local_minute=minute), self.now).hazard:
            self.save()
        self.turn()

    def hear(self, message: WindowMessage, *, retained: bool = False) -> None:
        changes = self.window.apply(message, self.now, self.wall, retained=retained)
        self.hands_seen += changes.hand
        if changes.hand or changes.hold or changes.start or changes.hazard:
            self.save()
        self.turn()

    def tick(self) -> None:
        changes = self.window.tick(self.now, self.wall)
        if changes.hold or changes.hazard:
            self.save()
        self.turn()

    def decision(self) -> Decision:
        return self.window.decide(self.now, self.services)

    def turn(self) -> None:
        """As the shell plays it: the command, then the guard, then the question."""
        if not self.home_online:
            return
        decision = self.decision()
        if decision.command is not None:
            control = self.window.command(self.new_id("c"), decision, self.now, self.wall)
            self.commanded.append((self.now, control, decision))
            self.post(Letter(MessageKind.CONTROL, encode(control), to_home=False))
        self._keep_guard(decision.guard)
        if self.window.due(self.now, decision) is not None:
            request = self.window.ask(self.new_id("q"), decision, self.now, self.wall, Context())
            self.asked.append(Asked(request, self.hands_taken, self.guards_taken))

    def person(self, position: float) -> None:
        """A person commands it in Home Assistant."""
        fence = self.window.fence
        if fence is None or not self.home_online or not self.window.online(self.now):
            return
        self.window.take_hand(self.now, self.wall)
        self.save()
        control = Control(Source.USER, self.new_id("u"), position=position, session=fence[0], rev=fence[1])
        self.post(Letter(MessageKind.CONTROL, encode(control), to_home=False))
        self.turn()

    def _keep_guard(self, guard: Guard | None) -> None:
        if guard is None:
            self.guard = None
        elif self.guard is None or not self.guard.same_content(guard):
            self.guard = guard
            self.window.guard_sent(guard, self.now)
            self._post_guard(guard)

    def _post_guard(self, guard: Guard) -> None:
        self.post(Letter(MessageKind.GUARD, encode(replace(guard, ts=self.wall)), to_home=False))

    # --- the window's half

    def connect_window(self) -> None:
        if self.online:
            return
        self.online = True
        self.handle(Connect(self.new_id("s")))
        self.post(Letter(MessageKind.AVAILABILITY, b"online", to_home=True))
        kept = self.retained.get((MessageKind.GUARD, False))
        if kept is not None:
            self.post(replace(kept, retained=True))
        self.report()

    def disconnect_window(self) -> None:
        if not self.online:
            return
        self.online = False
        self.wire = deque(letter for letter in self.wire if letter.to_home)
        self.handle(Disconnect())
        self.post(Letter(MessageKind.AVAILABILITY, b"offline", to_home=True))

    def power_cut(self) -> None:
        self.disconnect_window()
        self.handle(PowerCut())

    def press(self, button: Button) -> None:
        self.handle(Press(button, self.new_id("h")))

    def handle(self, happened: Input) -> None:
        """Something happens to the window; it says what changed."""
        before = self.device.state()
        output = self.device.handle(happened, self.now)
        after = self.device.state()
        if after.hand_id != before.hand_id:
            self.hands_taken += 1
        if after.rain != before.rain:
            self.wet_since = self.now if after.rain else None
        if isinstance(happened, ControlArrives) and output.result is not None:
            result = encode_result(output.result, self.wall)
            self.post(Letter(MessageKind.CONTROL_RESULT, result, to_home=True))
            if output.result.verdict is Verdict.ACCEPTED:
                self._took(happened, before.target, before.position)
        if after != before:
            self.report()

    def report(self) -> None:
        if self.online:
            self.post(Letter(MessageKind.STATE, encode_state(self.device.state(), self.wall), to_home=True))

    def _took(self, arrived: ControlArrives, target: float | None, position: float | None) -> None:
        """A command was accepted: what must hold for each."""
        control = self._control
        after = self.device.state()
        if control.source is Source.USER:
            self.hands_taken += 1
        bound = position if target is None else target
        if after.rain and control.source is not Source.USER and after.target is not None:
            assert after.target <= (bound if bound is not None else 0.0), "a machine opened in rain"
        if control.source is Source.ML:
            asked = next(one for one in self.asked if one.request.correlation_id == control.command_id)
            self.obeyed.append(Obeyed(asked, self.hands_taken, self.guards_taken))
        self.accepted.append((self.now, control))

    # --- the wire

    def new_id(self, kind: str) -> str:
        self.ids += 1
        return f"{kind}{self.ids}"

    def post(self, letter: Letter) -> None:
        kept = letter.kind in {MessageKind.STATE, MessageKind.AVAILABILITY, MessageKind.GUARD}
        if kept and not letter.retained:
            self.retained[letter.kind, letter.to_home] = letter
        if letter.kind is MessageKind.CONTROL and self.home_online:
            self.wire.append(replace(letter, to_home=True))
        self.wire.append(letter)

    def deliver(self, count: int | None = None) -> None:
        """Let the oldest messages arrive: `count` of them, or all until it is quiet."""
        left = 10_000 if count is None else count
        while self.wire and left > 0:
            left -= 1
            self._arrive(self.wire.popleft())
        assert left > 0 or count is not None, "the wire never becomes quiet"

    def _arrive(self, letter: Letter) -> None:
        if letter.to_home:
            if self.home_online:
                message = decode(letter.kind, letter.payload)
                assert not isinstance(message, Request)
                self.hear(message, retained=letter.retained)  # type: ignore[arg-type]
        elif self.online:
            self._arrive_at_window(letter)

    def _arrive_at_window(self, letter: Letter) -> None:
        if letter.kind is MessageKind.GUARD:
            guard = decode_guard(letter.payload)
            assert guard is not None
            self.device.advance(self.now)
            before = self.device.state().rev
            self.handle(GuardArrives(guard, letter.retained))
            self.guards_taken += self.device.state().rev != before
        else:
            found = decode(MessageKind.CONTROL, letter.payload)
            assert isinstance(found, Control)
            self._control = found
            self.handle(ControlArrives(decode_control(letter.payload), letter.retained))

    # --- time

    def wait(self, seconds: float) -> None:
        """Time passes at both ends; each does what is due."""
        until = self.now + seconds
        while True:
            if not self.lag:
                self.deliver()
            moments = [until, self.next_minute, self.next_beat]
            moments += [
                moment for moment in (self.window.wake_at(self.now), self.device.next_due()) if moment is not None
            ]
            self.now = max(self.now, min(moments))
            before = self.device.state()
            self.device.advance(self.now)
            if self.device.state() != before:
                self.report()
            self.tick()
            if self.now >= self.next_minute:
                self.next_minute = self.now + MINUTE_S
                self.surround(self.surroundings)
                if self.guard is not None and self.home_online:
                    self._post_guard(self.guard)
            if self.now >= self.next_beat:
                self.next_beat = self.now + MINUTE_S
                self.report()
            if self.now >= until:
                break
        if not self.lag:
            self.deliver()
