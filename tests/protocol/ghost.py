"""What only the checker knows: what happened in truth, whoever knows of it. No rule of the protocol reads this."""

from dataclasses import dataclass, fields
from operator import attrgetter

from .messages import Seen


@dataclass(slots=True, eq=False)
class Ghost:
    presses: int = 0
    clicks_made: int = 0
    others: int = 0
    sessions: int = 1
    hands: int = 0
    withdrawn: int = 0
    """How often leave was withdrawn from machines, as the window knows it."""
    wet: int = 0
    """How often it began to rain."""
    hurt: int = 0
    """How often the sash met an obstacle."""
    pressed: int = 0
    hub_turns: int = 0
    """How often another hub's guard came into force."""
    pinched: bool = False
    """Something is in the way, and no person has dealt with it."""
    expired: bool = False
    """No live guard came for five minutes."""
    hand_after_loss: bool = False
    made: tuple[int, ...] = ()
    """Ids of all hands."""
    undealt: tuple[int, ...] = ()
    dealt: tuple[int, ...] = ()
    unsaved: tuple[int, ...] = ()
    clicks: tuple[int, ...] = ()
    applied: tuple[int, ...] = ()
    exposed: int = 0
    """1 and one more per machine's command since the owner's decision, until the guard that follows it is in force."""
    trigger: bool = False
    """A reading stands that no answer has dealt with."""
    total: int = 0
    """Questions asked."""
    asked_in_quiet: int = 0
    disturbed: int = 0
    """Outside events so far; counted where `counts_asking`."""

    def seen(self) -> Seen:
        return Seen(self.hands, self.withdrawn, self.wet, self.hurt, self.pressed, self.hub_turns)

    def key(self) -> tuple[object, ...]:
        return _key(self)

    def copy(self) -> Ghost:
        return Ghost(*_key(self))

    def press_id(self) -> int:
        self.presses += 1
        return 100 + self.presses

    def click_id(self) -> int:
        self.clicks_made += 1
        return 200 + self.clicks_made

    def question_id(self) -> int:
        self.total += 1
        return 300 + self.total

    def other_id(self) -> int:
        self.others += 1
        return 400 + self.others

    def session_id(self) -> int:
        self.sessions += 1
        return self.sessions

    def hand_made(self, hand: int) -> None:
        self.made += (hand,)
        self.undealt += (hand,)

    def hand_dealt(self, hand: int) -> bool:
        """A hold begins for it; False when there was no such hand, or it was dealt with before."""
        if hand not in self.made or hand in self.dealt:
            return False
        at = self.made.index(hand)
        self.undealt = tuple(other for other in self.undealt if self.made.index(other) > at)
        self.dealt += (hand,)
        self.unsaved += (hand,)
        return True


_key = attrgetter(*(field.name for field in fields(Ghost)))
