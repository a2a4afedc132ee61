"""Whether a command is obeyed: rules 3 to 9 of contract/README.md, in their order, on a frozen view of the window."""

from dataclasses import dataclass

from .inputs import Control, Guard
from .words import MACHINES, Action, Lock, Source, Verdict


@dataclass(frozen=True, slots=True)
class View:
    """What the rules look at. Positions in percent, None while unknown."""

    session: str | None
    rev: int
    floor: int
    guard: Guard | None
    link_is_up: bool
    position: float | None
    target: float | None
    wet: bool
    obstacle: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, why, and whether the command was made for the window as it stands (a late stop was not)."""

    verdict: Verdict
    reason: str | None = None
    is_fresh: bool = True


def judge(control: Control, view: View) -> Judgement:
    """Say what is to be made of a command that is no repeat."""
    stale = _staleness(control, view)
    if control.aim is Action.STOP and control.source is Source.USER:
        return Judgement(Verdict.ACCEPTED, is_fresh=stale is None)
    return (
        stale
        or _guarded(control, view)
        or _not_a_person(control)
        or _locked(control, view)
        or _in_rain(control, view)
        or _against_obstacle(control, view)
        or Judgement(Verdict.ACCEPTED)
    )


def closes(control: Control, view: View) -> bool:
    """Say whether obeying would drive the sash towards closed: an unknown position is learnt by closing."""
    goal = _goal(control)
    if goal is None:
        return False
    return control.aim is Action.HOME or view.position is None or goal < view.position


def _goal(control: Control) -> float | None:
    """The position that a command names; `home` counts as 0, `stop` and `clear` have none."""
    match control.aim:
        case Action.HOME:
            return 0.0
        case Action.STOP | Action.CLEAR:
            return None
        case position:
            return position


def _staleness(control: Control, view: View) -> Judgement | None:
    if control.session is None or control.session != view.session:
        return Judgement(Verdict.STALE, "session", is_fresh=False)
    if control.source is Source.USER:
        is_old = control.rev is None or control.rev < view.floor
    else:
        is_old = control.rev != view.rev
    return Judgement(Verdict.STALE, "rev", is_fresh=False) if is_old else None


def _guarded(control: Control, view: View) -> Judgement | None:
    if control.source not in MACHINES:
        return None
    reason = None
    goal = _goal(control)
    if view.guard is None:
        reason = "no_guard"
    elif not view.link_is_up:
        reason = "link"
    elif not view.guard.machines:
        reason = "machines"
    elif goal is not None and not view.guard.min <= goal <= view.guard.max:
        reason = "band"
    return Judgement(Verdict.GUARD, reason) if reason else None


def _not_a_person(control: Control) -> Judgement | None:
    if control.aim is not Action.CLEAR:
        return None
    if control.source is not Source.USER:
        return Judgement(Verdict.INVALID, "not_a_person")
    return Judgement(Verdict.ACCEPTED)


def _locked(control: Control, view: View) -> Judgement | None:
    if view.guard is None or view.guard.lock is not Lock.FULL:
        return None
    goal = _goal(control)
    # Where position or target are unknown, only closing whole is sure to open nothing.
    lowest = min(view.position or 0.0, view.target or 0.0)
    if control.source is Source.SAFETY and goal is not None and goal <= lowest:
        return None
    return Judgement(Verdict.LOCKED)


def _in_rain(control: Control, view: View) -> Judgement | None:
    if not view.wet or control.source is Source.USER:
        return None
    goal = _goal(control)
    is_above = goal is not None and view.position is not None and goal > view.position
    if goal is None or goal > (view.target or 0.0) or is_above:
        return Judgement(Verdict.RAIN)
    return None


def _against_obstacle(control: Control, view: View) -> Judgement | None:
    if not view.obstacle or control.source is Source.USER:
        return None
    return Judgement(Verdict.FAULT, "obstacle") if closes(control, view) else None
