"""All that a decision may rest on, frozen."""

from dataclasses import dataclass, field

from custom_components.smart_window.contract import Guard, Operation, State
from custom_components.smart_window.hands import Hold
from custom_components.smart_window.inference_services import ServiceView
from custom_components.smart_window.inputs import Surroundings
from custom_components.smart_window.moves import Pace
from custom_components.smart_window.settings import HubSettings, Mode, QuietRule, WindowSettings
from custom_components.smart_window.trigger import Values

from .hazards import Hazard
from .wanted import OrderView


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One window at one moment. Percent for positions, seconds for times; `now` is monotonic; None is not known."""

    now: float
    hub: str
    mode: Mode
    hold: Hold | None = None
    """The hold in force."""
    state: State | None = None
    online: bool = False
    gone: bool = False
    """It is offline, and not for a moment only."""
    settle_left_s: float | None = None
    """None: no live state yet; 0: settled."""
    window_contract: int | None = None
    """The other contract's version that the window speaks; None: ours."""
    foreign_hub: str | None = None
    guard_known: bool = False
    """False in the first moments, when another hub's retained guard may still be on its way."""
    guard: Guard | None = None
    """The last guard that left, once the window had the time to take it."""
    services: ServiceView = field(default_factory=ServiceView)
    values: Values = field(default_factory=Values)
    noise: float | None = None
    """dB(A), by the window."""
    news: bool = False
    """Something was read since MQTT was connected: comfort rests on it."""
    on_duty: bool = False
    """The model was silent, unsure or absent: the plain rule decides."""
    asking: bool = False
    """A question is out."""
    local_minute: float | None = None
    hazards: tuple[Hazard, ...] = ()
    pace: Pace = field(default_factory=Pace)
    orders: OrderView = field(default_factory=OrderView)
    surroundings: Surroundings = field(default_factory=Surroundings)
    house: HubSettings = field(default_factory=HubSettings)
    own: WindowSettings = field(default_factory=WindowSettings)

    @property
    def position(self) -> float | None:
        """Where the sash stands."""
        return None if self.state is None else self.state.position

    @property
    def bound_for(self) -> float | None:
        """Where the window will stand: its target, else its position, percent."""
        if self.state is None:
            return None
        return self.state.position if self.state.target is None else self.state.target

    @property
    def min_confidence(self) -> float:
        """How sure the model must be, 0–1."""
        return self.house.min_confidence if self.own.min_confidence is None else self.own.min_confidence

    @property
    def keeps_quiet(self) -> bool:
        """Whether it has quiet hours at all. The house's own are checked to be some; those it does not keep are not."""
        keeps = self.own.quiet is QuietRule.KEEP or (self.own.quiet is QuietRule.HOUSE and self.house.quiet)
        return keeps and self.house.quiet_begin != self.house.quiet_end

    @property
    def is_night(self) -> bool | None:
        """None: nobody told the time."""
        return is_between(self.local_minute, self.house.night_begin, self.house.night_end)


SAME_POSITION = 1.0
"""Points of position below which a window need not move."""


def is_closed_to(state: State, position: float) -> bool:
    """The window stands at or below this position, or is closing that far. An unknown position is above."""
    on_its_way = state.operation is Operation.CLOSING and state.target is not None
    return has_closed_to(state, position) or (on_its_way and _at_most(state.target, position))


def has_closed_to(state: State, position: float) -> bool:
    """The window stands at or below this position, and does not open."""
    return _at_most(state.position, position) and state.operation is not Operation.OPENING


def _at_most(position: float | None, limit: float) -> bool:
    return position is not None and position <= limit + SAME_POSITION


def is_between(minute: float | None, begin: float, end: float) -> bool | None:
    """Whether a time of the day lies within a stretch, which may cross midnight. None: it is not known."""
    if minute is None:
        return None
    return begin <= minute < end if begin < end else minute >= begin or minute < end
