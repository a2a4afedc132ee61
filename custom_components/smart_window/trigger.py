"""When a change is worth a question. Pure.

A trigger stands from a significant change until an answer ends it. It outlives a question that was lost, and one that
the window refused as stale or by its guard: then it asks again, when that makes sense.
"""

from dataclasses import dataclass
from enum import StrEnum, unique

from .settings import HubSettings

type Fence = tuple[str, int]
"""(session, rev) of a window's state."""

LONGEST_PAUSE_S = 600.0
"""The back-off ends here while the service is absent."""
SHORTEST_BACK_OFF_S = 5.0
STALE_AT_ONCE = 3
"""So many stale answers in a row are asked again without a pause; each had a change of the window behind it."""
GUARD_TIME_S = 2.0
"""So long a question waits for the state that follows a new guard."""


@unique
class Cause(StrEnum):
    """Why a question is asked."""

    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    SOUND = "sound"
    CLIP = "clip"
    HEARTBEAT = "heartbeat"
    OWNER = "owner"
    """Nothing changed: a person wants to know."""


@dataclass(frozen=True, slots=True)
class Values:
    """What a question is about: °C, %, dBFS, and how many clips were heard so far. None: nothing heard."""

    temperature: float | None = None
    humidity: float | None = None
    level: float | None = None
    clips: int = 0


def significant(values: Values, answered: Values, settings: HubSettings) -> Cause | None:
    """The first difference from the answered values that is worth a question, or None."""
    if values.clips != answered.clips and settings.every_clip:
        return Cause.CLIP
    if _differs(values.temperature, answered.temperature, settings.temperature_change):
        return Cause.TEMPERATURE
    if _differs(values.humidity, answered.humidity, settings.humidity_change):
        return Cause.HUMIDITY
    if _differs(values.level, answered.level, settings.sound_change):
        return Cause.SOUND
    return None


def _differs(value: float | None, answered: float | None, change: float) -> bool:
    # The margin keeps a step of exactly the threshold, such as 21.3 to 21.8, from being lost to rounding.
    return value is not None and (answered is None or abs(value - answered) >= change - 1e-9)


class Trigger:
    """One window's trigger."""

    def __init__(self) -> None:
        self.cause: Cause | None = None
        """Why it stands; None: it does not."""
        self._answered = Values()
        self._asked_at: float | None = None
        self._not_before = float("-inf")
        self._spaced_until = float("-inf")
        self._failures = 0
        self._stale = 0
        self._refused_fence: Fence | None = None
        self._refused_until = float("-inf")

    def notice(self, values: Values, settings: HubSettings) -> None:
        """A reading or a clip came."""
        cause = significant(values, self._answered, settings)
        self.cause = self.cause or cause

    def forget(self) -> None:
        """After a disconnection: it stands no more, and comfort waits for a new reading."""
        self.cause = None
        self._asked_at = None
        self._refused_fence = None

    def forget_answers(self) -> None:
        """The rules changed: the next reading is worth a question, whatever was answered before."""
        self._answered = Values()
        self._refused_fence = None

    def service_returned(self) -> None:
        """A service says that it is ready: what was lost needs no longer wait for the back-off."""
        if self._failures:
            self._failures = 0
            self._not_before = self._spaced_until

    def await_state(self, fence: Fence | None, now: float) -> None:
        """A guard with another content left: a question before the state that follows it would be stale."""
        self._refused_fence, self._refused_until = fence, now + GUARD_TIME_S

    def asked(self, cause: Cause, now: float, settings: HubSettings) -> None:
        """A question left. The trigger stands until its answer, a heartbeat's too."""
        self.cause = cause
        self._asked_at = now
        self._not_before = self._spaced_until = now + settings.min_interval_s

    def answered(self, asked: Values, values: Values, settings: HubSettings) -> None:
        """The question had its answer, which stands for `asked`; what came since may be worth the next one."""
        self._failures = self._stale = 0
        self._answered = asked
        self.cause = significant(values, asked, settings)

    def failed(self, asked: Values, values: Values, now: float, settings: HubSettings) -> None:
        """The service could not answer. The trigger ends; the next reading may ask again, after a pause that grows."""
        self._back_off(now, settings)
        self.cause = significant(values, asked, settings)

    def lost(self, now: float, settings: HubSettings) -> None:
        """Nothing came in time. The trigger stands and asks again after a pause that grows."""
        self._back_off(now, settings)

    def stale(self, fence: Fence | None) -> None:
        """The window had changed. The trigger asks again with the state that follows, else after the usual pause."""
        self._failures = 0
        self._stale += 1
        self._refused_fence = fence
        self._refused_until = self._not_before
        if self._stale <= STALE_AT_ONCE:
            self._not_before = float("-inf")

    def refused(self, fence: Fence | None, now: float, settings: HubSettings) -> None:
        """The guard or a lock forbade it. The trigger asks again when the state shows that something changed.

        Each change of the guard gives the window's state another `rev`, so this waits for no clock but the heartbeat.
        """
        self._failures = self._stale = 0
        self._refused_fence, self._refused_until = fence, now + settings.heartbeat_s

    def due(self, fence: Fence | None, now: float, settings: HubSettings) -> Cause | None:
        """Why to ask now, or None. `fence` is the window's present one."""
        cause = self.cause
        if cause is None and self._asked_at is not None and now >= self._asked_at + settings.heartbeat_s:
            cause = Cause.HEARTBEAT
        waits = self._refused_fence is not None and self._refused_fence == fence and now < self._refused_until
        return None if waits or now < self._not_before else cause

    def wake_at(self, fence: Fence | None, settings: HubSettings) -> float | None:
        """When `due` may give something without a message; None: not by time alone."""
        beat = None if self._asked_at is None else self._asked_at + settings.heartbeat_s
        if self.cause is None:
            return beat
        waits = self._refused_fence is not None and self._refused_fence == fence
        return max(self._not_before, self._refused_until) if waits else self._not_before

    def _back_off(self, now: float, settings: HubSettings) -> None:
        self._failures += 1
        pause = max(settings.min_interval_s, SHORTEST_BACK_OFF_S) * 2.0 ** min(self._failures - 1, 10)
        self._not_before = now + min(pause, max(LONGEST_PAUSE_S, settings.min_interval_s))
