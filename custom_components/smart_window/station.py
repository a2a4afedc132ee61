"""What the shell keeps of one window beside its pure state: the decision in force, the guard that left, who listens."""

from asyncio import TimerHandle
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from homeassistant.core import CALLBACK_TYPE, callback

from .contract import Guard
from .decision import Decision, Wanted, Why
from .happenings import WORTH_TELLING, Happening, Told
from .health import Health
from .record import Asked
from .window import Window

SEEN_STEP_S: Final = 60.0
"""`last seen` tells no more often than this: it is there to notice silence, not to fill the database."""


@dataclass(slots=True)
class Expected:
    """A command that is out. `taken`: the window accepted it, so that its next state shows what came of it."""

    command_id: str
    position: float
    taken: bool = False


@unique
class Facet(StrEnum):
    """What a window shows; each comes with the first message that proves it."""

    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    SOUND = "sound"
    MOVES = "moves"
    RAIN = "rain"
    CLIMATE = "climate"
    """Temperature and humidity both."""
    NOISE = "noise"
    """Its microphone is calibrated."""
    LOUDNESS = "loudness"
    """It tells how loud it is for how much of the time."""


class Station:
    """One window as the entities read it. They read and never compute."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.visible = False
        """It is a device: it announced itself, reported its state or sent a reading."""
        self.reported = False
        """It sent a state, a reading or sound."""
        self.online = False
        self.decision: Decision | None = None
        self.why: Why | None = None
        self.guard: Guard | None = None
        """The last guard that left."""
        self.guarded_session: str | None = None
        """The window's connection at which it left: a new one heard only the broker's kept copy, which is no link."""
        self.asked: Asked | None = None
        """The last question that left, for the record."""
        self.configured_at = 0.0
        """Unix seconds since when the window is as it is, for the record."""
        self.health: Health | None = None
        """How it fares, since the first look at it."""
        self.timer: TimerHandle | None = None
        self.last_seen: float | None = None
        self.facets_seen: tuple[object, ...] | None = None
        """What `proves` was when the platforms last heard of the window."""
        self.given_out: set[str] = set()
        """Keys of the entities that were made."""
        self.commanded: Wanted | None = None
        """What a rule of ours wants of it, until it is on its way there."""
        self.held = window.hands.hold is not None
        """What was told last of the hold."""
        self.expected: Expected | None = None
        """Where a person commanded it to, until its own state says where it goes, or it refuses."""
        self._advised: Told | None = None
        """The advice that was told last."""
        self._listeners: dict[CALLBACK_TYPE, str] = {}
        self._hearers: set[Callable[[Told], None]] = set()

    @property
    def device_id(self) -> str:
        """The id in the window's topics."""
        return self.window.device_id

    @property
    def name(self) -> str:
        """What the window calls itself, else its id."""
        announce = self.window.announce
        return self.device_id if announce is None else announce.name

    @property
    def announced(self) -> bool:
        """It said what it is."""
        return self.window.announce is not None

    @property
    def plain(self) -> bool:
        """It reports something, and says neither what it is nor where it stands."""
        return self.reported and not self.announced and self.window.state is None

    @property
    def position(self) -> float | None:
        """Where the sash stands, percent."""
        return None if self.window.state is None else self.window.state.position

    @property
    def shown_position(self) -> float | None:
        """Where the cover shows it: as commanded, until the window itself says where it goes; percent."""
        return self.position if self.expected is None else self.expected.position

    @callback
    def state_heard(self, command_id: str | None) -> None:
        """Its own state: what was only expected is known now."""
        expected = self.expected
        if expected is not None and (expected.taken or expected.command_id == command_id):
            self.expected = None

    @property
    def proves(self) -> tuple[object, ...]:
        """All that the facets rest on, in less time than they take."""
        window = self.window
        state, known = window.state, (window.temperature is None, window.humidity is None, window.level is None)
        heard = window.noise_level is None, "la_10" in window.levels
        return (*known, *heard, state is None, state is not None and state.rain, window.announce)

    @property
    def facets(self) -> frozenset[Facet]:
        """What is known of the window so far."""
        window = self.window
        can = frozenset[str]() if window.announce is None else frozenset(window.announce.capabilities)
        shown = {
            Facet.TEMPERATURE: "temperature" in can or window.temperature is not None,
            Facet.HUMIDITY: "humidity" in can or window.humidity is not None,
            Facet.SOUND: "audio" in can or window.level is not None,
            Facet.MOVES: window.has_cover,
            Facet.RAIN: "rain" in can or (window.state is not None and window.state.rain),
            Facet.NOISE: window.noise_level is not None,
            Facet.LOUDNESS: "la_10" in window.levels,
        }
        shown[Facet.CLIMATE] = shown[Facet.TEMPERATURE] and shown[Facet.HUMIDITY]
        return frozenset(facet for facet, holds in shown.items() if holds)

    @callback
    def listen(self, listener: CALLBACK_TYPE, key: str = "") -> Callable[[], None]:
        """Call the listener after each change; the return value ends that. `key`: which entity it is."""
        self._listeners[listener] = key

        def end() -> None:
            self._listeners.pop(listener, None)

        return end

    @callback
    def hear_of(self, hearer: Callable[[Told], None]) -> Callable[[], None]:
        """Call the hearer with each thing that happens; the return value ends that."""
        self._hearers.add(hearer)
        return lambda: self._hearers.discard(hearer)

    @callback
    def happened(self, told: Told) -> None:
        """Something is worth telling. The same advice is so only once, until something else happened."""
        if told.what is Happening.SUGGESTED:
            if self._same_advice(told):
                return
            self._advised = told
        elif told.what is not Happening.SUGGESTION_REFUSED:
            self._advised = None
        for hearer in tuple(self._hearers):
            hearer(told)

    def _same_advice(self, told: Told) -> bool:
        before = None if self._advised is None else self._advised.details["position"]
        position = told.details["position"]
        if not isinstance(before, float) or not isinstance(position, float):
            return False
        return abs(before - position) < WORTH_TELLING

    @callback
    def tell(self, *, all_but: str | None = None) -> None:
        """Something changed, which is nothing to the entity with the key `all_but`."""
        seen = self.window.last_seen
        if seen is not None and (self.last_seen is None or not 0 <= seen - self.last_seen < SEEN_STEP_S):
            self.last_seen = seen
        for listener, key in tuple(self._listeners.items()):
            if key != all_but:
                listener()

    @callback
    def cancel_timer(self) -> None:
        """Nothing is due any more."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
