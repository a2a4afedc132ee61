"""What an applied command must never break, told with what was true when its sender made up its mind."""

from dataclasses import dataclass

from .device import Device, goal
from .ghost import Ghost
from .messages import MACHINES, Control

EXPOSED = 2
"""The owner's decision, and the one command that still carries the present rev."""


def broken_by(control: Control, device: Device, ghost: Ghost, *, hand: bool) -> str:
    """What obeying this command breaks, "" for nothing. `hand`: the window will take it for a hand."""
    if control.id in ghost.applied:
        return "I5 one command is applied twice"
    aimed = _aimed(control, device)
    closes = aimed is not None and (device.pos is None or aimed < device.pos or control.aim == "home")
    applied = _Applied(device, control, ghost, aimed, closes=closes, who=f"{control.source} {control.aim}")
    return applied.by_a_person(hand=hand) if control.source == "user" else applied.by_a_machine()


def _aimed(control: Control, device: Device) -> int | None:
    match control.aim:
        case "clear":
            return None
        case "stop":
            return device.pos
        case aim:
            return goal(aim)


@dataclass(frozen=True, slots=True)
class _Applied:
    device: Device
    control: Control
    ghost: Ghost
    aimed: int | None
    """Where it sends the sash; None: nowhere, or nobody knows."""
    closes: bool
    who: str

    def by_a_person(self, *, hand: bool) -> str:
        seen, ghost, device, stop = self.control.seen, self.ghost, self.device, self.control.aim == "stop"
        if not stop and seen.pressed != ghost.pressed:
            return f"I1b {self.who}, clicked before a press, is applied after it"
        if self.closes and seen.hurt != ghost.hurt:
            return f"I8b {self.who}, clicked before the obstacle, closes after it"
        if hand and device.wet and seen.wet != ghost.wet and self._stays_open():
            return f"I3b {self.who}, clicked before the rain, keeps the window open in rain"
        if device.guard is not None and device.guard.lock == "full" and not stop and self.control.aim != "clear":
            return f"I10 {self.who} is applied although the window is locked"
        return ""

    def by_a_machine(self) -> str:
        seen, ghost, device = self.control.seen, self.ghost, self.device
        if seen.hands != ghost.hands:
            return f"I1 after a hand an older {self.who} is applied"
        if self.control.source in MACHINES and (bad := self._without_leave()):
            return bad
        if device.wet and self.aimed is not None and device.target is not None and self.aimed > device.target:
            return f"I3 in rain {self.who} raises the target"
        if device.wet and self.aimed is not None and device.pos is not None and self.aimed > device.pos:
            return f"I3 in rain {self.who} goes above the position"
        if self.control.aim == "clear" and ghost.pinched:
            return f"I8 {self.who} clears the way of what a person must see"
        if self.closes and ghost.pinched:
            return f"I8 after an obstacle {self.who} closes"
        if device.guard is not None and device.guard.lock == "full":
            return self._locked()
        return ""

    def _without_leave(self) -> str:
        seen, ghost, guard = self.control.seen, self.ghost, self.device.guard
        ghost.exposed += bool(ghost.exposed)
        if guard is not None and not guard.machines:
            return f"I2d {self.who} is applied under a guard that allows no machine"
        if seen.withdrawn != ghost.withdrawn:
            return f"I2 after leave was withdrawn an older {self.who} is applied"
        if ghost.exposed > EXPOSED:
            return "I2b two machine commands are applied after the owner's decision"
        if ghost.expired:
            return "I2c a machine's command is applied although no guard came for five minutes"
        if guard is not None and self.aimed is not None and not guard.low <= self.aimed <= guard.high:
            return f"I9 {self.who} is applied outside the guard's band"
        if guard is not None and guard.hub != 1 and seen.hub_turns != ghost.hub_turns:
            return f"I13b {self.who}, granted by one hub, is applied after another took over"
        return ""

    def _locked(self) -> str:
        if self.control.source != "safety":
            return f"I10 {self.who} is applied although the window is locked"
        lowest = min(self.device.pos or 0, self.device.target or 0)
        return f"I10c {self.who} opens a locked window" if self.aimed is None or self.aimed > lowest else ""

    def _stays_open(self) -> bool:
        device = self.device
        return device.pos is None or max(device.pos, self.aimed or 0) > device.rain_position
