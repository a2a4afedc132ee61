"""What a message or the passing of time changed at a window: frozen, for the shell to act on. Pure."""

from dataclasses import dataclass

from .clips import Clip
from .contract import Control, ControlResult, HeardFeatures, Response
from .question import Ended, Question


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that was heard: °C or %, dB for the level. `at` is monotonic, `wall` Unix seconds."""

    value: float
    at: float
    wall: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """An answer and the question that it belongs to."""

    question: Question
    response: Response


@dataclass(frozen=True, slots=True)
class Changes:
    """False as a whole when nothing changed."""

    announce: bool = False
    """The announce is another one: name, versions, capabilities."""
    forgotten: bool = False
    """The window asked to be forgotten."""
    contract: bool = False
    """It began or ceased to speak another contract."""
    availability: bool = False
    """It came online or went offline, by its own word or by its silence: `online(now)` tells."""
    state: bool = False
    """Anything in its state but `ts`."""
    live: bool = False
    """Its first live state since MQTT was connected: settling begins."""
    moved: bool = False
    """Position or target changed."""
    set_out: bool = False
    """A move began while it was heard: save the store a little later."""
    fence: bool = False
    """session or rev changed."""
    temperature: bool = False
    """A reading came (also one of the same value)."""
    humidity: bool = False
    level: bool = False
    clip: Clip | None = None
    features: HeardFeatures | None = None
    hand: bool = False
    """A press at the window that was not dealt with yet: save the store."""
    hold: bool = False
    """A hold began or ended: save the store."""
    start: bool = False
    """The first state ever seen set where hands are counted from: save the store."""
    hazard: bool = False
    """A hazard began or ended: save the store."""
    foreign_guard: bool = False
    """Another Home Assistant's guard appeared or went."""
    control: Control | None = None
    """A command was seen on its way, whoever sent it."""
    result: ControlResult | None = None
    prediction: Prediction | None = None
    """An answer to a question of ours came."""
    ended: Ended | None = None
    """A question ended."""
    clips_given_up: int = 0
    """Clips that never became whole, or that no request could carry."""

    def __bool__(self) -> bool:
        return self != _NOTHING


_NOTHING = Changes()
