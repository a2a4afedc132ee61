"""What a window is before anything happens to it."""

from dataclasses import dataclass, field
from enum import StrEnum


class LinkLostAction(StrEnum):
    """What the window does when its link is lost for long."""

    STAY = "stay"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The rule for a lost link; `after_s` counts for `close` alone."""

    action: LinkLostAction = LinkLostAction.STAY
    after_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Setup:
    """How a window stands when its power comes on. Positions in percent, null while unknown."""

    position: float | None = 0.0
    travel_s: float = 20.0
    hand_id: str | None = None
    obstacle: bool = False
    rain_position: float = 0.0
    rain: bool = False
    link_lost: LinkLost = field(default_factory=LinkLost)
