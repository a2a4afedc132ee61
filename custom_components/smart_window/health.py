"""How a window fares, by what it says and when: online, silent, stuck or faulty, with reasons. Pure.

No decision about a move rests on it. It is there for the owner, who has to look at a device that is broken.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum, unique
from statistics import median
from typing import Final

from .contract import Operation, State
from .presence import HEARTBEAT_S


@unique
class HealthState(StrEnum):
    """The closed set, from well to worst."""

    ONLINE = "online"
    STUCK = "stuck"
    """It talks, and something that it says never changes."""
    FAULTY = "faulty"
    """It talks, and something that it says or does cannot be right."""
    SILENT = "silent"


@unique
class HealthReason(StrEnum):
    """Why it is not simply online."""

    NO_MESSAGE = "no_message"
    """Nothing came for several of its usual intervals."""
    OFFLINE = "offline"
    """The broker says that it is gone."""
    FAULT = "fault"
    """By its own word."""
    MOTOR = "motor"
    """It stood still short of its target, again and again, or moved without end."""
    NO_TEMPERATURE = "no_temperature"
    """This sensor used to report, and does not, while the window does."""
    NO_HUMIDITY = "no_humidity"
    JUMP_TEMPERATURE = "jump_temperature"
    """It changed faster than a room can."""
    JUMP_HUMIDITY = "jump_humidity"
    FROZEN_TEMPERATURE = "frozen_temperature"
    """It has been exactly the same for hours."""
    FROZEN_HUMIDITY = "frozen_humidity"
    FROZEN_SOUND = "frozen_sound"
    CLOCK_DRIFT = "clock_drift"
    """Its clock is off. No decision rests on it; its times are wrong."""
    WEAK_SIGNAL = "weak_signal"


_SILENT: Final = frozenset({HealthReason.NO_MESSAGE, HealthReason.OFFLINE})
_STUCK: Final = frozenset({HealthReason.FROZEN_TEMPERATURE, HealthReason.FROZEN_HUMIDITY, HealthReason.FROZEN_SOUND})
_NOTES: Final = frozenset({HealthReason.CLOCK_DRIFT, HealthReason.WEAK_SIGNAL})
"""Worth a reason, and no other state."""

INTERVALS: Final = 5.0
"""So many usual intervals without a message are silence."""
SHORTEST_SILENCE_S: Final = 3 * HEARTBEAT_S
SENSOR_GONE_S: Final = 900.0
SENSOR_INTERVALS: Final = 4.0
"""So many of its longest intervals a sensor may be late."""
FROZEN_S: Final = 12 * 3600.0
FROZEN_READINGS: Final = 60
JUMP_WITHIN_S: Final = 60.0
JUMP_STANDS_S: Final = 3600.0
JUMP: Final = {"temperature": 10.0, "humidity": 40.0}
"""K and points of relative humidity within a minute: a sensor in a room has more inertia than that."""
SHORT: Final = 3.0
"""Points of position that a window may be off its target when it stands still."""
SHORT_MOVES: Final = 2
LONGEST_MOVE_S: Final = 180.0
DRIFT_S: Final = 60.0
DRIFTS: Final = 5
WEAK_DBM: Final = -85.0
_GAPS: Final = 16
_REGULAR: Final = 8
"""Gaps that must have been seen before a sensor can be missed."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a window fares now. `clock_drift_s`: so far its clock is ahead of ours."""

    state: HealthState = HealthState.ONLINE
    reasons: tuple[HealthReason, ...] = ()
    rssi_dbm: float | None = None
    clock_drift_s: float | None = None


@dataclass(slots=True)
class _Series:
    """One kind of reading."""

    value: float | None = None
    at: float = 0.0
    same_since: float = 0.0
    same: int = 0
    jumped_at: float | None = None
    gaps: deque[float] = field(default_factory=lambda: deque(maxlen=_GAPS))

    def take(self, value: float, now: float, jump: float | None) -> None:
        """A reading came."""
        if self.value is not None:
            gap = now - self.at
            self.gaps.append(gap)
            if jump is not None and gap <= JUMP_WITHIN_S and abs(value - self.value) > jump:
                self.jumped_at = now
        if value == self.value:
            self.same += 1
        else:
            self.same, self.same_since = 1, now
        self.value, self.at = value, now

    def frozen(self, now: float) -> bool:
        """The same for hours, over many readings."""
        return self.same >= FROZEN_READINGS and now - self.same_since >= FROZEN_S

    def jumped(self, now: float) -> bool:
        """It jumped a while ago."""
        return self.jumped_at is not None and now - self.jumped_at < JUMP_STANDS_S

    def missed(self, now: float) -> bool:
        """It used to come more often."""
        if len(self.gaps) < _REGULAR:
            return False
        return now - self.at > max(SENSOR_GONE_S, SENSOR_INTERVALS * max(self.gaps))


class Vitals:
    """What is watched of one window. Times are monotonic seconds but `wall` and `ts`, which are Unix seconds."""

    def __init__(self) -> None:
        self._heard_at: float | None = None
        self._gaps: deque[float] = deque(maxlen=_GAPS)
        self._series = {name: _Series() for name in ("temperature", "humidity", "sound")}
        self._drifts: deque[float] = deque(maxlen=DRIFTS)
        self._rssi: float | None = None
        self._fault = False
        self._moving_since: float | None = None
        self._bound_for: float | None = None
        self._short = 0
        self.messages = 0
        """Since `messages` was set to 0 last."""

    def heard(self, now: float, wall: float, ts: float | None = None) -> None:
        """A live message of the window's own came; `ts` is when it was sent by the window's clock."""
        if self._heard_at is not None:
            self._gaps.append(now - self._heard_at)
        self._heard_at = now
        self.messages += 1
        if ts is not None:
            self._drifts.append(ts - wall)

    def reading(self, kind: str, value: float, now: float) -> None:
        """A live reading: temperature (°C), humidity (%) or sound (dB)."""
        self._series[kind].take(value, now, JUMP.get(kind))

    def state(self, state: State, now: float) -> None:
        """A live state."""
        self._rssi = state.rssi
        self._fault = state.fault is not None
        if state.operation is not Operation.IDLE:
            if self._moving_since is None or state.target != self._bound_for:
                self._moving_since, self._bound_for = now, state.target
            return
        if self._moving_since is None:
            return
        # Whoever stopped it, or what came in between, set another target: only standing short of one's own is a fault.
        excused = state.obstacle or state.rain or self._fault or state.target != self._bound_for
        self._moving_since = None
        if excused or state.target is None or state.position is None:
            return
        self._short = self._short + 1 if abs(state.position - state.target) > SHORT else 0

    def forget(self) -> None:
        """MQTT was away: nobody's silence counts."""
        self._heard_at = self._moving_since = None
        self._gaps.clear()
        for series in self._series.values():
            series.at = float("inf")
            series.gaps.clear()

    def look(self, now: float, *, available: bool | None) -> Health:
        """How it fares now. `available`: its availability topic; None: it never said."""
        reasons = tuple(reason for reason in HealthReason if self._holds(reason, now, available=available))
        drift = median(self._drifts) if len(self._drifts) == DRIFTS else None
        return Health(_worst(reasons), reasons, self._rssi, drift)

    def _holds(self, reason: HealthReason, now: float, *, available: bool | None) -> bool:
        series = self._series
        match reason:
            case HealthReason.NO_MESSAGE | HealthReason.OFFLINE:
                return self._is_silent(now) if reason is HealthReason.NO_MESSAGE else available is False
            case HealthReason.FAULT | HealthReason.MOTOR:
                endless = self._moving_since is not None and now - self._moving_since > LONGEST_MOVE_S
                return self._fault if reason is HealthReason.FAULT else self._short >= SHORT_MOVES or endless
            case HealthReason.NO_TEMPERATURE | HealthReason.NO_HUMIDITY:
                return not self._is_silent(now) and series[reason.removeprefix("no_")].missed(now)
            case HealthReason.JUMP_TEMPERATURE | HealthReason.JUMP_HUMIDITY:
                return series[reason.removeprefix("jump_")].jumped(now)
            case HealthReason.FROZEN_TEMPERATURE | HealthReason.FROZEN_HUMIDITY | HealthReason.FROZEN_SOUND:
                return series[reason.removeprefix("frozen_")].frozen(now)
            case HealthReason.CLOCK_DRIFT:
                return len(self._drifts) == DRIFTS and abs(median(self._drifts)) > DRIFT_S
            case _:  # HealthReason.WEAK_SIGNAL
                return self._rssi is not None and self._rssi < WEAK_DBM

    def _is_silent(self, now: float) -> bool:
        if self._heard_at is None:
            return False
        usual = median(self._gaps) if self._gaps else 0.0
        return now - self._heard_at > max(SHORTEST_SILENCE_S, INTERVALS * usual)


def _worst(reasons: tuple[HealthReason, ...]) -> HealthState:
    found = frozenset(reasons)
    if found & _SILENT:
        return HealthState.SILENT
    if found - _STUCK - _NOTES:
        return HealthState.FAULTY
    return HealthState.STUCK if found & _STUCK else HealthState.ONLINE
