"""How long one decision takes, with its trace, all rules configured: us_per_decision.

Prints one JSON object: us_per_decision (the median of blocks, snapshots taken apart), us_per_turn (from the window's
state: snapshot and decision together), rules, decisions.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from statistics import median

from custom_components.smart_window.contract import Context, Guard, Lock, Operation, ServiceState, State, Temperature
from custom_components.smart_window.decision import Decision, Snapshot, decide
from custom_components.smart_window.decision.rules import RULES
from custom_components.smart_window.inference_services import ServiceView
from custom_components.smart_window.inputs import ClimateRuns, Surroundings
from custom_components.smart_window.settings import AiringRule, HubSettings, Mode, WindowSettings
from custom_components.smart_window.window import Window

_BLOCK = 500
_HOUSE = HubSettings(quiet=True, quiet_begin=1380.0, quiet_end=300.0, band_min=5.0, band_max=95.0)
_OWN = WindowSettings(
    band_max=90.0, night_position=30.0, away_position=10.0, airing=AiringRule.BURSTS, lock=Lock.CHILD, volume_m3=40.0
)
_CALM = Surroundings(
    outdoor_temperature=14.0,
    outdoor_humidity=70.0,
    wind_speed=4.0,
    gust_speed=7.0,
    rain=False,
    rain_soon_s=9000.0,
    hail=False,
    alarms=(),
    co2=1150.0,
    voc=400.0,
    pm25=8.0,
    room_temperature=24.0,
    room_humidity=55.0,
    noise=58.0,
    occupied=True,
    contact=False,
    climate=ClimateRuns.NONE,
    anybody_home=True,
    running_mean=13.0,
    local_minute=720.0,
)


def main() -> int:
    """Run it; the figures go to standard output."""
    parser = argparse.ArgumentParser(prog="./scripts/bench decide", description=__doc__)
    parser.add_argument("--blocks", type=int, default=60, help=f"blocks of {_BLOCK} decisions")
    blocks: int = parser.parse_args().blocks
    window, service = _window(), ServiceView(ServiceState.READY)
    snapshots = [window.snapshot(100.0 + step, service) for step in range(8)]
    figures = {
        "us_per_decision": _timed(lambda number: decide(snapshots[number % 8]), blocks),
        "us_per_turn": _timed(lambda number: window.decide(100.0 + number % 8, service), blocks),
    }
    _check(decide(snapshots[0]), snapshots[0])
    rounded = {name: round(value, 2) for name, value in figures.items()}
    print(json.dumps(rounded | {"rules": len(RULES), "decisions": blocks * _BLOCK}))
    return 0


def _window() -> Window:
    """A window in full life: everything chosen, everything set, and the plain rule on duty."""
    window = Window("bench", "home", _HOUSE, mode=Mode.AUTOMATIC, own=_OWN)
    state = State("s", 1, None, 30.0, 30.0, Operation.IDLE, rain=False, obstacle=False, fault=None)
    window.apply(Guard("home", machines=True, min=5, max=90, lock=Lock.CHILD, rain_position=0, microphone=True), 0, 0)
    window.apply(state, 0.0, 0.0)
    window.surround(_CALM, 0.0)
    window.apply(state, 60.0, 60.0)
    window.apply(Temperature(24.0), 60.0, 60.0)
    decision = window.decide(61.0, ServiceView())
    if decision.guard is not None:
        window.guard_sent(decision.guard, 61.0)
    window.ask("q", window.decide(64.0, ServiceView()), 64.0, 64.0, _context())
    window.tick(80.0, 80.0)  # nobody answers: the plain rule comes on duty
    return window


def _context() -> Context:
    return Context(hour=12.0)


def _timed(work: Callable[[int], Decision], blocks: int) -> float:
    """The median of the blocks, microseconds of this process's time for one call."""
    took: list[float] = []
    for _ in range(blocks):
        began = time.process_time_ns()
        for number in range(_BLOCK):
            work(number)
        took.append((time.process_time_ns() - began) / _BLOCK / 1000)
    return median(took)


def _check(decision: Decision, snapshot: Snapshot) -> None:
    """The figure is worth something only where every rule had its say, and the plain rule did its sum."""
    if len(decision.trace) != len(RULES) or not snapshot.on_duty or not decision.grant.act:
        raise RuntimeError(f"the decision is not the one that was to be timed: {decision}")


if __name__ == "__main__":
    sys.exit(main())
