"""Which fault strikes when: a seed gives the whole of it. Pure."""

from dataclasses import dataclass
from enum import StrEnum, unique
from random import Random


@unique
class Fault(StrEnum):
    """What goes wrong."""

    BROKER_KILLED = "the broker is killed"
    SERVICE_KILLED = "the service is killed with a question"
    CLICKHOUSE_KILLED = "ClickHouse is killed"
    DISK_FULL = "the disk is full while ClickHouse and the service are killed"
    HOME_KILLED = "Home Assistant is killed"
    HOME_RESTARTED = "Home Assistant is restarted"
    CLOCK_JUMPED = "Home Assistant's clock jumps by five hours, and back"
    WINDOW_LEFT = "a window drops off"
    POWER_CUT = "a window's power is cut"
    DOUBLED = "messages come twice"
    REORDERED = "messages come again in another order"
    DELAYED = "messages come again, long after they were sent"
    TRUNCATED = "messages come cut short"
    FLOOD = "a window sends ten times as much"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A fault, once so many messages have passed; `window` is the one that it strikes, where it strikes one."""

    after: int
    fault: Fault
    window: int


def schedule(seed: int, messages: int, rounds: int, windows: int) -> tuple[Stroke, ...]:
    """Return each fault `rounds` times, in an order and at times that the seed gives, the last early enough to heal."""
    random = Random(seed)
    faults: list[Fault] = []
    for _ in range(rounds):
        faults += random.sample(list(Fault), len(Fault))
    step = messages / (len(faults) + 1)
    return tuple(
        Stroke(round(step * (place + random.uniform(0.5, 1.0))), fault, random.randrange(windows))
        for place, fault in enumerate(faults)
    )
