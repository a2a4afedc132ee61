"""The window's side: fence, guard, hand, hazards and link, as contract/README.md says. 0 closed, 1 half, 2 open.

Timers are steps that the world takes; what follows from levels (the rule of rain) follows at once. Where a method
returns text, it is what must never happen and did, "" when all is well.
"""

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final, Literal

from .ghost import Ghost
from .messages import MACHINES, Aim, Content, Control, Guard, State, Verdict
from .rules import Rules

TRIES: Final = 3
_GUARD: Final = Content()


@dataclass(slots=True, eq=False)
class Device:
    session: int = 1
    rev: int = 1
    floor: int = 0
    """The rev of the last press, edge of rain, obstacle or fault."""
    ring: tuple[int, ...] = ()
    command: int = 0
    hand: int = 0
    pos: int | None = 1
    target: int | None = 1
    wet: bool = False
    leave: bool = False
    """A hand may leave it open in rain."""
    hand_sent: bool = False
    """Whoever sent the sash last was a hand."""
    tries: int = 0
    waits: bool = False
    """For the next try to close."""
    obstacle: bool = False
    fault: Literal["", "rain", "stall"] = ""
    guard: Content | None = _GUARD
    beat: int = 0
    rain_position: int = 0
    connected: bool = True
    live: bool = True
    """A guard that was not retained came within five minutes."""
    lost: Literal["", "open", "settled"] = ""
    """The link's loss: `open` while the window may still close for it."""

    def key(self) -> tuple[object, ...]:
        return _key(self)

    def copy(self) -> Device:
        return Device(*_key(self))

    def state(self) -> State:
        bad = self.obstacle or bool(self.fault)
        return State(self.session, self.rev, self.hand, self.command, self.wet, bad)

    @property
    def driven(self) -> bool:
        return self.target is not None and self.pos != self.target

    @property
    def closing(self) -> bool:
        """On the way towards closed; an unknown position is learnt by closing."""
        return self.target is not None and (self.pos is None or self.target < self.pos)

    @property
    def opening(self) -> bool:
        return self.target is not None and self.pos is not None and self.target > self.pos

    def grow(self, *, for_all: bool = False) -> None:
        self.rev += 1
        if for_all:
            self.floor = self.rev

    # --- commands

    def judge(self, control: Control, words: frozenset[str]) -> tuple[Verdict, bool]:
        """The verdict, and whether the command was made for the window as it stands."""
        fresh = self._fresh(control, words)
        return self._judge(control, words, fresh=fresh), fresh

    def obey(self, control: Control, ghost: Ghost, words: frozenset[str], *, fresh: bool) -> None:
        """Do what was accepted."""
        ghost.applied += (control.id,)
        if "ring" in words:
            self.ring += (control.id,)
        self.command = control.id
        self.grow()
        if control.aim == "clear":
            self._clear_the_way(ghost)
            return
        self.hand_sent = False
        if control.source == "user" and (fresh or "stop-fenced" not in words):
            self._take_hand(ghost, words, closes=self._closes(control.aim, words))
        if control.aim == "stop":
            self.target = self.pos
            if not fresh and self.wet and not self.leave:
                self.waits = True
        elif control.aim == "home":
            self.pos, self.target = None, 0
        else:
            self.target = control.aim

    def _fresh(self, control: Control, words: frozenset[str]) -> bool:
        if control.session != self.session and "session" in words:
            return False
        if control.source == "user":
            return control.rev >= self.floor or "person-rev" not in words
        if control.source == "safety" and "safety-fenced" not in words:
            return True
        return control.rev == self.rev

    def _judge(self, control: Control, words: frozenset[str], *, fresh: bool) -> Verdict:
        person, stop = control.source == "user", control.aim == "stop"
        if "duplicate-first" in words and control.id in self.ring:
            return "duplicate"
        if stop and (person or "stop-fenced" not in words):
            return "duplicate" if control.id in self.ring else "accepted"
        if not fresh:
            return "stale"
        if control.source in MACHINES and not self._allows(control.aim, words):
            return "guard"
        if control.id in self.ring:
            return "duplicate"
        return self._judge_its_aim(control, words)

    def _judge_its_aim(self, control: Control, words: frozenset[str]) -> Verdict:
        person = control.source == "user"
        if control.aim == "clear":
            return "accepted" if person or "clear-person" not in words else "invalid"
        if self._locked_against(control, words):
            return "locked"
        if not person and self.wet and self._raises(control.aim, words):
            return "rain"
        if not person and self.obstacle and "obstacle" in words and self._closes(control.aim, words):
            return "fault"
        return "accepted"

    def _allows(self, aim: Aim, words: frozenset[str]) -> bool:
        if self.guard is None or not self.live or not (self.guard.machines or "machines" not in words):
            return False
        within = aim in {"stop", "clear"} or self.guard.low <= goal(aim) <= self.guard.high
        return within or "band" not in words

    def _locked_against(self, control: Control, words: frozenset[str]) -> bool:
        if self.guard is None or self.guard.lock != "full" or "lock-full" not in words:
            return False
        if control.source != "safety":
            return True
        lowest = min(self.pos or 0, self.target or 0) if "lock-safety" in words else 2
        return goal(control.aim, stop_is=3) > lowest

    def _raises(self, aim: Aim, words: frozenset[str]) -> bool:
        aimed = goal(aim, stop_is=3)
        above = self.pos is not None and aimed > self.pos and "rain-position" in words
        return (aimed > (self.target or 0) and "rain-lowers" in words) or above

    def _closes(self, aim: Aim, words: frozenset[str]) -> bool:
        if aim in {"stop", "clear"}:
            return False
        if self.pos is None:
            return "unknown-closes" in words
        return aim == "home" or goal(aim) < self.pos

    # --- guard and link

    def take_guard(self, guard: Guard, ghost: Ghost, rules: Rules) -> None:
        before, content = self.guard, guard.content
        changed = before != content
        if before is not None and "hub-content" not in rules.words:
            changed = before._replace(hub=0) != content._replace(hub=0)
        if "guard-content" not in rules.words:
            changed = changed or guard.beat != self.beat
        ghost.hub_turns += before is not None and before.hub != content.hub
        ghost.withdrawn += not content.machines and (before is None or before.machines)
        ghost.exposed = ghost.exposed if content.machines else 0
        self.guard, self.beat, self.rain_position = content, guard.beat, content.rain_position
        if not guard.retained or "retained-guard" not in rules.words:
            self.live = True
            self._link_came(rules)
        if not guard.retained:
            ghost.expired = False
        if changed and "guard-rev" in rules.words:
            self.grow()

    def guard_gets_old(self, ghost: Ghost, rules: Rules) -> None:
        ghost.expired = True
        if "guard-age" in rules.words:
            self.guard, self.live = None, False
            self.grow()
            self._lose_link(ghost, rules)

    def disconnect(self, ghost: Ghost, rules: Rules) -> None:
        if self.connected:
            self.connected = False
            self._lose_link(ghost, rules)

    def connect(self, ghost: Ghost, rules: Rules) -> None:
        self.session, self.connected = ghost.session_id(), True
        if self.live:
            self._link_came(rules)

    def close_alone(self, ghost: Ghost, rules: Rules) -> str:
        """The time without a link is over. What is wrong with it."""
        self.lost = "settled"
        if (self.obstacle and "loss-obstacle" in rules.words) or (self.pos == 0 and not self.driven):
            return ""
        self.target, self.hand_sent = 0, False
        if ghost.hand_after_loss:
            return "I12 it closes alone although a hand came after the loss"
        if self.connected and self.live:
            return "I12b it closes alone although the link is back"
        return "I8 after an obstacle it closes alone" if ghost.pinched else ""

    def _lose_link(self, ghost: Ghost, rules: Rules) -> None:
        if rules.alone and not self.lost:
            self.lost, ghost.hand_after_loss = "open", False

    def _link_came(self, rules: Rules) -> None:
        if self.connected and "loss-ends" in rules.words:
            self.lost = ""

    # --- what happens at the window

    def press(self, button: Literal["open", "close", "stop"], ghost: Ghost, rules: Rules) -> str:
        """What is wrong with it."""
        locked = self.guard is not None and self.guard.lock != "none" and button != "stop"
        if locked and "lock-child" in rules.words:
            return ""
        self.hand = ghost.press_id()
        ghost.hand_made(self.hand)
        ghost.pressed += 1
        stops = button == "stop" or self.driven
        self._take_hand(ghost, rules.words, closes=not stops and (button == "close" or self.pos is None))
        self.target = self.pos if stops else 2 if button == "open" else 0
        self.grow(for_all=True)
        return "I10b a locked window's button moves it" if locked else ""

    def rain_turns(self, ghost: Ghost) -> None:
        self.wet = not self.wet
        ghost.wet += self.wet
        self.leave = False
        self._forget_tries()
        if not self.wet and self.fault == "rain":
            self.fault = ""
        self.grow(for_all=True)

    def stall(self, ghost: Ghost) -> None:
        if not self.driven:
            return
        if self.closing:
            self.obstacle = ghost.pinched = True
            ghost.hurt += 1
        else:
            self.fault = "stall"
        self.target = self.pos
        self.grow(for_all=True)

    def lose_power(self, rules: Rules) -> None:
        lost = Device(pos=None if self.driven else self.pos, wet=self.wet, guard=None, live=False, connected=False)
        lost.target, lost.session = lost.pos, self.session
        if "flash" in rules.words:
            lost.hand, lost.obstacle, lost.rain_position = self.hand, self.obstacle, self.rain_position
        for field in fields(Device):
            setattr(self, field.name, getattr(lost, field.name))

    def _take_hand(self, ghost: Ghost, words: frozenset[str], *, closes: bool) -> None:
        ghost.hands += 1
        ghost.hand_after_loss = self.hand_sent = True
        self.leave = self.wet
        self._forget_tries()
        if self.lost and "loss-hand" in words:
            self.lost = "settled"
        if closes:
            self._clear_the_way(ghost)

    def _clear_the_way(self, ghost: Ghost) -> None:
        self.obstacle, self.fault, ghost.pinched = False, "", False
        self._forget_tries()

    # --- rain

    def keep_rain_out(self, ghost: Ghost, rules: Rules) -> str:
        """The rule of rain, a level: it may run at any time. What is wrong with what it did."""
        if self.opening and self._opens_unbidden(rules.words):
            self.target = self.pos
        if self.pos is not None and self.pos <= self.rain_position:
            self._forget_tries()
            return ""
        if not self.wet or self.leave or self.fault == "rain" or (self.pos is None and "null-wet" not in rules.words):
            return ""
        low = self.target is not None and self.target <= self.rain_position
        if self.obstacle:
            self._give_up()
        elif self.driven and low:
            return ""
        elif self.driven and self.tries:
            self.target = self.rain_position
        elif self.waits:
            return ""
        elif self.tries >= TRIES:
            self._give_up()
        else:
            self.tries, self.waits, self.target = self.tries + 1, True, self.rain_position
            self.hand_sent = False
            return "I8 after an obstacle rain closes" if ghost.pinched else ""
        return ""

    def _opens_unbidden(self, words: frozenset[str]) -> bool:
        """In rain; a hand's leave is not for a machine that came after it."""
        without_leave = not self.leave and "rain-stops" in words
        return self.wet and (without_leave or (not self.hand_sent and "rain-hands" in words))

    def _give_up(self) -> None:
        self.fault = "rain"
        self.grow(for_all=True)

    def _forget_tries(self) -> None:
        self.tries, self.waits = 0, False

    # --- the sash

    def sash_moves(self) -> str:
        """A step on its way; from an unknown position first to the closed end. What is wrong with it."""
        if self.pos is None:
            self.pos = 0
        elif self.opening:
            self.pos += 1
            if self.wet and not (self.leave and self.hand_sent):
                return "I3c in rain the sash opens, and no hand in rain sent it"
        else:
            self.pos -= 1
        return ""

    def sash_arrives(self) -> None:
        if self.target is not None:
            self.pos = self.target


def goal(aim: Aim, stop_is: int = 0) -> int:
    """The position that an aim names; `home` is 0."""
    if aim == "stop":
        return stop_is
    return 0 if isinstance(aim, str) else aim


_key = attrgetter(*(field.name for field in fields(Device)))
