"""Who can be spoken to: the window, the service, and who else guards."""

from ..snapshot import Snapshot
from ..trace import Outcome, RuleVerdict
from ..why import Why
from .verdicts import passes


def contract(snapshot: Snapshot) -> RuleVerdict:
    """A window that speaks another contract is left alone."""
    other = snapshot.window_contract
    facts = {"version": other}
    if other is None:
        return passes("contract", facts)
    return RuleVerdict("contract", Outcome.HANDS_OFF, Why.OTHER_CONTRACT, facts)


def foreign_guard(snapshot: Snapshot) -> RuleVerdict:
    """Where another Home Assistant guards, this one only advises until its owner takes over."""
    facts = {"hub": snapshot.foreign_hub}
    if snapshot.foreign_hub is None:
        return passes("foreign_guard", facts)
    return RuleVerdict("foreign_guard", Outcome.YIELD, Why.FOREIGN_GUARD, facts)


def window_reachable(snapshot: Snapshot) -> RuleVerdict:
    """No question about a window that is not there; one that never said where it stands gets no guard either."""
    facts = {"online": snapshot.online, "state": snapshot.state is not None}
    if snapshot.state is None:
        return RuleVerdict("window_reachable", Outcome.HANDS_OFF, Why.NO_STATE, facts)
    if not snapshot.online:
        return RuleVerdict("window_reachable", Outcome.SILENT, Why.OFFLINE, facts)
    return passes("window_reachable", facts)


def service_reachable(snapshot: Snapshot) -> RuleVerdict:
    """Nobody is asked who speaks another contract. One that is silent is: the time limit then tells the owner."""
    other = snapshot.services.other_contract
    facts = {"service": snapshot.services.state, "version": other}
    if other is None:
        return passes("service_reachable", facts)
    return RuleVerdict("service_reachable", Outcome.UNASKED, Why.SERVICE_CONTRACT, facts)


def guard_known(snapshot: Snapshot) -> RuleVerdict:
    """No guard is published, and nothing asked, while another hub's may still be on its way."""
    facts = {"known": snapshot.guard_known}
    if snapshot.guard_known:
        return passes("guard_known", facts)
    return RuleVerdict("guard_known", Outcome.HANDS_OFF, Why.SETTLING, facts)


def settled(snapshot: Snapshot) -> RuleVerdict:
    """After a start the other inputs get time to arrive before anything is asked or moved."""
    left = snapshot.settle_left_s
    facts = {"left_s": left}
    if left is None or left > 0:
        return RuleVerdict("settled", Outcome.SILENT, Why.SETTLING, facts)
    return passes("settled", facts)
