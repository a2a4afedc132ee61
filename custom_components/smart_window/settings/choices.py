"""What can be chosen among a few words. Pure."""

from enum import StrEnum, unique


@unique
class Mode(StrEnum):
    """How far a window may go by itself."""

    AUTOMATIC = "automatic"
    """The model moves it."""
    PROTECT = "protect"
    """Only hazards move it; comfort is advised."""
    ADVISE = "advise"
    """The model is asked, and nothing moves."""
    OFF = "off"
    """The model is not asked, and nothing moves."""


@unique
class HoldRule(StrEnum):
    """How long the owner's hand stands."""

    MINUTES = "minutes"
    UNTIL_MORNING = "until_morning"
    """Until HubSettings.morning comes round; minutes count where the local time is not known."""
    UNTIL_RELEASED = "until_released"


@unique
class AiringRule(StrEnum):
    """What a window may do while the room is heated or cooled."""

    FREE = "free"
    """As ever."""
    BURSTS = "bursts"
    """Open for short bursts, with pauses between them."""
    CLOSED = "closed"
    """No airing: it closes."""


@unique
class HazardKind(StrEnum):
    """What closes a window."""

    RAIN = "rain"
    RAIN_SOON = "rain_soon"
    WIND = "wind"
    GUST = "gust"
    HAIL = "hail"
    FROST = "frost"
    ALARM = "alarm"


@unique
class QuietRule(StrEnum):
    """Whether a window keeps the quiet hours of the house."""

    HOUSE = "house"
    """As the house does."""
    KEEP = "keep"
    """It keeps them, whatever the house does."""
    IGNORE = "ignore"
    """It has none."""


@unique
class Taste(StrEnum):
    """What the owner minds most; the fallback rule and the model heed it."""

    BALANCED = "balanced"
    QUIET = "quiet"
    """Noise counts sooner."""
    FRESH = "fresh"
    """Stale air counts sooner."""
