"""The wordings of the contract that the model can do without, one at a time, and what a scene fixes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

WORDINGS: Final[Mapping[str, str]] = {
    "hand-set": "a hand is an id not among those handled; the first state ever seen only sets the start",
    "flash": "hand_id, obstacle and rain_position survive a power cut",
    "hold-saved": "the hold is saved with the ids, before a person's command leaves",
    "person-rev": "a person's command is stale when older than the last press, edge of rain, obstacle or fault",
    "stop-fenced": "only a person's stop skips the fence; a late one is no hand; a machine's is refused in rain",
    "null-wet": "in rain an unknown position counts as above",
    "clear-person": "clear is a person's",
    "guard-content": "a guard that differs in ts alone is no change",
    "rearm": "a question and its trigger end with the result, a state that names it, or an answer that did not act",
    "same-question": "a question keeps its id while it is asked again with the same fence and grant, and only so",
    "duplicate-first": "a known command_id is a duplicate, before the fence is asked",
    "safety-fenced": "every source but a person carries the present rev, safety too",
    "guard-age": "five minutes without a live guard end the link, and the guard is forgotten",
    "session": "a command of another session is stale",
    "ring": "the ids of the last accepted commands are kept",
    "guard-rev": "a change of the guard's content raises rev",
    "machines": "the guard says whether machines may move the window at all",
    "rain-lowers": "in rain machines and safety may only lower the target",
    "rain-position": "in rain machines and safety may not go above the position either",
    "rain-stops": "in rain a sash on its way up stops, unless a hand's leave is in force",
    "rain-hands": "and unless it was the hand that sent it",
    "obstacle": "after an obstacle only a person closes",
    "band": "a machine's position outside the guard's band is refused",
    "lock-child": "a locked window's buttons open and close nothing",
    "lock-full": "a fully locked window obeys nobody but safety, and a person's stop",
    "lock-safety": "safety may only lower a fully locked window",
    "unknown-closes": "from an unknown position every way begins with closing",
    "retained-guard": "a retained guard keeps no link up",
    "loss-hand": "after a hand that came after the loss, the window does not close alone",
    "loss-obstacle": "it does not close alone against an obstacle",
    "loss-ends": "the link that comes back in time ends the closing",
    "hub-content": "whose guard it is belongs to its content",
    "yield": "a hub that hears another's guard publishes none until its owner takes over",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds throughout a scene."""

    words: frozenset[str] = frozenset(WORDINGS)
    motor: bool = False
    """False: the sash is there at once, since nothing in this scene can happen on its way."""
    alone: str = ""
    """When the window closes without a link: "" never, "soon" before the guard gets old, "late" after it."""
    hubs: bool = False
    """A second Home Assistant is there."""
    counts_asking: bool = False
    """Questions are counted: how many a quiet network may cost (I7)."""
    still: bool = False
    """Nobody wants anything: the target must not change (I4)."""
    may_be_unsure: bool = False
    """The service may also answer without acting."""
    questions: int = 4
    """No more than that in one run."""
