"""What is set for all windows of a house, with defaults and bounds. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from custom_components.smart_window.contract import ContractError, Topics

from .bounds import MINUTES_OF_A_DAY, Bounds, SettingsError, check_bounds, read_settings
from .choices import HoldRule


@dataclass(frozen=True, slots=True)
class HubSettings:
    """What is set for all windows. SettingsError when a value is out of bounds or two contradict each other.

    Times of the day are minutes after local midnight.
    """

    prefix: str = ""
    temperature_change: float = 0.5
    """K since the last answered value that are worth a question."""
    humidity_change: float = 5.0
    """Points of relative humidity that are worth a question."""
    sound_change: float = 6.0
    """dB that are worth a question when `every_clip` is off."""
    every_clip: bool = True
    """Each new clip is worth a question."""
    heartbeat_s: float = 1800.0
    """The model is asked this often though nothing changes."""
    min_interval_s: float = 20.0
    """The shortest time between two questions of one window."""
    question_timeout_s: float = 10.0
    """A question without answer and result ends after this time."""
    ttl_s: float = 8.0
    """How long the service may take, counted by it from receipt."""
    min_confidence: float = 0.6
    fallback: bool = True
    """Where the model is silent, unsure or absent, the plain rule decides (contract/fallback.yaml)."""

    hold_rule: HoldRule = HoldRule.MINUTES
    hold_minutes: float = 60.0
    morning: float = 420.0
    """When a hold until the next morning ends."""
    automations_are_hands: bool = False
    """A command of an automation or script begins a hold as a person's does."""

    band_min: float = 0.0
    band_max: float = 100.0
    rain_position: float = 0.0
    """Where a window goes in rain, percent."""
    microphone: bool = True
    night_begin: float = 1320.0
    night_end: float = 420.0
    """At night each window opens no further than its own `night_position`."""
    quiet: bool = False
    """Whether there are quiet hours, in which comfort moves no motor."""
    quiet_begin: float = 1320.0
    quiet_end: float = 420.0

    smallest_change: float = 5.0
    """Points of position: a smaller move by a rule of ours is not worth its noise."""
    shortest_pause_s: float = 120.0
    """Between two moves of one window for comfort."""
    moves_per_hour: float = 12.0
    moves_per_day: float = 60.0
    reversals: float = 6.0
    """So many turns from opening to closing and back within two hours are an oscillation."""

    settle_s: float = 30.0
    """From a window's first live state and inputs until something acts."""
    calm_s: float = 300.0
    """A hazard is over when it was below its end for so long."""
    reading_valid_s: float = 1800.0
    """A reading older than this is left out of a question."""
    clip_valid_s: float = 300.0
    """Sound older than this is left out of a question."""

    def __post_init__(self) -> None:
        try:
            Topics(self.prefix)
        except ContractError as error:
            raise SettingsError("prefix", error.detail) from error
        check_bounds(self, BOUNDS)
        if self.band_min > self.band_max:
            raise SettingsError("band_max", f"{self.band_max:g} is below the band's lower end, {self.band_min:g}")
        if self.ttl_s > self.question_timeout_s:
            raise SettingsError("ttl_s", f"{self.ttl_s:g} is above the question's time limit")
        if self.quiet and self.quiet_begin == self.quiet_end:
            raise SettingsError("quiet_end", "quiet hours end when they begin")
        if self.night_begin == self.night_end:
            raise SettingsError("night_end", "the night ends when it begins")
        if self.moves_per_day < self.moves_per_hour:
            raise SettingsError("moves_per_day", f"{self.moves_per_day:g} is less than the moves per hour")

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> HubSettings:
        """Settings from options: names that are no setting are ignored, absent ones have their default.

        SettingsError when a value is of the wrong type or does not fit.
        """
        return cls(**read_settings(cls, values))


BOUNDS: Mapping[str, Bounds] = {
    "temperature_change": Bounds(0.1, 10),
    "humidity_change": Bounds(1, 50),
    "sound_change": Bounds(1, 60),
    "heartbeat_s": Bounds(60, 86_400),
    "min_interval_s": Bounds(0, 3600),
    "question_timeout_s": Bounds(1, 120),
    "ttl_s": Bounds(0.5, 120),
    "min_confidence": Bounds(0, 1),
    "hold_minutes": Bounds(1, 10_080),
    "morning": Bounds(0, MINUTES_OF_A_DAY - 1),
    "band_min": Bounds(0, 100),
    "band_max": Bounds(0, 100),
    "rain_position": Bounds(0, 100),
    "night_begin": Bounds(0, MINUTES_OF_A_DAY - 1),
    "night_end": Bounds(0, MINUTES_OF_A_DAY - 1),
    "quiet_begin": Bounds(0, MINUTES_OF_A_DAY - 1),
    "quiet_end": Bounds(0, MINUTES_OF_A_DAY - 1),
    "smallest_change": Bounds(1, 50),
    "shortest_pause_s": Bounds(0, 7200),
    "moves_per_hour": Bounds(1, 3600),
    "moves_per_day": Bounds(1, 86_400),
    "reversals": Bounds(3, 50),
    "settle_s": Bounds(0, 600),
    "calm_s": Bounds(0, 7200),
    "reading_valid_s": Bounds(60, 86_400),
    "clip_valid_s": Bounds(10, 3600),
}
