"""Where each wording is needed: the scenes that break without it, and the invariant that tells."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from .rules import WORDINGS
from .scenes import SCENES
from .search import Found, search

BREAKS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "hand-set": (("adopt", "I6"), ("hands-outbox", "I6")),
    "flash": (("still-wet", "I4"), ("hands-device", "I6"), ("obstacle-clear", "I8")),
    "hold-saved": (("hands-home", "I6"),),
    "person-rev": (("hands-home", "I1b"), ("rain", "I3b"), ("obstacle", "I8b")),
    "stop-fenced": (("rain-stop", "I3"), ("rain-tries", "I3b")),
    "null-wet": (("rain-reboot", "I3"),),
    "clear-person": (("obstacle-clear", "I8"),),
    "guard-content": (("live-beats", "I7"),),
    "rearm": (("live", "I7"),),
    "same-question": (("again", "I5c"),),
    "duplicate-first": (("twin", "I5b"),),
    "safety-fenced": (("hazard", "I1"),),
    "guard-age": (("guard-old", "I2c"),),
    "session": (("hands-device", "I1b"),),
    "ring": (("repeat", "I5"),),
    "guard-rev": (("guard", "I2"), ("hubs", "I13b")),
    "machines": (("guard", "I2d"),),
    "rain-lowers": (("rain-safety", "I3"),),
    "rain-position": (("rain-share", "I3"),),
    "rain-hands": (("rain-lost", "I3c"),),
    "rain-stops": (("rain-obstacle", "I3c"), ("rain-homing", "I3c")),
    "obstacle": (("homing-stall", "I8"),),
    "band": (("band", "I9"),),
    "lock-child": (("lock-child", "I10b"),),
    "lock-full": (("lock", "I10"),),
    "lock-safety": (("lock-safety", "I10c"),),
    "unknown-closes": (("homing-stall", "I8"),),
    "retained-guard": (("guard-kept", "I2c"),),
    "loss-hand": (("alone", "I12"),),
    "loss-obstacle": (("alone", "I8"),),
    "loss-ends": (("alone", "I12b"),),
    "hub-content": (("hubs", "I13b"),),
    "yield": (("hubs", "I13"),),
}

CASES: Final = [(wording, scene, invariant) for wording, places in BREAKS.items() for scene, invariant in places]


@cache
def broken(wording: str, scene: str, invariant: str) -> Found:
    """The search without this wording, until the invariant breaks."""
    start = SCENES[scene].start(frozenset(WORDINGS) - {wording}, small=True)
    return search(start, until=lambda text: text.split()[0] == invariant)
