"""Readings for the benchmarks: (Unix seconds, device, °C), the same at each run."""

import itertools
import math
from collections.abc import Iterator
from random import Random

type Reading = tuple[float, str, float]

START = 1_790_000_000.0
_DEVICES = tuple(f"window_{number:02}" for number in range(50))
_EACH_S = 2.0
_JITTER_S = 0.2
_DAY_S = 86_400.0


def house(count: int) -> Iterator[Reading]:
    """Readings of 50 windows, one each 2 s with jitter, to 0.01 °C: a day's swing, a slow walk, the sensor's noise."""
    random = Random(1)
    walks = [random.gauss(0, 1) for _ in _DEVICES]
    for number in range(count):
        turn, which = divmod(number, len(_DEVICES))
        ts = START + turn * _EACH_S + which * 0.013 + random.uniform(0, _JITTER_S)
        walks[which] += random.gauss(0, 0.002)
        swing = 3 * math.sin(2 * math.pi * ts / _DAY_S)
        yield ts, _DEVICES[which], round(21 + swing + walks[which] + random.gauss(0, 0.05), 2)


def plain(first: int) -> Iterator[Reading]:
    """Readings without end, cheap to make: no two of one window at the same time."""
    for number in itertools.count(first):
        yield START + number * 0.001, _DEVICES[number % len(_DEVICES)], 20 + number % 997 / 100
