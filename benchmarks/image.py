"""The service's container image: its size, how soon it is ready, its memory, beside the same service without one.

Prints one JSON object: unpacked_mb (the image, MB of 10^6 bytes), ready_s (median, from start to `ready` on the
broker), rss_mb (highest resident memory while 5 s clips are answered), answered, and the rival's (the service in .venv-
ml on the same machine) host_ready_s and host_rss_mb with ratio_ready and ratio_rss: the container's divided by the
rival's.
"""

import argparse
import base64
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from simulator.sounds import RATE, SoundKind, clip
from stack import image
from stack.broker import Broker, BrokerSettings
from stack.console import run_until_told
from stack.json_shape import optional_text
from stack.ports import LOOPBACK, free_ports
from stack.process import interpreter
from stack.service import InferenceService, ServiceSettings
from stack.tap import Heard, Tap

ROOT = Path(__file__).parents[1]
_CLIP_S = 5.0
_LIMIT_S = 120.0
_MB = 1e6


def main() -> int:
    """Run it; the figures go to standard output, what happens to standard error."""
    parser = argparse.ArgumentParser(prog="./scripts/bench image", description=__doc__)
    parser.add_argument("--starts", type=int, default=3, help="how often each is started")
    parser.add_argument("--clips", type=int, default=40, help="clips that each start answers")
    chosen = parser.parse_args()
    return run_until_told(lambda: _run(chosen.starts, chosen.clips))


@dataclass(frozen=True, slots=True)
class _Start:
    """What one start came to."""

    ready_s: float
    resident: int


async def _run(starts: int, clips: int) -> int:
    print("building the image, where it is not there", file=sys.stderr, flush=True)
    await image.build(ROOT)
    inside: list[_Start] = []
    outside: list[_Start] = []
    with tempfile.TemporaryDirectory(prefix="smart-window-bench-") as made:
        folder = Path(made)
        (port,) = free_ports(1, Random())
        broker = Broker(BrokerSettings(folder / "broker", port))
        await broker.start()
        try:
            for number in range(starts):
                inside.append(await _in_container(folder, port, f"bench-{number}", clips))
                outside.append(await _on_the_host(folder, port, f"host-{number}", clips))
        finally:
            await broker.stop()
    ready, host_ready = (median(start.ready_s for start in each) for each in (inside, outside))
    rss, host_rss = (max(start.resident for start in each) / _MB for each in (inside, outside))
    figures = {
        "unpacked_mb": await image.unpacked_bytes(ROOT) / _MB,
        "ready_s": ready,
        "rss_mb": rss,
        "answered": clips * starts,
        "host_ready_s": host_ready,
        "host_rss_mb": host_rss,
        "ratio_ready": ready / host_ready,
        "ratio_rss": rss / host_rss,
    }
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
    return 0


async def _in_container(folder: Path, port: int, name: str, clips: int) -> _Start:
    settings = {"SMART_WINDOW_MQTT_HOST": LOOPBACK, "SMART_WINDOW_MQTT_PORT": str(port)}
    async with Tap(LOOPBACK, port) as tap, image.running(ROOT, name, settings, folder / f"{name}.log"):
        return await _measure(tap, name, clips, time.monotonic())


async def _on_the_host(folder: Path, port: int, name: str, clips: int) -> _Start:
    (folder / name).mkdir()
    service = InferenceService(
        ServiceSettings(ROOT, folder / name, interpreter(ROOT / ".venv-ml", "ml"), LOOPBACK, port, instance=name)
    )
    async with Tap(LOOPBACK, port) as tap:
        began = time.monotonic()
        await service.start()
        try:
            return await _measure(tap, name, clips, began)
        finally:
            await service.stop()


async def _measure(tap: Tap, name: str, clips: int, began: float) -> _Start:
    await tap.heard(f"{name} is ready", lambda said: _says_ready(said, name), _LIMIT_S)
    ready_s = time.monotonic() - began
    most = 0
    for number in range(clips):
        asked = f"{name}-{number}"
        await tap.publish(f"ml/inference/request/{name}", _question(asked, number))
        await tap.heard(f"the answer to {asked}", partial(_answers, asked), _LIMIT_S)
        most = max(most, image.resident_bytes(name))
    return _Start(ready_s, most)


def _says_ready(said: Heard, name: str) -> bool:
    return said.topic == f"ml/status/{name}" and optional_text(said.content, "state") == "ready"


def _answers(asked: str, said: Heard) -> bool:
    is_answer = said.topic.startswith("ml/inference/response/")
    return is_answer and said.content.get("correlation_id") == asked and said.content.get("error") is None


def _question(asked: str, seed: int) -> bytes:
    samples = clip(SoundKind.STREET_LOUD, _CLIP_S, seed)
    sound = {
        "format": "pcm_s16le", "sample_rate": RATE, "channels": 1, "data": base64.b64encode(samples.tobytes()).decode(),
    }  # fmt: skip
    grant = {"act": False, "min": 0, "max": 100, "min_confidence": 1, "ttl_s": 60}
    return json.dumps(
        {"contract": 1, "correlation_id": asked, "temperature": 23, "humidity": 50, "audio": sound, "grant": grant}
    ).encode()


if __name__ == "__main__":
    sys.exit(main())
