"""The command line: scripts/simulate devices, temperature, humidity, audio, monitor."""

import argparse
import asyncio
import logging
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from math import nan
from pathlib import Path

import aiomqtt

from .broker import Endpoint, default_endpoint
from .errors import SimulatorError
from .fields import DEVICE_ID
from .fleet import run_fleet
from .monitor import monitor
from .profile import WindowProfile, invent, read_profile
from .publishers import ClipForm, audio, publish, reading
from .sounds import SoundKind, sound_named

_ENDPOINTS = Path(__file__).parents[1] / ".demo" / "endpoints.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S", level=logging.WARNING)
    try:
        asyncio.run(_until_signal(_work(options, _endpoint(options))))
    except SimulatorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except aiomqtt.MqttError as error:
        print(f"error: the connection to the broker ended: {error}", file=sys.stderr)
        return 1
    return 0


async def _until_signal(work: Coroutine[object, object, None]) -> None:
    """Run until done, or until Ctrl-C or SIGTERM: that is an orderly end."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()


def _work(options: argparse.Namespace, endpoint: Endpoint) -> Coroutine[object, object, None]:
    match options.command:
        case "devices":
            return run_fleet(_windows(options), endpoint)
        case "monitor":
            return monitor(endpoint)
        case "temperature" | "humidity" as kind:
            unit = "°C" if kind == "temperature" else "%"
            return publish(reading(options.device, kind, unit, options.value), endpoint, options.every, time.time)
        case _:
            sound = sound_named(str(options.wav) if options.wav else options.sound)
            post = audio(options.device, sound, options.seconds, options.form, options.seed)
            return publish(post, endpoint, options.every, time.time)


def _windows(options: argparse.Namespace) -> list[WindowProfile]:
    if options.profile:
        return read_profile(options.profile)
    template = WindowProfile("window", "Window", sound=sound_named(options.sound), seed=options.seed)
    template = replace(
        template,
        interval=options.interval,
        clip_interval=options.clip_interval,
        setup=replace(template.setup, travel_s=options.travel_s),
    )
    names = [name.strip() for name in options.names.split(",") if name.strip()]
    return invent(max(options.count or len(names) or 1, len(names)), names, template)


def _endpoint(options: argparse.Namespace) -> Endpoint:
    if options.host is not None and options.port is not None:
        return Endpoint(options.host, options.port)
    found = Endpoint() if options.host is not None else default_endpoint(_ENDPOINTS)
    return Endpoint(options.host or found.host, options.port or found.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("scripts/simulate", description="Virtual windows on a real MQTT broker.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    sounds = "a sound (" + ", ".join(SoundKind) + ") or a .wav file"

    devices = commands.add_parser("devices", help="windows that report, obey and move")
    devices.add_argument("--profile", type=Path, help="YAML or JSON file: a list of windows; see simulator/README.md")
    devices.add_argument("--count", type=_whole(1, 10_000), help="how many, when there is no profile (default 1)")
    devices.add_argument("--names", default="", help="their names, with commas between")
    devices.add_argument("--sound", default=SoundKind.STREET_QUIET, help=f"what they hear: {sounds}")
    devices.add_argument("--interval", type=_within(0, 86_400), default=5.0, help="seconds between readings; 0: never")
    devices.add_argument(
        "--clip-interval", type=_within(0, 86_400), default=30.0, help="seconds between clips; 0: none"
    )
    devices.add_argument("--travel-s", type=_within(0.1, 600), default=20.0, help="seconds of the sash's whole way")
    devices.add_argument("--seed", type=_whole(0, 2**32 - 1), default=0, help="of the sounds")

    for kind, unit, low, high in (("temperature", "°C", -60, 85), ("humidity", "percent", 0, 100)):
        single = commands.add_parser(kind, help=f"publish a {kind}")
        single.add_argument("--value", type=_within(low, high), required=True, help=f"in {unit}")
        _add_single(single)

    clips = commands.add_parser("audio", help="publish a clip")
    what = clips.add_mutually_exclusive_group()
    what.add_argument("--wav", type=Path, help="a PCM WAV file")
    what.add_argument("--sound", default=SoundKind.STREET_QUIET, help=sounds)
    clips.add_argument("--seconds", type=_within(0.25, 20), default=5.0, help="how long")
    clips.add_argument("--form", type=ClipForm, choices=list(ClipForm), default=ClipForm.WAV, help="how it goes out")
    clips.add_argument("--seed", type=_whole(0, 2**32 - 1), default=0, help="of the sound")
    _add_single(clips)

    commands.add_parser("monitor", help="print every control message and its result")
    for command in commands.choices.values():
        command.add_argument("--host", help="of the broker (default: the running demo's, else localhost)")
        command.add_argument("--port", type=_whole(1, 65_535), help="of the broker (default 1883)")
    return parser


def _add_single(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", type=_device_id, required=True, help="the window's id")
    parser.add_argument("--every", type=_within(0.01, 86_400), help="again after so many seconds, until Ctrl-C")


def _device_id(text: str) -> str:
    if not DEVICE_ID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r}: expected 1 to 64 of a-z 0-9 _ - that begin with a letter or digit")
    return text


def _within(low: float, high: float) -> Callable[[str], float]:
    """Return a reader of numbers between two others, both included."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = nan
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text!r}: expected a number from {low:g} to {high:g}")
        return number

    return read


def _whole(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers between two others, both included."""

    def read(text: str) -> int:
        number = _within(low, high)(text)
        if not number.is_integer():
            raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from {low} to {high}")
        return int(number)

    return read
