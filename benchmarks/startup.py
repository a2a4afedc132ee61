"""How long the integration takes to start with ten windows in the real Home Assistant, and to be imported.

Prints one JSON object.

- setup_ms: from the order to load the entry anew until all ten covers are there again; its modules are loaded; median.
- import_ms, import_ms_core_mqtt: the import of `custom_components.smart_window` and of Home Assistant's own
  `homeassistant.components.mqtt`, in fresh processes that take turns, where Home Assistant's core is loaded, as it is
  whenever it loads an integration; medians. `ratio` of the two.
- import_all_ms: all that the integration then loads in a thread beside the event loop (hub, platforms, flows), once
  mqtt is there, which it depends on; `ratio_all` of that.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from stack.console import run_until_told
from stack.demo import settings
from stack.home_assistant.home import Home
from stack.json_shape import as_objects, text
from stack.stack import Stack
from stack.waiting import until
from stack.windows import WindowProfile

_ROOT = Path(__file__).parents[1]
_WINDOWS = 10
_CORE = ("homeassistant.core", "homeassistant.config_entries", "homeassistant.helpers.config_validation")
_OURS = "custom_components.smart_window"
_MQTT = "homeassistant.components.mqtt"
_PLATFORMS = ("binary_sensor", "button", "cover", "event", "number", "select", "sensor", "switch")
_ALL = tuple(f"{_OURS}.{name}" for name in ("lifetime", "config_flow", *_PLATFORMS))
_TIMED = """
import importlib, sys, time
before, timed = sys.argv[1].split(","), sys.argv[2].split(",")
for name in before: importlib.import_module(name)
began = time.perf_counter()
for name in timed: importlib.import_module(name)
print((time.perf_counter() - began) * 1000)
"""


def main() -> int:
    """Run it; the figures go to standard output, what happens to standard error."""
    parser = argparse.ArgumentParser(prog="./scripts/bench startup", description=__doc__)
    parser.add_argument("--imports", type=int, default=7, help="fresh processes for each figure")
    parser.add_argument("--reloads", type=int, default=5)
    chosen = parser.parse_args()
    return run_until_told(lambda: _run(chosen.imports, chosen.reloads))


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


async def _run(imports: int, reloads: int) -> int:
    figures = _import_figures(imports)
    _say(f"imports: {figures}")
    figures["setup_ms"] = await _setup_ms(reloads)
    print(json.dumps({name: round(value, 3) for name, value in figures.items()} | {"windows": _WINDOWS}))
    return 0


def _import_figures(times: int) -> dict[str, float]:
    ours: list[float] = []
    mqtt: list[float] = []
    everything: list[float] = []
    for _ in range(times):
        mqtt.append(_import_ms(_CORE, (_MQTT,)))
        ours.append(_import_ms(_CORE, (_OURS,)))
        everything.append(_import_ms((*_CORE, _MQTT), _ALL))
    core = median(mqtt)
    return {
        "import_ms": median(ours),
        "import_ms_core_mqtt": core,
        "import_all_ms": median(everything),
        "ratio": median(ours) / core,
        "ratio_all": median(everything) / core,
    }


def _import_ms(before: Sequence[str], timed: Sequence[str]) -> float:
    words = [sys.executable, "-c", _TIMED, ",".join(before), ",".join(timed)]
    return float(subprocess.run(words, check=True, capture_output=True, text=True, cwd=_ROOT).stdout)


async def _setup_ms(times: int) -> float:
    profiles = tuple(
        WindowProfile(f"w{number}", f"Window {number}", "Home", {"position": 30, "interval": 60, "clip_interval": 0})
        for number in range(_WINDOWS)
    )
    with tempfile.TemporaryDirectory(prefix="smart-window-bench-") as folder:
        async with Stack(replace(settings(Path(folder), profiles), log_level="warning"), _say) as stack:
            home = stack.home
            covers = [(await home.window(one.id)).entity("cover", "cover").entity_id for one in profiles]
            await until("all ten windows", lambda: _all_there(home, covers), 60)
            [entry] = as_objects(await home.socket.ask("config_entries/get", domain="smart_window"), "entries")
            path = f"/api/config/config_entries/entry/{text(entry, 'entry_id', 'entry')}/reload"
            laps: list[float] = []
            for _ in range(times):
                began = time.perf_counter()
                await home.rest.post(path)
                await _until_all_there(home, covers)
                laps.append((time.perf_counter() - began) * 1000)
    _say(f"reloads: {[round(lap) for lap in laps]} ms")
    return median(laps)


async def _until_all_there(home: Home, covers: Sequence[str]) -> None:
    async with asyncio.timeout(60):
        while not await _all_there(home, covers):  # noqa: ASYNC110 - each look is a request of its own
            await asyncio.sleep(0.005)


async def _all_there(home: Home, covers: Sequence[str]) -> bool:
    states = {
        text(one, "entity_id", "a state"): one for one in as_objects(await home.rest.get("/api/states"), "states")
    }
    return all(cover in states and text(states[cover], "state", cover) == "open" for cover in covers)


if __name__ == "__main__":
    sys.exit(main())
