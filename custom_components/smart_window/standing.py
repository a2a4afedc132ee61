"""What is known of one window: what it said, what its owner set, and the parts that remember the rest. Pure."""

from collections.abc import Mapping

from .changes import Prediction, Reading
from .contract import Announce, AudioFormat, Guard, State
from .decision import Hazards
from .hands import UNTIL_RELEASED_S, Hands
from .inputs import Surroundings
from .last_move import LastMove
from .layers import Layers
from .moves import Moves
from .orders import Orders
from .outlook import Outlook
from .presence import Presence
from .question import Ended, Question, Questions
from .senses import Senses
from .settings import HoldRule, HubSettings, Mode, WindowSettings
from .trigger import Fence, Trigger


class Standing:
    """What is known of one window: its parts, and what can be read of them."""

    def __init__(
        self,
        device_id: str,
        hub: str,
        settings: HubSettings,
        *,
        mode: Mode = Mode.ADVISE,
        hands: Hands | None = None,
        own: WindowSettings | None = None,
        hazards: Hazards | None = None,
        last_move: LastMove | None = None,
    ) -> None:
        self.device_id = device_id
        self.hub = hub
        self.settings = settings
        self.mode = mode
        self.own = own or WindowSettings()
        self.hands = hands or Hands()
        """To be stored when Changes.hand, .hold or .start say so."""
        self.last_move = last_move
        """To be stored when Changes.set_out says so."""
        self.layers = Layers()
        """What the model learnt of its owner; to be stored whenever it is another."""
        self.announce: Announce | None = None
        self.state: State | None = None
        self.contract_mismatch: int | None = None
        """The other contract's version; None: ours."""
        self.foreign_hub: str | None = None
        self.prediction: Prediction | None = None
        """The latest answer."""
        self._senses = Senses()
        self._trigger = Trigger()
        self._questions = Questions()
        self._guard: Guard | None = None
        self._guard_fence: Fence | None = None
        self._guard_in_force_at = float("-inf")
        self._presence = Presence()
        self._outlook = Outlook(hazards or Hazards())
        self._moves = Moves()
        self._orders = Orders()
        self._news = False
        self._on_duty = False

    def online(self, now: float) -> bool:
        """Available, and heard within three heartbeats."""
        return self._presence.online(now, self.settings)

    @property
    def availability(self) -> bool | None:
        """Its own word; None: it never said."""
        return self._presence.availability

    @property
    def last_seen(self) -> float | None:
        """Unix seconds of the last live (not retained) message."""
        return self._presence.last_seen

    @property
    def has_cover(self) -> bool:
        """It announced that it moves, or sent a state. A window that only sent readings has sensors alone."""
        return self.state is not None or (self.announce is not None and "position" in self.announce.capabilities)

    @property
    def surroundings(self) -> Surroundings:
        """What the chosen entities say."""
        return self._outlook.surroundings

    @property
    def hazards(self) -> Hazards:
        """Those that reign. To be stored when Changes.hazard says so."""
        return self._outlook.hazards

    @property
    def hold_until(self) -> float | None:
        """Unix seconds; None without a hold, and for one that lasts until it is released."""
        hold = self.hands.hold
        return None if hold is None or hold.until_released else hold.ends_wall

    @property
    def question(self) -> Question | None:
        """The question that is out."""
        return self._questions.out

    @property
    def last_question(self) -> Ended | None:
        """How the last question ended, unless the rules changed since."""
        return self._questions.last

    @property
    def temperature(self) -> Reading | None:
        """°C."""
        return self._senses.temperature

    @property
    def humidity(self) -> Reading | None:
        """Relative, percent."""
        return self._senses.humidity

    @property
    def level(self) -> Reading | None:
        """Level, dBFS of the last clip, or dB(A) as the window measured it."""
        return self._senses.level

    @property
    def noise_level(self) -> Reading | None:
        """dB(A), where the window's microphone is calibrated."""
        return self._senses.noise_level

    @property
    def levels(self) -> Mapping[str, float]:
        """DB by name, as a window tells them that sends features alone."""
        return self._senses.levels

    @property
    def fence(self) -> Fence | None:
        """(session, rev) of the state, which every command carries."""
        return None if self.state is None else (self.state.session, self.state.rev)

    @property
    def _audio(self) -> AudioFormat | None:
        return None if self.announce is None else self.announce.audio

    def _hold_s(self, now: float) -> float:
        match self.settings.hold_rule:
            case HoldRule.UNTIL_RELEASED:
                return UNTIL_RELEASED_S
            case HoldRule.UNTIL_MORNING if (
                left := self._outlook.minutes_until(self.settings.morning, now)
            ) is not None:
                return left * 60
            case _:
                return self.settings.hold_minutes * 60
