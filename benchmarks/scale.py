"""A thousand windows on one Home Assistant, and questions with a 5 s clip to one service and to two.

Prints one JSON object. Windows: messages_per_s that Home Assistant holds, recording on; longest_callback_ms, the thread
CPU time of its event loop's longest callback meanwhile, without Python's collections of garbage, told as
collecting_ms; adopt_s and longest_callback_adopting_ms, while they all appear at once;
caught_up_s, until what they said meanwhile was dealt with. Questions: requests_per_s_1 and
requests_per_s_2, one service and two that share them, as fast as they answer; p99_ms_at_half_load, by one; lost and
answered_twice, over all phases.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from benchmarks._scale_questions import Asker, Tally
from benchmarks._scale_windows import Held, hold
from stack.broker import Broker, BrokerSettings
from stack.console import run_until_told
from stack.demo import ROOT
from stack.ports import free_ports
from stack.process import interpreter
from stack.service import InferenceService, ServiceSettings
from stack.tap import Tap

_ASKERS = 200
_OUT = 8  # questions out per service: enough that it never waits for the next one


def main() -> int:
    """Run it; the figures go to standard output, what happens to standard error."""
    parser = argparse.ArgumentParser(prog="./scripts/bench scale", description=__doc__)
    parser.add_argument("--windows", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long they are held")
    parser.add_argument("--questions", type=float, default=15.0, help="seconds of each phase of questions")
    parser.add_argument("--only", choices=("windows", "questions"), help="one of the two parts")
    chosen = parser.parse_args()
    return run_until_told(lambda: _run(chosen))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


async def _run(chosen: argparse.Namespace) -> int:
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="smart-window-bench-") as folder:
        if chosen.only != "windows":
            figures |= await _questions(Path(folder) / "questions", chosen.questions)
        if chosen.only != "questions":
            held = await hold(Path(folder) / "windows", chosen.windows, chosen.seconds, _say)
            for what, watched in (("appearing", held.adopting), ("held", held.holding)):
                _say(f"longest callbacks, {what}: {'; '.join(map(str, watched.longest))}")
            figures |= {"windows": chosen.windows, **_of_windows(held)}
    print(json.dumps({name: round(value, 2) for name, value in figures.items()}))
    return 0


def _of_windows(held: Held) -> Mapping[str, float]:
    return {
        "messages_per_s": held.messages_per_s,
        "longest_callback_ms": held.holding.longest[0].ms,
        "collecting_ms": held.holding.collecting_ms,
        "adopt_s": held.adopt_s,
        "caught_up_s": held.caught_up_s,
        "longest_callback_adopting_ms": held.adopting.longest[0].ms,
        "cpu_share": held.cpu_share,
        "rss_mb": held.rss_mb,
    }


async def _questions(folder: Path, seconds: float) -> Mapping[str, float]:
    (port,) = free_ports(1, Random())
    async with AsyncExitStack() as parts:
        broker = Broker(BrokerSettings(folder / "broker", port))
        await broker.start()
        parts.push_async_callback(broker.stop)
        python = interpreter(ROOT / ".venv-ml", "ml")
        quiet = {"SMART_WINDOW_LOG_LEVEL": "warning", "OMP_NUM_THREADS": "1"}
        first = ServiceSettings(ROOT, folder / "service", python, broker.host, port, "scale", quiet)
        tap = await parts.enter_async_context(Tap(broker.host, port, ("ml/status/#",)))
        asker = await parts.enter_async_context(Asker(broker.host, port, _ASKERS))
        await _serve(parts, tap, first)
        await asker.as_fast_as_answered(2.0, _OUT)  # warm
        one = await asker.as_fast_as_answered(seconds, _OUT)
        _say(f"one service: {one.per_second:.1f} requests/s")
        half = await asker.at_a_pace(seconds, one.per_second / 2)
        _say(f"at half of that: p99 {_p99(half):.1f} ms")
        await _serve(parts, tap, first.another(2))
        await asker.as_fast_as_answered(2.0, 2 * _OUT)
        two = await asker.as_fast_as_answered(seconds, 2 * _OUT)
        _say(f"two services: {two.per_second:.1f} requests/s")
    phases = (one, half, two)
    for phase in phases:
        if phase.errors:
            _say(f"answered with an error: {dict(phase.errors)}")
    return {
        "requests_per_s_1": one.per_second,
        "requests_per_s_2": two.per_second,
        "p99_ms_at_half_load": _p99(half),
        "lost": sum(phase.lost for phase in phases),
        "answered_twice": sum(phase.answered_twice for phase in phases),
    }


async def _serve(parts: AsyncExitStack, tap: Tap, settings: ServiceSettings) -> None:
    service = InferenceService(settings)
    await service.start()
    parts.push_async_callback(service.stop)
    await service.ready(tap)


def _p99(tally: Tally) -> float:
    """The nearest rank."""
    ordered = sorted(tally.waits_ms)
    return ordered[-(-99 * len(ordered) // 100) - 1]


if __name__ == "__main__":
    sys.exit(main())
