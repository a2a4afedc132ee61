"""One simulated window: its room, its sash, its questions and its owner's hand, as rows of the record. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from random import Random

from custom_components.smart_window.decision.why import Why
from custom_components.smart_window.fallback import Air as Look, Because, advise
from custom_components.smart_window.recorder.rows import (
    ActionKind,
    ActionRow,
    AudioRow,
    CorrectionKind,
    CorrectionRow,
    DecisionRow,
    DeviceRow,
    HealthKind,
    HealthRow,
    HeardBy,
    HoldRow,
    HumidityRow,
    PredictionRow,
    Row,
    TemperatureRow,
    TraceStep,
)
from custom_components.smart_window.trigger import Cause
from simulator.room import Air, Room, RoomShape

from . import outdoors

HOLD_S = 7_200.0
_ASKED_EVERY_S = 600.0
_CLIP_EVERY_S = 300.0
_CHECKED_EVERY_S = 300.0
_TRAVEL_S = 18.0
_HUMIDITY_AFTER_S = 0.05
_LOUD_DBA = 48.0
_LEAST_MOVE = 8.0  # points: less is not worth the noise
_MIN_CONFIDENCE = 0.6
_DBA_TO_DBFS = -95.0  # of a microphone with 95 dB(A) at full scale
_CO2_OUTDOORS = 420.0


@dataclass(frozen=True, slots=True)
class Place:
    """Which window: `busy` is its street (0 … 1), `automatic` whether the model may move it.

    `loses` is the share of its readings that a weak Wi-Fi loses in the worst hour of the day.
    """

    device_id: str
    name: str
    area: str
    shape: RoomShape
    busy: float = 0.3
    automatic: bool = True
    silent_from_s: float | None = None  # its battery ends
    position: float = 20.0
    loses: float = 0.0


class Window:
    """A window's life, minute by minute. `start` is the Unix time of its first midnight."""

    def __init__(self, place: Place, start: float, random: Random) -> None:
        self.place = place
        self._start = start
        self._random = random
        self._room = Room(Air(22.0, 55.0), place.shape)
        self._co2 = 700.0
        self._position = place.position
        self._rev = 1
        self._session = f"{random.getrandbits(64):016x}"
        self._hold_until = 0.0
        self._hand_at: tuple[float, PredictionRow] | None = None
        self._asked_at = random.uniform(0, _ASKED_EVERY_S)
        self._heard = start
        self._read = (22.0, 55.0)
        self._clip_at: float | None = None

    @property
    def device_id(self) -> str:
        """Its id."""
        return self.place.device_id

    def registered(self) -> Iterator[DeviceRow]:
        """How it is configured: first one firmware, later another."""
        for at, version in ((0.0, "1.3.0"), (3.4 * outdoors.DAY_S, "1.4.1")):
            yield DeviceRow(
                ts=self._start + at,
                device_id=self.device_id,
                name=self.place.name,
                model="Smart Window",
                sw_version=version,
                area=self.place.area,
                capabilities=("position", "rain", "audio"),
                mode="automatic" if self.place.automatic else "advise",
                last_seen=self._start + at,
            )

    def minute(self, elapsed_s: float, model: str) -> Iterator[Row]:
        """What a minute brings, in the order in which it happens."""
        ts = self._start + elapsed_s
        outside = outdoors.air(elapsed_s)
        people = outdoors.is_night(elapsed_s) or self.place.area in {"Study", "Living room"}
        self._room.advance(60.0, self._position, outside, wind=2.5)
        self._air_out(people=people)
        if self.place.silent_from_s is not None and elapsed_s >= self.place.silent_from_s:
            yield from self._checked(ts, elapsed_s)
            return
        if self._random.random() >= self.place.loses * outdoors.neighbours(elapsed_s):
            self._heard = ts
            self._read = temperature, humidity = self._sensed()
            yield TemperatureRow(ts=ts, device_id=self.device_id, value=temperature)
            yield HumidityRow(ts=ts + _HUMIDITY_AFTER_S, device_id=self.device_id, value=humidity)
        noise = outdoors.street_dba(elapsed_s, self.place.busy) + self._random.gauss(0, 2)
        if elapsed_s % _CLIP_EVERY_S < 60.0:  # noqa: PLR2004  # a minute, as the step
            self._clip_at = ts + 1.0
            yield self._clip(self._clip_at, noise)
        if self._hand_at is not None and ts >= self._hand_at[0]:
            yield from self._hand(ts + 2.0, self._hand_at[1])
        if outdoors.rains(elapsed_s) and self._position > 0 and ts >= self._hold_until:
            yield from self._rain(ts + 3.0)
        if elapsed_s >= self._asked_at:
            self._asked_at = elapsed_s + _ASKED_EVERY_S + self._random.uniform(-90, 90)
            yield from self._ask(ts + 5.0, elapsed_s, model, noise)
        yield from self._checked(ts, elapsed_s)

    def _sensed(self) -> tuple[float, float]:
        air = self._room.air
        return (
            round(air.temperature + self._random.gauss(0, 0.04), 2),
            round(min(100.0, air.humidity + self._random.gauss(0, 0.3)), 1),
        )

    def _air_out(self, *, people: bool) -> None:
        """CO2 grows by who is there and leaves through the opening: one zone, as the room."""
        leaving = 1 - exp(-(0.3 + 6.0 * self._position / 100) / 60)
        self._co2 += (self._co2 - _CO2_OUTDOORS) * -leaving + (11.0 if people else 1.0)

    def _clip(self, ts: float, noise: float) -> AudioRow:
        level = noise + self._random.gauss(0, 3) + _DBA_TO_DBFS
        return AudioRow(
            ts=ts,
            device_id=self.device_id,
            heard_by=HeardBy.HOME,
            duration_s=3.0,
            sample_rate=16_000,
            level_dbfs=min(-3.0, level + (20.0 if self._random.random() < 0.02 else 0.0)),  # noqa: PLR2004  # a horn
        )

    def _ask(self, ts: float, elapsed_s: float, model: str, noise: float) -> Iterator[Row]:
        why = self._why(ts, elapsed_s)
        act = why is Why.READY
        temperature, humidity = self._read
        outside = outdoors.air(elapsed_s)
        question = f"{self._random.getrandbits(96):024x}"
        yield DecisionRow(
            ts=ts,
            device_id=self.device_id,
            why=why,
            ask=True,
            grant_act=act,
            grant_min=0.0,
            grant_max=0.0 if why is Why.RAIN else 100.0,
            grant_min_confidence=_MIN_CONFIDENCE,
            correlation_id=question,
            machines=act,
            position=self._position,
            temperature=temperature,
            humidity=humidity,
            hold_left_s=max(0.0, self._hold_until - ts) if why is Why.HELD else None,
            trace=(TraceStep(rule=why, outcome="pass" if act else "no_act", why=why),),
            mode="automatic" if self.place.automatic else "advise",
        )
        look = Look(
            indoor_temperature=temperature,
            indoor_humidity=humidity,
            outdoor_temperature=outside.temperature,
            outdoor_humidity=outside.humidity,
            running_mean=16.0,
            co2=self._co2,
            noise=noise,
            night=outdoors.is_night(elapsed_s),
        )
        answer = self._answer(ts, question, look, model, why)
        yield answer
        if act and answer.acted and answer.position is not None:
            yield from self._move(ts + 0.2, answer.position, "ml", question, answer)
            # A bold model errs: the less sure it was, the more often a hand follows.
            if answer.confidence is not None and self._random.random() > answer.confidence**0.6:
                self._hand_at = (ts + self._random.uniform(300, 2_400), answer)
        elif why is Why.MODE_ADVISE and answer.position is not None and self._random.random() < 0.03:  # noqa: PLR2004
            yield from self._hand(ts + 40.0, answer)

    def _why(self, ts: float, elapsed_s: float) -> Why:
        if not self.place.automatic:
            return Why.MODE_ADVISE
        if outdoors.rains(elapsed_s):
            return Why.RAIN
        if ts < self._hold_until:
            return Why.HELD
        if self._random.random() < 0.01:  # noqa: PLR2004  # now and then
            return Why.OSCILLATES
        return Why.READY

    def _answer(self, ts: float, question: str, look: Look, model: str, why: Why) -> PredictionRow:
        advice = advise(look)
        wanted = min(100.0, max(0.0, advice.position(self._position) + self._random.gauss(0, 4)))
        wanted = float(round(wanted / 5) * 5)
        confidence = min(0.99, max(0.2, self._random.betavariate(6, 2.2 if model.endswith("2") else 3)))
        latency = 38.0 * exp(self._random.gauss(0, 0.35)) + (400.0 if self._random.random() < 0.004 else 0.0)  # noqa: PLR2004
        lost = self._random.random() < 0.006  # noqa: PLR2004  # the service was busy, or starting
        moves = abs(wanted - self._position) >= _LEAST_MOVE
        reasons = ((advice.opens, advice.low), (advice.closes, advice.high - 100.0), (Because.COMFORTABLE, 4.0))
        return PredictionRow(
            ts=ts,
            device_id=self.device_id,
            correlation_id=question,
            position=None if lost else wanted,
            confidence=None if lost else confidence,
            reasons=tuple((str(code), round(effect, 1)) for code, effect in reasons if effect),
            model_version=None if lost else model,
            acted=not lost and why is Why.READY and confidence >= _MIN_CONFIDENCE and moves,
            error="no_answer" if lost else None,
            grant_act=why is Why.READY,
            grant_min=0.0,
            grant_max=100.0,
            grant_min_confidence=_MIN_CONFIDENCE,
            temperature=look.indoor_temperature,
            humidity=look.indoor_humidity,
            context={"co2": self._co2, "outdoor_temperature": look.outdoor_temperature or 0.0},
            timings_ms={} if lost else {"decode": 2.0, "features": 0.4 * latency, "model": 0.2 * latency},
            latency_ms=None if lost else latency,
            decision=why,
            temperature_ts=self._heard,
            humidity_ts=self._heard + _HUMIDITY_AFTER_S,
            audio_ts=self._clip_at,
            cause=Cause.SOUND if (look.noise or 0.0) > _LOUD_DBA else Cause.TEMPERATURE,
        )

    def _move(
        self, ts: float, to: float, source: str, command: str, answer: PredictionRow | None = None
    ) -> Iterator[ActionRow]:
        before, self._position = self._position, to
        self._rev += 1
        confidence = None if answer is None else answer.confidence
        yield ActionRow(
            ts=ts,
            device_id=self.device_id,
            kind=ActionKind.COMMAND,
            source=source,
            command_id=command,
            position_to=to,
            confidence=confidence,
            model_version=None if answer is None else answer.model_version,
            session=self._session,
            rev=self._rev,
        )
        yield ActionRow(
            ts=ts + 0.3, device_id=self.device_id, kind=ActionKind.RESULT, command_id=command, result="accepted"
        )
        yield ActionRow(
            ts=ts + 0.3 + _TRAVEL_S * abs(to - before) / 100,
            device_id=self.device_id,
            kind=ActionKind.MOVED,
            source=source,
            command_id=command,
            position_from=before,
            position_to=to,
            session=self._session,
            rev=self._rev,
        )

    def _rain(self, ts: float) -> Iterator[Row]:
        command = f"{self._random.getrandbits(96):024x}"
        yield DecisionRow(
            ts=ts,
            device_id=self.device_id,
            why=Why.RAIN,
            ask=True,
            grant_act=False,
            grant_min=0.0,
            grant_max=0.0,
            grant_min_confidence=_MIN_CONFIDENCE,
            machines=True,
            position=self._position,
            command_position=0.0,
            command_source="safety",
        )
        yield from self._move(ts + 0.1, 0.0, "safety", command)

    def _hand(self, ts: float, answer: PredictionRow) -> Iterator[Row]:
        """The owner thinks otherwise, or, where the model only advised, perhaps the same."""
        self._hand_at = None
        said = answer.position or 0.0
        if answer.acted:
            kind = CorrectionKind.UNDONE
        else:
            kind = CorrectionKind.AGREED if self._random.random() < 0.7 else CorrectionKind.REFUSED  # noqa: PLR2004
        away = self._random.choice((30, 45, 60))
        elsewhere = said - away if said >= away else min(100.0, said + away)
        wanted = said if kind is CorrectionKind.AGREED else elsewhere
        before, self._position = self._position, wanted
        self._rev += 1
        yield ActionRow(
            ts=ts,
            device_id=self.device_id,
            kind=ActionKind.HAND,
            source="user",
            position_from=before,
            position_to=wanted,
            session=self._session,
            rev=self._rev,
        )
        yield ActionRow(
            ts=ts + _TRAVEL_S / 2,
            device_id=self.device_id,
            kind=ActionKind.MOVED,
            source="user",
            position_from=before,
            position_to=wanted,
            session=self._session,
            rev=self._rev,
        )
        self._hold_until = ts + HOLD_S
        yield HoldRow(ts=ts, device_id=self.device_id, cause="window", ends=self._hold_until)
        yield CorrectionRow(
            ts=ts + 1.0,
            device_id=self.device_id,
            correlation_id=answer.correlation_id,
            position_model=said,
            position_owner=wanted,
            after_s=ts - answer.ts,
            confidence=answer.confidence,
            model_version=answer.model_version,
            learned=kind is not CorrectionKind.AGREED or None,
            kind=kind,
        )

    def _checked(self, ts: float, elapsed_s: float) -> Iterator[HealthRow]:
        if elapsed_s % _CHECKED_EVERY_S >= 60.0:  # noqa: PLR2004  # a minute, as the step
            return
        silent = ts - self._heard > 900.0  # noqa: PLR2004  # three heartbeats
        yield HealthRow(
            ts=ts + 9.0,
            device_id=self.device_id,
            kind=HealthKind.WINDOW,
            state="silent" if silent else "online",
            reasons=("no_message",) if silent else (),
            rssi_dbm=None if silent else -58.0 + self._random.gauss(0, 2),
            clock_drift_s=self._random.gauss(0, 0.2),
            last_seen=self._heard,
        )
