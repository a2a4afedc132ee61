"""Whether a window is there: its own word, when it was last heard, and what came since MQTT was connected. Pure."""

from .settings import HubSettings

HEARTBEAT_S = 60.0
"""A window sends its state at least this often (contract)."""
SILENT_AFTER_S = 3 * HEARTBEAT_S
GUARD_ARRIVES_S = 2.0
"""So long another hub's retained guard is awaited after the first state, or the settling time if that is less."""


class Presence:
    """One window's presence. Times are monotonic, but `last_seen`."""

    def __init__(self) -> None:
        self.availability: bool | None = None
        """Its own word; None: it never said."""
        self.last_seen: float | None = None
        """Unix seconds of the last live (not retained) message."""
        self._message_at: float | None = None
        self._state_at: float | None = None
        self._live_at: float | None = None
        self._guard_seen = False
        self._was_online = False
        self._silent_since: float | None = None

    def heard(self, now: float, wall: float, *, retained: bool) -> None:
        """A message of the window's own came."""
        self._message_at = now
        if not retained:
            self.last_seen = wall

    def state_heard(self, now: float, *, retained: bool) -> bool:
        """A state came; True for the first live one."""
        self._state_at = now if self._state_at is None else self._state_at
        if retained or self._live_at is not None:
            return False
        self._live_at = now
        return True

    def guard_heard(self) -> None:
        """A guard came, whoever wrote it."""
        self._guard_seen = True

    def forget(self) -> None:
        """MQTT is gone, or the window wants to be forgotten: nothing was heard of it."""
        self._message_at = self._state_at = self._live_at = None
        self._guard_seen = self._was_online = False

    def online(self, now: float, settings: HubSettings) -> bool:
        """Available, and heard within three heartbeats.

        A window without a state has no heartbeat: it is silent when its readings are too old to be used.
        """
        if self.availability is False or self._message_at is None:
            return False
        return now - self._message_at < self._silent_after_s(settings)

    def turned(self, now: float, settings: HubSettings) -> bool:
        """True when it came online or went offline since the last call."""
        before, self._was_online = self._was_online, self.online(now, settings)
        if self._was_online:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = now
        return before != self._was_online

    def gone(self, now: float, settings: HubSettings) -> bool:
        """Offline for longer than a restart takes, or by its own word."""
        since = self._silent_since
        return since is not None and now - since >= settings.settle_s and not self.online(now, settings)

    def settle_left_s(self, now: float, settings: HubSettings, inputs_at: float | None = None) -> float | None:
        """Until something may act; None: no live state came yet. `inputs_at`: when the other inputs were there."""
        settled_at = self._settled_at(settings, inputs_at)
        return None if settled_at is None else max(0.0, settled_at - now)

    def guard_known(self, now: float, settings: HubSettings) -> bool:
        """Another hub's retained guard would have come by now."""
        due = self._guard_due_at(settings)
        return self._guard_seen or (due is not None and now >= due)

    def moments(self, settings: HubSettings, inputs_at: float | None = None) -> tuple[float | None, ...]:
        """When time alone changes one of the above."""
        return (
            None if self._message_at is None else self._message_at + self._silent_after_s(settings),
            self._settled_at(settings, inputs_at),
            self._guard_due_at(settings),
            None if self._silent_since is None else self._silent_since + settings.settle_s,
        )

    def _silent_after_s(self, settings: HubSettings) -> float:
        return SILENT_AFTER_S if self._state_at is not None else max(SILENT_AFTER_S, settings.reading_valid_s)

    def _settled_at(self, settings: HubSettings, inputs_at: float | None) -> float | None:
        if self._live_at is None:
            return None
        return settings.settle_s + (self._live_at if inputs_at is None else max(self._live_at, inputs_at))

    def _guard_due_at(self, settings: HubSettings) -> float | None:
        return None if self._state_at is None else self._state_at + min(GUARD_ARRIVES_S, settings.settle_s)
