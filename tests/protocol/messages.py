"""The messages of the model: what of each matters to who may move a window. Ids and sessions are counted, 0 is none."""

from typing import Literal, NamedTuple

type Source = Literal["ml", "user", "automation", "safety"]
type Aim = int | Literal["stop", "home", "clear"]
"""A position (0 closed, 1 half, 2 open) or an action."""
type Lock = Literal["none", "child", "full"]
type Verdict = Literal["accepted", "duplicate", "stale", "guard", "locked", "rain", "fault", "invalid"]

MACHINES = frozenset({"ml", "automation"})


class Seen(NamedTuple):
    """What had happened at the window when a sender made up its mind. Only the checker reads it."""

    hands: int
    withdrawn: int
    wet: int
    hurt: int
    pressed: int
    hub_turns: int


class State(NamedTuple):
    """`bad`: an obstacle or a fault. `retained`: the broker's kept copy."""

    session: int
    rev: int
    hand: int
    command: int
    wet: bool
    bad: bool
    retained: bool = False


class Content(NamedTuple):
    """What a guard says."""

    hub: int = 1
    machines: bool = True
    low: int = 0
    high: int = 2
    lock: Lock = "none"
    rain_position: int = 0


class Guard(NamedTuple):
    """`beat` stands for its ts."""

    content: Content
    beat: int = 0
    retained: bool = False


class Control(NamedTuple):
    id: int
    source: Source
    aim: Aim
    session: int
    rev: int
    seen: Seen


class Result(NamedTuple):
    id: int
    verdict: Verdict


class Question(NamedTuple):
    """`act`, `low` and `high` are its grant."""

    id: int
    session: int
    rev: int
    act: bool
    low: int
    high: int
    seen: Seen


class Answer(NamedTuple):
    """The service answered and did not act. An answer that acted changes nothing: the window has the last word."""

    id: int


type ToDevice = Control | Guard
type ToHome = State | Result | Guard
type FromHome = Control | Guard | Question
