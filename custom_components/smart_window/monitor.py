"""Watches how windows, broker, database, services and we ourselves fare: entities, rows once a minute, and repairs."""

from collections.abc import Callable, Mapping
from typing import Final

from homeassistant.core import CALLBACK_TYPE, callback

from .clock import Clock
from .command import Outbox
from .contract import Humidity, State, Status, Temperature
from .health import Health, HealthReason, HealthState, Vitals
from .inference_services import Services
from .issues import Issue, Issues
from .pulse import Answers, Deltas, Pulse, metrics
from .recorder.rows import HealthKind, HealthRow, Row
from .recording import Recording
from .roster import Roster
from .router import Router
from .station import Station
from .window import Changes, WindowMessage
from .wording import Wording

SILENT_S: Final = 3600.0
"""A window that is silent for less is nothing that its owner must see to."""
ROW_EVERY_S: Final = 300.0
"""A window whose health is as it was has a row this often."""

HEALTH_ISSUES: Final = {
    HealthState.SILENT: Issue.WINDOW_SILENT,
    HealthState.FAULTY: Issue.WINDOW_FAULTY,
    HealthState.STUCK: Issue.WINDOW_STUCK,
}
_PASSING: Final = frozenset({HealthReason.JUMP_TEMPERATURE, HealthReason.JUMP_HUMIDITY})
"""Alone they go by themselves."""


class _Patient:
    """One window, watched."""

    def __init__(self) -> None:
        self.vitals = Vitals()
        self.since = float("-inf")
        self.row_at = float("-inf")


class Monitor:
    """Never in the way: it hears what was heard already, and looks once a minute."""

    def __init__(
        self,
        clock: Clock,
        roster: Roster,
        router: Router,
        outbox: Outbox,
        services: Services,
        issues: Issues,
        wording: Wording,
        recording: Callable[[], Recording],
    ) -> None:
        self._clock = clock
        self._roster = roster
        self._router = router
        self._outbox = outbox
        self._services = services
        self._issues = issues
        self._wording = wording
        self._recording = recording
        self._patients: dict[str, _Patient] = {}
        self._answers = Answers()
        self._deltas = Deltas()
        self._no_answers = 0.0
        self._pulsed_at: float | None = None
        self._listeners: set[CALLBACK_TYPE] = set()
        self.pulse = Pulse()
        """What the hub's entities show."""

    @callback
    def listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call the listener after each new pulse; the return value ends that."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def heard(self, station: Station, message: WindowMessage, changes: Changes, now: float, wall: float) -> None:
        """A live message came, and was applied. What others said says nothing of the window."""
        window = station.window
        if window.last_seen is None:
            return
        vitals = self._patient(station.device_id).vitals
        match message:
            case Temperature(value, ts):
                vitals.heard(now, wall, ts)
                vitals.reading("temperature", value, now)
            case Humidity(value, ts):
                vitals.heard(now, wall, ts)
                vitals.reading("humidity", value, now)
            case State():
                vitals.heard(now, wall, message.ts)
                vitals.state(message, now)
            case _ if changes.level and window.level is not None:
                vitals.heard(now, wall)
                vitals.reading("sound", window.level.value, now)
            case _:
                pass

    @callback
    def saw(self, row: Row) -> None:
        """A row is on its way to the record."""
        self._answers.see(row)

    @callback
    def connection(self, *, connected: bool) -> None:
        """MQTT came or went: while it was away nobody could be heard."""
        if not connected:
            for patient in self._patients.values():
                patient.vitals.forget()

    @callback
    def forget(self, device_id: str) -> None:
        """The window is gone."""
        self._patients.pop(device_id, None)

    @callback
    def look(self, station: Station) -> None:
        """Once a minute: how a window fares."""
        if not self._outbox.connected:
            return
        patient, now = self._patient(station.device_id), self._clock.now()
        health = patient.vitals.look(now, available=station.window.availability)
        before, station.health = station.health, health
        turned = before is None or (before.state, before.reasons) != (health.state, health.reasons)
        if before is None or before.state is not health.state:
            patient.since = now
        self._tell(station, health, lasted_s=now - patient.since)
        if turned or now - patient.row_at >= ROW_EVERY_S:
            patient.row_at = now
            self._recording().put(self._row_of(station, health, patient.vitals))
        if turned:
            station.tell()

    @callback
    def beat(self) -> None:
        """Once a minute: how all the rest fares."""
        wall, now = self._clock.wall(), self._clock.now()
        counts, inference_ms = self._answers.take()
        self._no_answers += counts["no_answers"] + counts["answers_failed"]
        put = self._recording().put
        broker_ms = self._outbox.acknowledged_ms
        state = "online" if self._outbox.connected else "offline"
        put(HealthRow(ts=wall, device_id="broker", kind=HealthKind.BROKER, state=state, latency_ms=broker_ms))
        for name, said in self._services.instances.items():
            told = str(said.state) if isinstance(said, Status) else "other_contract"
            counted = {} if not isinstance(said, Status) else {**said.counters}
            if isinstance(said, Status) and said.shadow is not None:
                counted |= said.shadow.counts
            grown = self._grown(f"service.{name}.", counted)
            put(
                HealthRow(
                    ts=wall,
                    device_id=name,
                    kind=HealthKind.SERVICE,
                    state=told,
                    latency_ms=inference_ms,
                    metrics=metrics("", grown),
                )
            )
        taken = {str(kind): count for kind, count in self._router.taken.items()}
        dropped = {str(kind): count for kind, count in self._router.dropped.items()}
        home = metrics("messages_", self._grown("taken.", taken))
        messages = sum(home.values())
        home |= metrics("dropped_", self._grown("dropped.", dropped))
        home |= counts | self._of_recording(wall)
        home["windows"] = len(self._roster.shown)
        home["windows_online"] = sum(station.online for station in self._roster.shown)
        put(HealthRow(ts=wall, device_id="home", kind=HealthKind.HOME, state="ok", metrics=home))
        passed_s = 60.0 if self._pulsed_at is None else max(1.0, now - self._pulsed_at)
        self._pulsed_at = now
        self._show(messages * 60 / passed_s, inference_ms)

    def _of_recording(self, wall: float) -> dict[str, float]:
        """The database's row, and what the recorder counted."""
        recorder = self._recording().recorder
        if recorder is None:
            return {}
        counts = recorder.counts
        self._recording().put(
            HealthRow(
                ts=wall,
                device_id="database",
                kind=HealthKind.DATABASE,
                state=recorder.problem or "ok",
                latency_ms=counts.insert_ms,
            )
        )
        grown = {
            "rows_stored": counts.stored,
            "rows_spooled": counts.spooled,
            "rows_lost": self._recording().lost,
            "values_nulled": counts.nulled,
        }
        found = metrics("", self._grown("recorder.", grown))
        found |= metrics("errors_", self._grown("errors.", counts.errors))
        if counts.insert_ms is not None:
            found["insert_ms"] = counts.insert_ms
        return found | {
            "queue_rows": recorder.waiting - recorder.spool_rows,
            "spool_rows": recorder.spool_rows,
            "spool_bytes": recorder.spool_bytes,
        }

    def _show(self, messages_per_minute: float, inference_ms: float | None) -> None:
        recorder, view = self._recording().recorder, self._services.view
        dropped = sum(self._router.dropped.values())
        failed = 0 if recorder is None else recorder.counts.failures + recorder.counts.nulled
        now = Pulse(
            messages_per_minute=messages_per_minute,
            inference_ms=inference_ms,
            broker_ms=self._outbox.acknowledged_ms,
            database="off" if recorder is None else str(recorder.problem or "ok"),
            database_ms=None if recorder is None else recorder.counts.insert_ms,
            waiting_rows=None if recorder is None else recorder.waiting,
            spool_mb=None if recorder is None else recorder.spool_bytes / 1e6,
            errors=dropped + failed + self._no_answers + self._recording().lost,
            service=None if view.state is None else str(view.state),
            service_version=view.model_version,
        )
        shown, self.pulse = self.pulse, now.told_anew(self.pulse)
        if shown != self.pulse:
            for listener in tuple(self._listeners):
                listener()

    def _tell(self, station: Station, health: Health, *, lasted_s: float) -> None:
        """One repair at a time, where the owner must act."""
        serious = set(health.reasons) - _PASSING
        wanted = HEALTH_ISSUES.get(health.state)
        if not serious or (wanted is Issue.WINDOW_SILENT and lasted_s < SILENT_S):
            wanted = None
        templates = self._wording.templates
        reasons = ", ".join(templates.get(f"health_{reason}", reason) for reason in health.reasons)
        for issue in HEALTH_ISSUES.values():
            words = {"name": station.name, "reasons": reasons}
            self._issues.put(issue, station.device_id, words, holds=issue is wanted)

    def _row_of(self, station: Station, health: Health, vitals: Vitals) -> HealthRow:
        messages, vitals.messages = vitals.messages, 0
        return HealthRow(
            ts=self._clock.wall(),
            device_id=station.device_id,
            kind=HealthKind.WINDOW,
            state=health.state,
            reasons=health.reasons,
            rssi_dbm=health.rssi_dbm,
            clock_drift_s=health.clock_drift_s,
            last_seen=station.window.last_seen,
            metrics={"messages": float(messages)},
        )

    def _grown(self, prefix: str, totals: Mapping[str, float]) -> dict[str, float]:
        return {str(name): self._deltas.since_last(f"{prefix}{name}", total) for name, total in totals.items()}

    def _patient(self, device_id: str) -> _Patient:
        patient = self._patients.get(device_id)
        if patient is None:
            patient = self._patients[device_id] = _Patient()
        return patient
