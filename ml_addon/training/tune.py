"""The rival, made as good as it can be: the plain rule's thresholds, searched on the training climates.

A cross-entropy search: draw sets of thresholds, play each on the same rooms and weather, draw anew around the best.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from . import rule
from .cost import Taste
from .rooms import draw_rooms
from .weather import Weather
from .world import DECISIONS_PER_DAY, World, four_seasons

# What is searched, and within what.
RANGES: dict[str, tuple[float, float]] = {
    "above_comfort": (0.0, 4.0),
    "below_comfort": (1.0, 6.0),
    "warm_full": (0.5, 6.0),
    "cooler_outside": (0.0, 3.0),
    "co2_begin": (600.0, 1400.0),
    "co2_full": (900.0, 4000.0),
    "humidity_begin": (40.0, 75.0),
    "humidity_full": (60.0, 100.0),
    "drier_outside": (0.0, 4.0),
    "noise_day": (35.0, 75.0),
    "noise_night": (30.0, 70.0),
    "noise_range": (2.0, 30.0),
    "noise_position": (0.0, 40.0),
    "tilt": (0.0, 60.0),
}
_NARROWEST = 1.0  # of a share's two ends


@dataclass(frozen=True, slots=True)
class TuneSettings:
    """How long it is searched: `trials` sets at once, `rounds` times, on `rooms` rooms over `days` days per season."""

    trials: int = 48
    rounds: int = 12
    rooms: int = 128
    days: int = 5
    keep: float = 0.2
    seed: int = 7


@torch.inference_mode()
def tune(
    weather: Weather, before: dict[str, float], settings: TuneSettings, progress: Callable[[str], None]
) -> dict[str, float]:
    """Return all thresholds, the searched ones at their best."""
    generator = torch.Generator().manual_seed(settings.seed)
    low, high = (torch.tensor([ends[k] for ends in RANGES.values()]) for k in (0, 1))
    middle = torch.tensor([before[name] for name in RANGES])
    spread = (high - low) / 4
    best, best_cost = middle, float("inf")
    for round_ in range(settings.rounds):
        drawn = middle + spread * torch.randn(settings.trials, len(RANGES), generator=generator)
        drawn = torch.minimum(torch.maximum(drawn, low), high)
        drawn[0] = best
        cost = _play(weather, before, drawn, settings)
        order = cost.argsort()
        elite = drawn[order[: max(2, int(settings.keep * settings.trials))]]
        middle = elite.mean(0)
        spread = 0.7 * elite.std(0) + 0.3 * spread
        if cost[order[0]] < best_cost:
            best, best_cost = drawn[order[0]].clone(), cost[order[0]].item()
        progress(f"rule: round {round_ + 1} of {settings.rounds}: {best_cost:.4f} points per hour")
    return before | dict(zip(RANGES, best.tolist(), strict=True))


def _play(weather: Weather, before: dict[str, float], drawn: Tensor, settings: TuneSettings) -> Tensor:
    """(trials,): the mean cost of each set."""
    trials, n = len(drawn), settings.rooms
    generator = torch.Generator().manual_seed(settings.seed + 1)
    rooms = draw_rooms(n, len(weather.names), generator).repeat(trials)
    world = World(rooms, Taste.usual(n * trials), weather, generator, four_seasons(n).repeat(trials), trials)
    thresholds = {name: torch.tensor(value) for name, value in before.items()}
    for k, name in enumerate(RANGES):
        thresholds[name] = drawn[:, k].repeat_interleave(n)
    for begin, full in (("co2_begin", "co2_full"), ("humidity_begin", "humidity_full")):
        thresholds[full] = torch.maximum(thresholds[full], thresholds[begin] + _NARROWEST)
    total = torch.zeros(n * trials)
    for _ in range(settings.days * DECISIONS_PER_DAY):
        seen = world.look()
        share = rule.drive(seen, thresholds) * (1 - seen.wet)
        total = total + sum(world.advance((share * 20).round() / 20).values())
    return total.view(trials, n).mean(1) / (settings.days * 24)
