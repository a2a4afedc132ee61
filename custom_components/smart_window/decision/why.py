"""The closed set of codes: why a window did what it did, or did not. They are the states of the reason sensor."""

from enum import StrEnum, unique


@unique
class Why(StrEnum):
    """What forbids, what moves a window by a rule, and how the last question ended."""

    READY = "ready"
    """Nothing forbids; the next change asks the model."""

    # Who may speak at all.
    OTHER_CONTRACT = "other_contract"
    """The window speaks another version of the contract."""
    NO_STATE = "no_state"
    """The window never said where it stands."""
    FOREIGN_GUARD = "foreign_guard"
    """Another Home Assistant guards this window; this one only advises."""
    SETTLING = "settling"
    """Home Assistant or the window has just started."""
    OFFLINE = "offline"
    SERVICE_CONTRACT = "service_contract"
    """The inference service speaks another version of the contract."""

    # What forbids a move.
    OBSTACLE = "obstacle"
    FAULT = "fault"
    PAUSED = "paused"
    """The owner paused all windows."""
    MODE_OFF = "mode_off"
    MODE_ADVISE = "mode_advise"
    MODE_PROTECT = "mode_protect"
    HELD_IN_HAZARD = "held_in_hazard"
    """The owner's hand came after the hazard began: it is knowing, and stands."""
    LOCKED = "locked"
    CONTACT = "contact"
    """A shutter or a screen is in the way."""
    HELD = "held"
    """The owner's hand is in force."""
    QUIET_HOURS = "quiet_hours"
    PAUSE = "pause"
    """It moved a moment ago."""
    MOVES_PER_HOUR = "moves_per_hour"
    MOVES_PER_DAY = "moves_per_day"
    OSCILLATES = "oscillates"
    """It went back and forth; it rests longer between moves."""

    # Hazards: they move it, and keep machines from opening it.
    RAIN = "rain"
    RAIN_SOON = "rain_soon"
    WIND = "wind"
    GUST = "gust"
    HAIL = "hail"
    FROST = "frost"
    ALARM = "alarm"

    # Rules that limit how far it opens, and close it that far.
    AWAY = "away"
    NIGHT = "night"
    CLIMATE = "climate"
    """The room is heated or cooled."""

    FALLBACK = "fallback"
    """The model was silent, unsure or absent, and the plain rule moved it."""

    # How the last question ended.
    MOVED_BY_MODEL = "moved_by_model"
    UNCHANGED = "unchanged"
    """The model wants the position that the window has."""
    ADVISED = "advised"
    """The model answered, and was not allowed to move the window."""
    LOW_CONFIDENCE = "low_confidence"
    NOT_ACTED = "not_acted"
    """The model could have moved the window and did not."""
    NO_ANSWER = "no_answer"
    """The inference service is absent: the question timed out."""
    NO_RESULT = "no_result"
    """The model commanded the window, and the window said nothing."""
    NO_MODEL = "no_model"
    """The service has no model that it could use."""
    ANSWER_ERROR = "answer_error"
    """The service could not answer for another cause."""
    REFUSED_STALE = "refused_stale"
    """The window was touched, or changed, while the question was out."""
    REFUSED_GUARD = "refused_guard"
    REFUSED_LOCKED = "refused_locked"
    REFUSED_RAIN = "refused_rain"
    REFUSED_FAULT = "refused_fault"
    REFUSED_INVALID = "refused_invalid"
