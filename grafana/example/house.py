"""The simulated house: six windows, a service, a broker and a database over eight days. Pure, always the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from custom_components.smart_window.contract import ErrorKind, MessageKind
from custom_components.smart_window.recorder.problem import Problem
from custom_components.smart_window.recorder.rows import HealthKind, HealthRow, ReplayRow, Row
from simulator.room import RoomShape

from .outdoors import DAY_S
from .window import Place, Window

START = 1_790_899_200.0  # 2026-10-02 00:00 UTC
DAYS = 8
_OUTAGE = (6.60, 6.64)  # in days: the database was away
_NEW_MODEL = 4.3  # in days
_KINDS = {
    MessageKind.TEMPERATURE: 1.0,
    MessageKind.HUMIDITY: 1.0,
    MessageKind.AUDIO: 0.2,
    MessageKind.STATE: 1.1,
    MessageKind.REQUEST: 0.1,
    MessageKind.RESPONSE: 0.1,
}

_BEDROOM = RoomShape(volume=38, window_area=0.9)
_KITCHEN = RoomShape(volume=30, window_area=0.7, heat=330, vapour=190)
_LIVING = RoomShape(volume=75, window_area=1.4, heat=420, vapour=130, heat_capacity=520_000, loss=26)
_BATH = RoomShape(volume=15, window_area=0.4, heat=110, vapour=150, heat_capacity=140_000, loss=9)
_ATTIC = RoomShape(volume=55, window_area=0.8, heat=260, vapour=40, loss=22)
_STUDY = RoomShape(volume=32, window_area=0.8, heat=160, vapour=55)


@dataclass(frozen=True, slots=True)
class House:
    """How long the record is. `seed` makes it another house."""

    days: float = DAYS
    seed: int = 7

    @property
    def start(self) -> float:
        """The first midnight, Unix seconds."""
        return START

    @property
    def end(self) -> float:
        """The last moment."""
        return START + self.days * DAY_S

    def rows(self) -> Iterator[Row]:
        """All rows, by the minute."""
        random = Random(self.seed)
        windows = [Window(place, START, random) for place in places(self.days)]
        for window in windows:
            yield from window.registered()
        for minute in range(int(self.days * 1440)):
            elapsed_s = minute * 60.0
            model = "2026.9.1" if elapsed_s < _NEW_MODEL * DAY_S else "2026.10.2"
            for window in windows:
                yield from window.minute(elapsed_s, model)
            yield from _parts(START + elapsed_s, elapsed_s, len(windows), random)
        yield from _replay(self, random)


def places(days: float = DAYS) -> tuple[Place, ...]:
    """The windows. The attic's battery ends two hours before the end."""
    return (
        Place("bedroom", "Bedroom", "Bedroom", _BEDROOM, busy=0.35),
        Place("living_room", "Living room", "Living room", _LIVING, busy=0.8),
        Place("kitchen", "Kitchen", "Kitchen", _KITCHEN, busy=0.5),
        Place("bathroom", "Bathroom", "Bathroom", _BATH, busy=0.1, loses=0.7),
        Place("attic", "Attic", "Attic", _ATTIC, busy=0.0, silent_from_s=days * DAY_S - 7_200, loses=0.35),
        Place("study", "Study", "Study", _STUDY, busy=0.6, automatic=False),
    )


def _parts(ts: float, elapsed_s: float, windows: int, random: Random) -> Iterator[HealthRow]:
    """What the integration says of itself and of the other machines each minute."""
    begin, end = (day * DAY_S for day in _OUTAGE)
    away = begin <= elapsed_s < end
    waiting = (elapsed_s - begin) / 60 * 26 if away else 0.0
    metrics = {
        f"messages_{kind}": float(max(0, round(windows * each + random.gauss(0, 0.4)))) for kind, each in _KINDS.items()
    }
    metrics |= {"queue_rows": float(random.randrange(2, 30)), "spool_rows": waiting, "spool_bytes": waiting * 9}
    for kind, share in ((ErrorKind.TYPE, 0.01), (ErrorKind.RANGE, 0.006), (ErrorKind.CRC, 0.02)):
        metrics[f"dropped_{kind}"] = float(random.random() < share)
    metrics |= {"no_answers": float(random.random() < 0.003), "answers_failed": 0.0}  # noqa: PLR2004  # a few a day
    metrics[f"errors_{Problem.UNREACHABLE}"] = float(away)
    yield HealthRow(ts=ts + 20, device_id="home", kind=HealthKind.HOME, state="ok", metrics=metrics)
    yield HealthRow(
        ts=ts + 21,
        device_id="database",
        kind=HealthKind.DATABASE,
        state=Problem.UNREACHABLE if away else "ok",
        latency_ms=None if away else 9 + random.expovariate(1 / 6),
    )
    yield HealthRow(
        ts=ts + 22,
        device_id="broker",
        kind=HealthKind.BROKER,
        state="online",
        latency_ms=1 + random.expovariate(1),
    )
    yield HealthRow(
        ts=ts + 23,
        device_id="inference",
        kind=HealthKind.SERVICE,
        state="ready",
        latency_ms=36 + random.expovariate(1 / 12),
    )


def _replay(house: House, random: Random) -> Iterator[ReplayRow]:
    """Sixty questions of the last two days, asked again at the end."""
    for number in range(60):
        then, now = float(random.randrange(0, 100, 5)), float(random.randrange(0, 100, 5))
        differs = random.random() < 0.25  # noqa: PLR2004  # a quarter
        yield ReplayRow(
            ts=house.end - (60 - number) * 2_000,
            device_id="bedroom",
            replay_id="since Thursday",
            replayed_at=house.end - 300,
            correlation_id=f"{random.getrandbits(96):024x}",
            position_then=then,
            position_now=now if differs else then,
            model_then="2026.9.1",
            model_now="2026.10.2",
            why_then="ready",
            why_now="ready",
            differs=differs,
        )
