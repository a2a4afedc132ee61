"""What each rule said: the trace of a decision."""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import NamedTuple

from .why import Why

type Fact = float | str | bool | None
"""What a rule looked at, as it goes into a trace."""


@unique
class Outcome(StrEnum):
    """What a rule made of the snapshot."""

    PASS = "pass"  # noqa: S105 - a word of the trace
    """It has nothing against a move."""
    LIMIT = "limit"
    """Machines may open no further than the verdict's `limit`."""
    HAZARD = "hazard"
    """As NO_ACT with a `limit`: the window is closed that far, and the model only advises."""
    NO_ACT = "no_act"
    """The model is asked and may not act now; the guard stays as it is."""
    PROTECT = "protect"
    """The model is asked and may not act; the guard allows no machine; hazards still move the window."""
    ADVISE = "advise"
    """The model is asked and may not act; the guard allows no machine; nothing of ours moves the window."""
    UNASKED = "unasked"
    """The model is not asked; the guard stays as it is; hazards still move the window."""
    SILENT = "silent"
    """The model is not asked; the guard stays as it is; nothing of ours moves the window."""
    OFF = "off"
    """The model is not asked; the guard allows no machine; nothing of ours moves the window."""
    YIELD = "yield"
    """The model is asked and may not act; no guard is published, since another hub's stands."""
    HANDS_OFF = "hands_off"
    """The model is not asked; no guard is published."""

    @property
    def may_act(self) -> bool:
        """The grant may let the model act."""
        return self in _ACT

    @property
    def may_ask(self) -> bool:
        """A question may leave."""
        return self not in _UNASKED

    @property
    def machines(self) -> bool:
        """The guard may allow machines."""
        return self in _MACHINES

    @property
    def may_guard(self) -> bool:
        """A guard may be published."""
        return self not in _UNGUARDED

    @property
    def may_protect(self) -> bool:
        """A hazard may move the window."""
        return self in _PROTECTED


_ACT = frozenset({Outcome.PASS, Outcome.LIMIT})
_UNASKED = frozenset({Outcome.UNASKED, Outcome.SILENT, Outcome.OFF, Outcome.HANDS_OFF})
_MACHINES = frozenset({Outcome.PASS, Outcome.LIMIT, Outcome.HAZARD, Outcome.NO_ACT, Outcome.UNASKED, Outcome.SILENT})
_UNGUARDED = frozenset({Outcome.YIELD, Outcome.HANDS_OFF})
_PROTECTED = frozenset({Outcome.PASS, Outcome.LIMIT, Outcome.HAZARD, Outcome.NO_ACT, Outcome.PROTECT, Outcome.UNASKED})


class RuleVerdict(NamedTuple):
    """One rule's word. `rule` is the rule's name; `why` is READY when it passes.

    `limit`: machines may open no further (percent). `wants`: where the rule would have the window (percent).
    A tuple: two dozen are made for each decision, and a frozen dataclass takes three times as long to make.
    """

    rule: str
    outcome: Outcome
    why: Why
    facts: Mapping[str, Fact]
    limit: float | None = None
    wants: float | None = None
