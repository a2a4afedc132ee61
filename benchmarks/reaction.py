"""From the last chunk of a 5 s clip to the command at the window, on all the real parts, beside plain librosa calls.

Prints one JSON object: p50_ms, p99_ms (last chunk leaves the window → command arrives there), ha_ms (→ question seen),
audio_ms and model_ms (the service's own), transport_ms (the rest), ready_s (service, from exec), rss_mb (service) and
ratio_to_naive: the median with `features.backend: librosa` divided by ours, in blocks that alternate in one run.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks._stopwatch import Lap, StopwatchWindow, medians
from simulator.sounds import SoundKind
from stack.console import run_until_told
from stack.demo import settings
from stack.json_shape import JsonObject
from stack.profiles import SCENE_ADVISE
from stack.service import InferenceService
from stack.stack import Stack
from stack.tap import Tap

_WINDOW = "stopwatch"
_CLIP_S = 5.0
_WARM_UP = 5
_NAIVE = {"SMART_WINDOW_FEATURES_BACKEND": "librosa"}
_EAGER: dict[str, JsonObject] = {
    "questions": {"min_interval_s": 0},
    "advanced": {"settle_s": 0, "shortest_pause_s": 0, "moves_per_hour": 3600, "moves_per_day": 86400},
}


def main() -> int:
    """Run it; the figures go to standard output, what happens to standard error."""
    parser = argparse.ArgumentParser(prog="./scripts/bench reaction", description=__doc__)
    parser.add_argument("--laps", type=int, default=200, help="clips timed with ours (half as many with librosa)")
    parser.add_argument("--blocks", type=int, default=2, help="how often the two services take turns")
    chosen = parser.parse_args()
    return run_until_told(lambda: _run(chosen.laps, chosen.blocks))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


async def _run(laps: int, blocks: int) -> int:
    ours: list[Lap] = []
    naive: list[Lap] = []
    ready: list[float] = []
    rss: list[float] = []
    with tempfile.TemporaryDirectory(prefix="smart-window-bench-") as folder:
        chosen = replace(settings(Path(folder), (SCENE_ADVISE,)), options=_EAGER, log_level="warning")
        async with Stack(chosen, _say) as stack:
            await stack.service.stop()
            async with StopwatchWindow(stack.broker.host, stack.broker.port, _WINDOW) as window:
                await _set_automatic(stack)
                await window.measure(25.0, 50.0)
                for block in range(blocks):
                    async with _service(stack, {}) as (service, seconds):
                        ready.append(seconds)
                        ours += await _laps(window, laps // blocks)
                        rss.append(_rss_mb(service))
                    _say(f"block {block + 1} of {blocks}: ours, {len(ours)} laps so far")
                    async with _service(stack, _NAIVE):
                        naive += await _laps(window, laps // blocks // 2)
                    _say(f"block {block + 1} of {blocks}: librosa, {len(naive)} laps so far")
    print(json.dumps(_figures(ours, naive, ready, rss)))
    return 0


def _figures(ours: list[Lap], naive: list[Lap], ready: list[float], rss: list[float]) -> Mapping[str, float]:
    p50, p99 = medians([lap.reaction_ms for lap in ours])
    figures = {
        "p50_ms": p50,
        "p99_ms": p99,
        "ha_ms": median(lap.asked_ms for lap in ours),
        "audio_ms": median(lap.service.get("decode", 0.0) + lap.service.get("features", 0.0) for lap in ours),
        "model_ms": median(lap.service.get("model", 0.0) for lap in ours),
        "transport_ms": median(lap.reaction_ms - lap.asked_ms - lap.service_ms for lap in ours),
        "ready_s": median(ready),
        "rss_mb": max(rss),
        "ratio_to_naive": median(lap.reaction_ms for lap in naive) / p50,
    }
    return {name: round(value, 2) for name, value in figures.items()} | {"laps": len(ours), "laps_naive": len(naive)}


async def _laps(window: StopwatchWindow, count: int) -> list[Lap]:
    """Time `count` clips after some that warm everything up.

    All are of a loud street: a window that is sent back and forth every second is rightly held back.
    """
    laps = [await window.lap(SoundKind.STREET_LOUD, _CLIP_S, number % 4) for number in range(_WARM_UP + count)]
    return laps[_WARM_UP:]


async def _set_automatic(stack: Stack) -> None:
    found = await stack.home.window(_WINDOW)
    await stack.home.choose(found.entity("select", "mode").entity_id, "automatic")


@asynccontextmanager
async def _service(stack: Stack, more: Mapping[str, str]) -> AsyncIterator[tuple[InferenceService, float]]:
    """Run a service of its own, and say how long it took from exec to `ready`."""
    service = InferenceService(replace(stack.service.settings, instance="bench", more=more))
    async with Tap(stack.broker.host, stack.broker.port, ("ml/status/bench",)) as tap:
        since = tap.mark
        began = time.monotonic()
        await service.start()
        try:
            await service.ready(tap, since)
            yield service, time.monotonic() - began
        finally:
            await service.stop()


def _rss_mb(service: InferenceService) -> float:
    status = Path(f"/proc/{service.child.pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    if found is None:
        raise RuntimeError("the kernel tells no VmRSS")
    return int(found.group(1)) / 1024


if __name__ == "__main__":
    sys.exit(main())
