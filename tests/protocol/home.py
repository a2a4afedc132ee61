"""Home Assistant's side: what it knows of the window, the hands it dealt with, the question that is out, its guard.

It restates window.py, hands.py, question.py, trigger.py and decision/ as far as the protocol rests on them.
"""

from dataclasses import dataclass, fields
from operator import attrgetter

from .ghost import Ghost
from .messages import Answer, Content, FromHome, Guard, Lock, Result, State
from .rules import Rules

type Fence = tuple[int, int]
type Grant = tuple[bool, int]
"""Whether the model may act, and how far it may open."""
_GUARD = Content()


@dataclass(slots=True, eq=False)
class Home:
    link: bool = True
    """False: the connection is gone, and nobody has noticed yet. What it sends waits in `queue`."""
    queue: tuple[FromHome, ...] = ()
    session: int = 1
    """0: it has seen no state."""
    rev: int = 1
    wet: bool = False
    bad: bool = False
    heard: bool = True
    """A state came on this connection."""
    live: bool = True
    """One came that was not retained."""
    handled: tuple[int, ...] | None = ()
    """None: before the first state ever."""
    hold: int = 0
    """The hand that began it."""
    saved_handled: tuple[int, ...] | None = ()
    saved_hold: int = 0
    auto: bool = True
    high: int = 2
    lock: Lock = "none"
    rain_position: int = 0
    want: bool = False
    """Its trigger stands."""
    newer: bool = False
    """A reading came since the question was asked."""
    out: int = 0
    """The question that is out."""
    gave_up: int = 0
    """The last question, when its time was over without a result."""
    asked_with: Fence = (0, 0)
    granted: Grant = (False, 0)
    """With that question."""
    refused: Fence = (0, 0)
    """The guard or a lock refused with this fence: it asks again with another one."""
    sent: Content | None = _GUARD
    """The content of the last guard that left."""
    told: bool = True
    """The guard left on this connection."""
    foreign: bool = False
    """Another hub's guard was the last one heard."""

    def key(self) -> tuple[object, ...]:
        return _key(self)

    def copy(self) -> Home:
        return Home(*_key(self))

    # --- the guard and the grant

    def may_act(self) -> bool:
        """What the grant of a question says."""
        return self._lets_machines() and not self.wet and not self.foreign

    @property
    def highest(self) -> int:
        """How far machines may open; in rain no further than rain_position."""
        return min(self.high, self.rain_position) if self.wet else self.high

    def _lets_machines(self) -> bool:
        return self.auto and not self.hold and not self.bad and self.lock != "full"

    def guard_due(self) -> Content | None:
        """The guard that must leave now."""
        if self.foreign or not self.heard:
            self.told = False
            return None
        wanted = Content(1, self._lets_machines(), 0, self.highest, self.lock, self.rain_position)
        if self.told and wanted == self.sent:
            return None
        if wanted != self.sent:
            self.refused = (0, 0)
        self.sent, self.told = wanted, True
        return wanted

    # --- what it hears

    def take_state(self, state: State, ghost: Ghost, rules: Rules) -> str:
        """What is wrong with it."""
        self.session, self.rev, self.wet, self.bad = state.session, state.rev, state.wet, state.bad
        self.heard, self.live = True, self.live or not state.retained
        bad = self._see_hand(state.hand, ghost, rules)
        if state.command and state.command in {self.out, self.gave_up}:
            self._question_ends(ghost)
        return bad

    def take_result(self, result: Result, ghost: Ghost) -> None:
        if result.id not in {self.out, self.gave_up}:
            return
        match result.verdict:
            case "stale":
                self.out = self.gave_up = 0
                self.refused = (0, 0)
            case "guard" | "locked":
                self.out = self.gave_up = 0
                self.refused = self.asked_with
            case _:
                self._question_ends(ghost)

    def take_answer(self, answer: Answer, ghost: Ghost, rules: Rules) -> None:
        if answer.id != self.out:
            return
        if "rearm" in rules.words:
            self._question_ends(ghost)
        else:
            self.out = 0

    def take_guard(self, guard: Guard, rules: Rules) -> None:
        self.foreign = guard.content.hub != 1 and "yield" in rules.words

    def take_reading(self, ghost: Ghost) -> None:
        self.want = self.newer = ghost.trigger = True

    # --- what it does

    def can_ask(self) -> bool:
        return self.want and not self.out and bool(self.session) and self.live and self.refused != self.fence

    @property
    def fence(self) -> Fence:
        return self.session, self.rev

    @property
    def grant(self) -> Grant:
        return self.may_act(), self.highest

    def again(self, rules: Rules) -> int:
        """The id of the question that was lost, where asking now is asking it again; 0: it would be another one."""
        same = (self.asked_with, self.granted) == (self.fence, self.grant)
        return self.gave_up if same or "same-question" not in rules.words else 0

    def asks(self, question: int, rules: Rules) -> None:
        if question != self.gave_up:
            self.newer = False  # an answer may be the one to its first asking
        self.out, self.gave_up = question, 0
        self.asked_with, self.granted = self.fence, self.grant
        self.want = "rearm" in rules.words

    def gives_up(self) -> None:
        self.out, self.gave_up = 0, self.out

    def begins_hold(self, hand: int, ghost: Ghost) -> str:
        self.hold = hand
        return "" if ghost.hand_dealt(hand) else "I6 a hold begins and no hand was there"

    def saves(self, ghost: Ghost) -> None:
        self.saved_handled, self.saved_hold, ghost.unsaved = self.handled, self.hold, ()

    def owner_changes_rules(self) -> None:
        """Mode, options, or the end of a hold: the last question explains nothing any more."""
        self.gave_up = 0
        self.refused = (0, 0)

    def restarts(self, ghost: Ghost, rules: Rules) -> None:
        """Everything but the store is lost: it is a new one, whose windows are those of the store."""
        hold = self.saved_hold if "hold-saved" in rules.words else 0
        lost = {*ghost.unsaved, *((self.hold,) if self.hold and not hold else ())}
        ghost.undealt = tuple(hand for hand in ghost.made if hand in lost or hand in ghost.undealt)
        ghost.dealt = tuple(hand for hand in ghost.dealt if hand not in ghost.unsaved)
        ghost.unsaved, ghost.trigger = (), False
        new = Home(session=0, rev=0, heard=False, live=False, handled=self.saved_handled, hold=hold)
        new.sent, new.told = None, False
        new.saved_handled, new.saved_hold = self.saved_handled, self.saved_hold
        new.auto, new.high, new.lock, new.rain_position = self.auto, self.high, self.lock, self.rain_position
        for field in fields(Home):
            setattr(self, field.name, getattr(new, field.name))

    def link_is_back(self, ghost: Ghost) -> None:
        """It notices at once that the link was gone: comfort waits for a new reading."""
        self.link, self.heard, self.live, self.told = True, False, False, False
        self.want = self.newer = ghost.trigger = False
        self.out = self.gave_up = 0
        self.refused = (0, 0)

    # --- inside

    def _see_hand(self, hand: int, ghost: Ghost, rules: Rules) -> str:
        if "hand-set" not in rules.words:
            if self.handled is None or hand != (self.handled[-1] if self.handled else 0):
                self.handled = (hand,)
                return self.begins_hold(hand, ghost)
            return ""
        if self.handled is None:
            self.handled, ghost.undealt = (hand,) if hand else (), ()
        elif hand and hand not in self.handled:
            self.handled += (hand,)
            return self.begins_hold(hand, ghost)
        return ""

    def _question_ends(self, ghost: Ghost) -> None:
        self.out = self.gave_up = 0
        self.want = ghost.trigger = self.newer
        self.newer = False


_key = attrgetter(*(field.name for field in fields(Home)))
