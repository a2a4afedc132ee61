"""The firmware's core: time of a tick and of a command, bytes of state, a clip's arithmetic, and its way out.

Prints one JSON object:
- ns_per_tick; us_per_command and us_per_command_python (payload → decision → result and state, the same commands on
  the virtual window's Python core in one run), ratio_to_python
- bytes_ram_core (sizeof of all state), bytes_feature_room (tables and frames, beside the clip's buffer)
- clip_latency_ms (median: last sample heard → last chunk at a subscriber on loopback, from the firmware on
  Linux), features_latency_ms (end of the clip → its features there)
- operations_per_clip (counted floating-point operations), and what they are of one 160 MHz core over its
  interval: load_percent_fpu (ESP32, ESP32-S3), load_percent_c3 (in software), load_percent_c3_short (clips of 1.5 s)
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from firmware.host.program import linux_program
from firmware.host.window import LinuxWindowSettings, linux_window
from simulator.device import Device, Setup
from simulator.device.inputs import Connect, ControlArrives, GuardArrives
from simulator.messages import decode_control, decode_guard, encode_result, encode_state
from simulator.sounds import RATE, SoundKind, clip
from simulator.wav import wav_bytes
from stack.broker import Broker, BrokerSettings
from stack.console import run_until_told
from stack.ports import free_ports
from stack.tap import Heard, Tap
from tests.firmware.build import build

_ROOT = Path(__file__).parents[1]
_NATIVE = Path(__file__).with_name("native") / "firmware.cpp"
_OPTIMISED = ("-O2",)
_CLIP_S, _SHORT_CLIP_S, _INTERVAL_S = 5.0, 1.5, 60.0
_CORE_HZ = 160e6
_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Cycles:
    """What one operation is taken to cost, its loads, stores and counting included: assumed, on the high side."""

    sum: float
    product: float
    quotient: float
    root: float
    logarithm: float
    comparison: float


# An LX6 or LX7 adds and multiplies in hardware; division, roots and logarithms are sequences.
FPU = Cycles(sum=10, product=10, quotient=100, root=100, logarithm=1000, comparison=10)
# A C3 does all of it in libgcc's and newlib's routines.
SOFTWARE = Cycles(sum=90, product=80, quotient=300, root=600, logarithm=5000, comparison=50)


def main() -> int:
    """Run it; the figures go to standard output, what happens to standard error."""
    parser = argparse.ArgumentParser(prog="./scripts/bench firmware", description=__doc__)
    parser.add_argument("--clips", type=int, default=5, help="clips timed of each kind; each takes 5 s")
    chosen = parser.parse_args()
    return run_until_told(lambda: _run(chosen.clips))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


async def _run(clips: int) -> int:
    _say("building the core's benchmark and the firmware for Linux")
    native = await asyncio.to_thread(build, _NATIVE, _OPTIMISED)
    program = await asyncio.to_thread(linux_program, _ROOT)
    long, short = _figures(native, _CLIP_S), _figures(native, _SHORT_CLIP_S)
    python_us = _python_us_per_command()
    with tempfile.TemporaryDirectory(prefix="smart-window-bench-") as folder:
        for name in ("sound", "features"):
            (Path(folder) / name).mkdir()
        sound_ms = await _latency_ms(program, Path(folder) / "sound", clips, sends_sound=True)
        features_ms = await _latency_ms(program, Path(folder) / "features", clips, sends_sound=False)
    figures = {
        "ns_per_tick": long["ns_per_tick"],
        "us_per_command": long["us_per_command"],
        "us_per_command_python": round(python_us, 3),
        "ratio_to_python": round(long["us_per_command"] / python_us, 4),
        "bytes_ram_core": int(long["bytes_ram_core"]),
        "bytes_feature_room": int(long["bytes_feature_room"]),
        "clip_latency_ms": round(sound_ms, 1),
        "features_latency_ms": round(features_ms, 1),
        "operations_per_clip": int(sum(long[name] for name in _COUNTED)),
        "load_percent_fpu": round(_load_percent(long, FPU), 2),
        "load_percent_c3": round(_load_percent(long, SOFTWARE), 2),
        "load_percent_c3_short": round(_load_percent(short, SOFTWARE), 2),
        "ms_per_clip_features": long["ms_per_clip_features"],
    }
    print(json.dumps(figures))
    return 0


_COUNTED = ("sums", "products", "quotients", "roots", "logarithms", "comparisons")


def _figures(program: Path, seconds: float) -> dict[str, float]:
    done = subprocess.run([program, str(seconds)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return {name: float(value) for name, value in map(str.split, done.stdout.decode().splitlines())}


def _load_percent(counted: dict[str, float], cost: Cycles) -> float:
    cycles = (
        counted["sums"] * cost.sum
        + counted["products"] * cost.product
        + counted["quotients"] * cost.quotient
        + counted["roots"] * cost.root
        + counted["logarithms"] * cost.logarithm
        + counted["comparisons"] * cost.comparison
    )
    return 100 * cycles / (_CORE_HZ * _INTERVAL_S)


def _python_us_per_command(count: int = 5000) -> float:
    device = Device(Setup(position=0.0))
    device.handle(Connect("0123456789abcdef"), 0.0)
    guard = decode_guard(
        b'{"hub":"hub","machines":true,"min":0,"max":100,"lock":"none","rain_position":0,"microphone":true}'
    )
    if guard is None:
        raise ValueError("the guard of this benchmark does not fit the contract")
    device.handle(GuardArrives(guard, retained=False), 0.0)
    spent = 0.0
    for number in range(count):
        now = 1 + number * 1e-4
        command = {
            "position": number % 101,
            "source": "ml",
            "command_id": f"c{number}",
            "session": "0123456789abcdef",
            "rev": device.state().rev - (number % 4 == 0),
            "confidence": 0.86,
            "model_version": "v0",
            "ts": 1795000000.25,
        }
        payload = json.dumps(command).encode()
        began = time.perf_counter()
        output = device.handle(ControlArrives(decode_control(payload), retained=False), now)
        if output.result is not None:
            encode_result(output.result, 1.0)
        encode_state(device.state(), 1.0)
        spent += time.perf_counter() - began
    return spent / count * 1e6


async def _latency_ms(program: Path, folder: Path, clips: int, *, sends_sound: bool) -> float:
    """Return the median of clip after clip, from a window that does nothing else."""
    (port,) = free_ports(1, Random())
    broker = Broker(BrokerSettings(folder / "broker", port))
    sound = folder / "sound.wav"
    sound.write_bytes(wav_bytes(clip(SoundKind.STREET_LOUD, _CLIP_S, 0), RATE))
    window = linux_window(
        LinuxWindowSettings(
            program,
            folder / "window",
            "bench",
            "Bench window",
            broker.host,
            port,
            wav=sound,
            interval=0,
            clip_interval=0,
            sends_sound=sends_sound,
        )
    )
    await broker.start()
    try:
        async with Tap(broker.host, port) as tap:
            await window.start()
            await tap.heard("online", lambda heard: heard.payload == b"online", _WITHIN_S)
            return median([await _lap_ms(tap) for _ in range(clips)])
    finally:
        await window.stop()
        await broker.stop()


async def _lap_ms(tap: Tap) -> float:
    mark, asked = tap.mark, time.time()
    await tap.publish("bench/bench/record", {})
    last = await tap.heard("a whole clip", _is_last, _WITHIN_S, mark)
    arrived = time.time()
    # A chunk says when its clip began; features do not, and begin at once when they are asked for.
    began = int.from_bytes(last.payload[20:28], "little") / 1000 if last.payload.startswith(b"SWA1") else asked
    return (arrived - began - _CLIP_S) * 1000


def _is_last(message: Heard) -> bool:
    if message.topic != "sensor/bench/audio":
        return False
    if not message.payload.startswith(b"SWA1"):
        return True
    seq, count = (int.from_bytes(message.payload[at : at + 2], "little") for at in (8, 10))
    return seq + 1 == count


if __name__ == "__main__":
    sys.exit(main())
