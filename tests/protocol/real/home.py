"""Home Assistant's side with the real core: `Window` with its hands, trigger, question and decision, and its codecs.

The turns are those of the shell (asking.py, owner.py): decide, send the guard when it is another, ask when it is due.
"""

import json
from dataclasses import replace
from typing import Final

from custom_components.smart_window.contract import (
    Action,
    Announce,
    Context,
    Control,
    Feedback,
    Guard,
    Learnt,
    Lock,
    MessageKind,
    ModelOrder,
    ModelsInUse,
    OtherContract,
    Request,
    Source,
    Status,
    Temperature,
    decode,
    encode,
)
from custom_components.smart_window.decision import Decision
from custom_components.smart_window.hands import Hands
from custom_components.smart_window.inference_services import ServiceView
from custom_components.smart_window.settings import HubSettings, Mode, WindowSettings
from custom_components.smart_window.window import Window

from ..home import Home
from ..messages import Aim
from .wire import HALF, Wire

SETTINGS: Final = HubSettings(
    min_interval_s=0.0,
    settle_s=0.0,
    calm_s=0.0,
    hold_minutes=10_080.0,
    reading_valid_s=86_400.0,
    heartbeat_s=3000.0,
    fallback=False,
    shortest_pause_s=0.0,
    moves_per_hour=3600.0,
    moves_per_day=86_400.0,
    reversals=50.0,
)
"""Nothing waits for a clock, nothing is counted, and the plain rule is off: the protocol alone decides."""
WALL: Final = 1_800_000_000.0
LONGEST_WAIT_S: Final = 700.0
"""Longer than any pause between two questions, shorter than the heartbeat."""
_SERVICES: Final = ServiceView()


class RealHome:
    """What the model's steps at Home Assistant are in reality. `out` takes what it publishes."""

    def __init__(self, hub: int, model: Home, *, first: Wire | None) -> None:
        self._hub = hub
        self._now = 0.0
        self._degrees = 20.0
        self._mode = Mode.AUTOMATIC
        self._settings = replace(SETTINGS, rain_position=model.rain_position * HALF)
        self._own = WindowSettings()
        self.link = True
        self.guard: Guard | None = None
        """The last guard that left on this connection."""
        self.out: list[Wire] = []
        self.window = self._make(Hands(handled=None if model.handled is None else ()))
        self.save()
        if first is not None:
            self.hear(first)
            self.out.clear()

    def _make(self, hands: Hands) -> Window:
        return Window("bedroom", f"u{self._hub}", self._settings, mode=self._mode, hands=hands, own=self._own)

    @property
    def decision(self) -> Decision:
        return self.window.decide(self._now, _SERVICES)

    @property
    def would_ask(self) -> bool:
        """It will ask by itself, soon, if nothing else happens."""
        return self.window.due(self._now + LONGEST_WAIT_S, self.decision) is not None

    @property
    def wants(self) -> tuple[Source, float] | None:
        """What a rule of its own would command now."""
        wanted = self.decision.command
        return None if wanted is None else (wanted.source, wanted.position)

    @property
    def saved(self) -> Hands:
        return Hands.from_dict(json.loads(self._stored), self._now, WALL + self._now)

    def turn(self) -> None:
        """What follows from any change."""
        wanted = self.decision.guard
        if wanted is None:
            self.guard = None
            return
        if self.guard is None or not self.guard.same_content(wanted):
            self.send_guard(wanted)
            self.window.guard_sent(wanted, self._now)

    def send_guard(self, guard: Guard) -> None:
        self.guard = guard
        self.out.append(Wire(MessageKind.GUARD, encode(replace(guard, ts=WALL + self._now))))

    # --- what it hears

    def hear(self, wire: Wire) -> None:
        message = decode(wire.kind, wire.payload)
        nobodys = Request | Status | Feedback | Learnt | ModelOrder | ModelsInUse | OtherContract | Announce
        assert not isinstance(message, nobodys)
        self.window.apply(message, self._now, WALL + self._now, retained=wire.retained)
        self.turn()

    def reading(self) -> None:
        """Each is worth a question."""
        self._degrees += 1.0
        self.window.apply(Temperature(self._degrees), self._now, WALL + self._now)
        self.turn()

    # --- what it does

    def ask(self, question: int) -> None:
        """Wait until it is due, and ask. AssertionError when it is not."""
        until = self._now + LONGEST_WAIT_S
        while self.window.due(self._now, self.decision) is None:
            wake = self.window.wake_at(self._now)
            assert wake is not None, "it never wakes for a question"
            assert wake <= until, "the question is not due"
            self._now = wake
            self._tick()
        request = self.window.ask(f"c{question}", self.decision, self._now, WALL + self._now, Context(hour=12.0))
        self.out.append(Wire(MessageKind.REQUEST, encode(request)))

    def give_up(self) -> None:
        """The question's time limit."""
        question = self.window.question
        assert question is not None
        self._now = question.deadline
        self._tick()

    def wait_for_the_heartbeat(self) -> None:
        """A long quiet time in which the window repeats its state."""
        self._now += self._settings.heartbeat_s
        assert self.window.state is not None
        self.window.apply(self.window.state, self._now, WALL + self._now)
        self._tick()

    def repeat_guard(self) -> None:
        assert self.guard is not None
        self.send_guard(self.guard)

    def command(self, source: Source, aim: Aim, command: int) -> None:
        """A person's hold is saved before the command leaves; the guard that goes with it follows."""
        if source is Source.USER:
            self.window.take_hand(self._now, WALL + self._now)
            self.save()
        self.out.append(Wire(MessageKind.CONTROL, encode(self._control(source, aim, f"c{command}"))))
        self.turn()

    def _control(self, source: Source, aim: Aim, command: str) -> Control:
        """A rule's own command where one is due, else what a person or an automation wants."""
        decision, state = self.decision, self.window.state
        assert state is not None
        if source is Source.SAFETY and decision.command is not None and decision.command.position == aim:
            return self.window.command(command, decision, self._now, WALL + self._now)
        return Control(
            source=source,
            command_id=command,
            position=aim * HALF if isinstance(aim, int) else None,
            action=None if isinstance(aim, int) else Action(aim),
            session=state.session,
            rev=state.rev,
            ts=WALL + self._now,
        )

    def save(self) -> None:
        self._stored = json.dumps(self.window.hands.to_dict())

    def restart(self) -> None:
        self.window, self.guard, self.link = self._make(self.saved), None, True

    def link_is_back(self) -> None:
        self.window.disconnected()
        self.guard, self.link = None, True
        self.turn()

    # --- what its owner does

    def choose(self, mode: Mode) -> None:
        self._mode = mode
        self.window.set_mode(mode)
        self.turn()

    def narrow(self) -> None:
        self._settings = replace(self._settings, band_max=HALF)
        self.window.set_settings(self._settings)
        self.turn()

    def lock(self, lock: Lock) -> None:
        self._own = replace(self._own, lock=lock)
        self.window.set_own(self._own)
        self.turn()

    def resume(self) -> None:
        self.window.release()
        self.save()
        self.turn()

    def take_over(self) -> None:
        self.window.take_over()
        self.turn()

    def _tick(self) -> None:
        self.window.tick(self._now, WALL + self._now)
        self.turn()
